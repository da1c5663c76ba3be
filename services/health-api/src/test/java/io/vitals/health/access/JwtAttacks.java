package io.vitals.health.access;

import com.nimbusds.jose.jwk.RSAKey;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Access tokens that nobody may accept, each made from a good one by one change. */
final class JwtAttacks {
    static final String ISSUER = "http://localhost:9";
    static final String HEADER = "{\"alg\":\"RS256\",\"kid\":\"k1\",\"typ\":\"at+jwt\"}";

    private final RSAKey ours;
    private final RSAKey foreign;
    private final Instant now;
    private final Map<String, String> attacks = new LinkedHashMap<>();

    JwtAttacks(RSAKey ours, RSAKey foreign, Instant now) {
        this.ours = ours;
        this.foreign = foreign;
        this.now = now;
    }

    /** What all others are made from. */
    String good() {
        return signed(HEADER, claims(""), ours);
    }

    /** Name and token. */
    Map<String, String> all() {
        algorithms();
        headers();
        keyIds();
        signatures();
        structures();
        claims();
        return attacks;
    }

    private void algorithms() {
        for (String none : List.of("none", "None", "NONE", "nOnE", "", "null")) {
            String header = HEADER.replace("RS256", none);
            add("alg " + none + " without signature", b64(header) + "." + b64(claims("")) + ".");
            add("alg " + none + " with ours", signed(header, claims(""), ours));
        }
        add("alg missing", signed("{\"kid\":\"k1\",\"typ\":\"at+jwt\"}", claims(""), ours));
        add("alg null", signed("{\"alg\":null,\"kid\":\"k1\",\"typ\":\"at+jwt\"}", claims(""), ours));
        add("alg a list", signed("{\"alg\":[\"RS256\"],\"kid\":\"k1\",\"typ\":\"at+jwt\"}", claims(""), ours));
        for (String other : List.of(
                "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "EdDSA", "rs256", "RS256 ", "RSA1_5", "dir")) {
            add("alg " + other + " over an RS256 signature", signed(HEADER.replace("RS256", other), claims(""), ours));
        }
        byte[] der = der();
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Map<String, byte[]> secrets = new LinkedHashMap<>();
        secrets.put("DER of our key", der);
        secrets.put("PEM of our key", text("-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n"));
        secrets.put(
                "PEM without last line end",
                text("-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----"));
        secrets.put("JWK of our key", text(ours.toPublicJWK().toJSONString()));
        secrets.put("modulus", ours.getModulus().decode());
        secrets.put("modulus as text", text(ours.getModulus().toString()));
        secrets.put("key id", text("k1"));
        secrets.put("one zero byte", new byte[1]);
        for (String mac : List.of("256", "384", "512")) {
            secrets.forEach((name, secret) -> add("HS" + mac + " with " + name, mac("HS" + mac, secret)));
        }
    }

    private void headers() {
        String foreignKey = foreign.toPublicJWK().toJSONString();
        for (String extra : List.of(
                "\"jwk\":" + foreignKey,
                "\"jku\":\"http://evil.test/jwks\"",
                "\"jku\":\"http://localhost:9/jwks\"",
                "\"x5u\":\"http://evil.test/cert\"",
                "\"x5c\":[\"MIIB\"]",
                "\"jku\":\"http://localhost:9@evil.test/jwks\"",
                "\"jku\":\"file:///etc/passwd\"")) {
            String header = HEADER.replace("}", "," + extra + "}");
            add(
                    "foreign key by " + extra.substring(0, Math.min(40, extra.length())),
                    signed(header, claims(""), foreign));
            add("our key beside " + extra.substring(0, Math.min(40, extra.length())), signed(header, claims(""), ours));
        }
        for (String extra : List.of(
                "\"crit\":[\"exp\"],\"exp\":1",
                "\"crit\":[]",
                "\"crit\":[\"b64\"],\"b64\":false",
                "\"crit\":\"exp\"")) {
            add("critical " + extra, signed(HEADER.replace("}", "," + extra + "}"), claims(""), ours));
        }
        for (String type :
                List.of("logout+jwt", "id+jwt", "dpop+jwt", "secevent+jwt", "JWS", "", "at+jwt2", "text/plain")) {
            add("typ " + type, signed(HEADER.replace("at+jwt", type), claims(""), ours));
        }
        add("typ missing", signed("{\"alg\":\"RS256\",\"kid\":\"k1\"}", claims(""), ours));
        add(
                "alg twice, none first",
                signed("{\"alg\":\"none\",\"alg\":\"RS256\",\"kid\":\"k1\",\"typ\":\"at+jwt\"}", claims(""), foreign));
    }

    private void keyIds() {
        for (String id : List.of(
                "",
                " ",
                "k2",
                "K1",
                "k1 ",
                " k1",
                "k1\\u0000",
                "k1/../k1",
                "../../../../dev/null",
                "/dev/null",
                "k1' OR '1'='1",
                "k1; DROP TABLE member",
                "$(id)",
                "http://evil.test/key",
                "file:///proc/self/environ",
                "\\u212a1",
                "k1\\n",
                "*",
                "x".repeat(4000))) {
            String header = HEADER.replace("\"k1\"", "\"" + id + "\"");
            String name = id.length() > 40 ? "long" : id;
            add("kid " + name + " with our key", signed(header, claims(""), ours));
            add("kid " + name + " with a foreign key", signed(header, claims(""), foreign));
        }
        for (String id : List.of("null", "1", "[\"k1\"]", "{\"k1\":1}", "true")) {
            add("kid " + id, signed(HEADER.replace("\"k1\"", id), claims(""), ours));
        }
        add("kid missing", signed("{\"alg\":\"RS256\",\"typ\":\"at+jwt\"}", claims(""), ours));
    }

    private void signatures() {
        String good = good();
        String body = good.substring(0, good.lastIndexOf('.'));
        byte[] signature = Base64.getUrlDecoder().decode(good.substring(good.lastIndexOf('.') + 1));
        add("no signature", body + ".");
        add("no signature part", body);
        add("signature of zeros", body + "." + b64(new byte[signature.length]));
        add("signature cut", body + "." + b64(Arrays.copyOf(signature, signature.length - 1)));
        add("signature longer", body + "." + b64(Arrays.copyOf(signature, signature.length + 1)));
        add(
                "signature twice",
                body + "." + good.substring(good.lastIndexOf('.') + 1).repeat(2));
        for (int i = 0; i < 16; i++) {
            byte[] flipped = signature.clone();
            flipped[i * (flipped.length / 16)] ^= (byte) (1 << i % 8);
            add("signature bit flipped " + i, body + "." + b64(flipped));
        }
        String other = signed(HEADER, claims(",\"sub\":\"jonas\"").replaceFirst("\"sub\":\"mira\",", ""), ours);
        add("signature of another token", body + other.substring(other.lastIndexOf('.')));
        add(
                "claims of another token",
                body.substring(0, body.indexOf('.')) + "." + other.split("\\.", -1)[1]
                        + good.substring(good.lastIndexOf('.')));
        add("signed by somebody else", signed(HEADER, claims(""), foreign));
    }

    private void structures() {
        String good = good();
        String[] parts = good.split("\\.", -1);
        add("four parts", good + ".x");
        add("five parts", parts[0] + "." + parts[1] + "." + parts[2] + ".x.y");
        add("empty header", "." + parts[1] + "." + parts[2]);
        add("empty claims", parts[0] + ".." + parts[2]);
        add("header a list", signed("[\"RS256\"]", claims(""), ours));
        add("header no JSON", signed("alg=RS256", claims(""), ours));
        add("claims a list", signed(HEADER, "[1]", ours));
        add("claims no JSON", signed(HEADER, "sub=mira", ours));
        add("claims empty", signed(HEADER, "{}", ours));
        add("bearer twice", "Bearer " + good);
        add("two tokens", good + "," + good);
        add(
                "flattened JSON",
                "{\"protected\":\"" + parts[0] + "\",\"payload\":\"" + parts[1] + "\",\"signature\":\"" + parts[2]
                        + "\"}");
        add("too long", signed(HEADER, claims(",\"x\":\"" + "x".repeat(9000) + "\""), ours));
    }

    private void claims() {
        for (String issuer : List.of(
                "\"http://localhost:9/\"",
                "\"HTTP://LOCALHOST:9\"",
                "\"http://localhost:9.evil.test\"",
                "\"http://evil.test\"",
                "\"http://evil@localhost:9\"",
                "\"localhost:9\"",
                "\"\"",
                "null",
                "1",
                "[\"http://localhost:9\"]")) {
            add("iss " + issuer, signed(HEADER, replaced("iss", issuer), ours));
        }
        for (String audience : List.of(
                "\"vitals-web\"",
                "\"other\"",
                "\"VITALS-API\"",
                "\"vitals-api \"",
                "\"vitals\"",
                "\"vitals-api-2\"",
                "\"\"",
                "[]",
                "null",
                "[\"other\",\"vitals\"]",
                "\"vitals-api,other\"")) {
            add("aud " + audience, signed(HEADER, replaced("aud", audience), ours));
        }
        long past = now.getEpochSecond() - 60;
        long future = now.getEpochSecond() + 3600;
        for (String expiry :
                List.of(Long.toString(past), "0", "-1", "null", "\"" + future + "\"", "\"never\"", "true")) {
            add("exp " + expiry, signed(HEADER, replaced("exp", expiry), ours));
        }
        for (String begin : List.of(Long.toString(future), "\"soon\"")) {
            add("nbf " + begin, signed(HEADER, claims(",\"nbf\":" + begin), ours));
        }
        for (String issued : List.of(Long.toString(future), "null", "\"now\"")) {
            add("iat " + issued, signed(HEADER, replaced("iat", issued), ours));
        }
        for (String subject : List.of("null", "\"\"", "\" \"", "\"" + "x".repeat(256) + "\"", "[\"mira\"]", "{}")) {
            String name = subject.length() > 40 ? "long" : subject;
            add("sub " + name, signed(HEADER, replaced("sub", subject), ours));
        }
    }

    private void add(String name, String token) {
        if (attacks.put(name, token) != null) {
            throw new IllegalStateException("twice: " + name);
        }
    }

    private String replaced(String claim, String value) {
        return claims("")
                .replaceFirst(
                        "\"" + claim + "\":(\"[^\"]*\"|[0-9]+)", "\"" + claim + "\":" + value.replace("\\", "\\\\"));
    }

    private String claims(String extra) {
        long seconds = now.getEpochSecond();
        return "{\"iss\":\"" + ISSUER + "\",\"sub\":\"mira\",\"aud\":\"vitals-api\",\"iat\":" + seconds + ",\"exp\":"
                + (seconds + 900) + ",\"groups\":[\"member\"]" + extra + "}";
    }

    static String signed(String header, String claims, RSAKey key) {
        try {
            String body = b64(header) + "." + b64(claims);
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key.toPrivateKey());
            signature.update(text(body));
            return body + "." + b64(signature.sign());
        } catch (GeneralSecurityException | com.nimbusds.jose.JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private String mac(String algorithm, byte[] secret) {
        try {
            String body = b64(HEADER.replace("RS256", algorithm)) + "." + b64(claims(""));
            String name = "HmacSHA" + algorithm.substring(2);
            Mac mac = Mac.getInstance(name);
            mac.init(new SecretKeySpec(secret, name));
            return body + "." + b64(mac.doFinal(text(body)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] der() {
        try {
            return ours.toRSAPublicKey().getEncoded();
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String b64(String text) {
        return b64(text(text));
    }

    private static String b64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
