package io.vitals.health.reply;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.vitals.kit.crypto.Digests;
import io.vitals.kit.crypto.Tokens;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/**
 * A body with its type and entity tag. Sent compressed to who takes gzip and gains by it; answered with 304 to who has
 * it already. A compressed body is another representation, so its strong tag differs by a suffix.
 */
public final class Payload {
    private static final int WORTH_COMPRESSING = 1024;
    private static final String SUFFIX = "-gzip";
    private static final String BY_ENCODING = "Accept-Encoding";
    /** Of one member: a browser in which somebody else signs in must not take it for theirs. */
    private static final String BY_CALLER = "Accept-Encoding, Authorization, Cookie";

    private final String contentType;
    private final byte[] body;
    private final @Nullable String etag;
    private final boolean compressible;
    private final @Nullable String vary;
    private volatile byte @Nullable [] compressed;

    private Payload(
            String contentType, byte[] body, @Nullable String etag, boolean compressible, @Nullable String vary) {
        this.contentType = contentType;
        this.body = body;
        this.etag = etag;
        this.compressible = compressible && body.length > WORTH_COMPRESSING;
        this.vary = vary;
    }

    /** JSON of the caller, with a tag of the maker's choice, quotes included: strong, or weak with its {@code W/}. */
    public static Payload json(byte[] body, String etag) {
        return new Payload("application/json", body, etag, true, BY_CALLER);
    }

    /** JSON that is never validated by tag. */
    public static Payload json(byte[] body) {
        return new Payload("application/json", body, null, true, BY_CALLER);
    }

    /** A file; its tag is made from its content. */
    public static Payload file(String contentType, byte[] body, boolean compressible) {
        return new Payload(contentType, body, tagOf(body), compressible, compressible ? BY_ENCODING : null);
    }

    /** A weak tag: the same in what it says, not in every byte. */
    public static String weakTagOf(byte[] content) {
        return "W/" + tagOf(content);
    }

    /** A strong tag for this content. */
    public static String tagOf(byte[] content) {
        return "\"" + Tokens.base64Url(Arrays.copyOf(Digests.sha256(content), 16)) + "\"";
    }

    /** Sends it, with the caching rule given. */
    public void send(ServerRequest request, ServerResponse response, int status, String cacheControl) {
        response.header(HeaderNames.CACHE_CONTROL, cacheControl);
        boolean gzip = compressible && takesGzip(request);
        // Whatever this body's size is: the next one may be worth compressing.
        String by = vary;
        if (by != null) {
            response.header(HeaderNames.VARY, by);
        }
        String tag = etag;
        if (tag != null) {
            String sent = gzip ? tag.substring(0, tag.length() - 1) + SUFFIX + "\"" : tag;
            response.header(HeaderNames.ETAG, sent);
            if (status == 200 && has(request, tag)) {
                response.status(304);
                response.send();
                return;
            }
        }
        response.status(status);
        response.header(HeaderNames.CONTENT_TYPE, contentType);
        if (gzip) {
            response.header(HeaderNames.CONTENT_ENCODING, "gzip");
        }
        response.send(gzip ? compressed() : body);
    }

    private byte[] compressed() {
        byte[] known = compressed;
        if (known == null) {
            known = gzip(body);
            compressed = known;
        }
        return known;
    }

    /** The tag as it would be given, in either representation, among those that the client has. */
    private static boolean has(ServerRequest request, String tag) {
        String plain = opaque(strong(tag));
        for (String header : request.headers().values(HeaderNames.IF_NONE_MATCH)) {
            for (String part : header.split(",", -1)) {
                String candidate = part.strip();
                String known = opaque(strong(candidate));
                if (candidate.equals("*") || known.equals(plain) || known.equals(plain + SUFFIX)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Without the mark of a weak tag: a read is compared weakly. */
    private static String strong(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }

    private static String opaque(String quoted) {
        return quoted.length() >= 2 && quoted.startsWith("\"") && quoted.endsWith("\"")
                ? quoted.substring(1, quoted.length() - 1)
                : "";
    }

    /** {@code gzip} or {@code *} in Accept-Encoding without {@code q=0}. */
    static boolean takesGzip(ServerRequest request) {
        boolean any = false;
        for (String header : request.headers().values(HeaderNames.ACCEPT_ENCODING)) {
            for (String part : header.split(",", -1)) {
                String[] pieces = part.strip().split(";", 2);
                boolean refused = pieces.length == 2 && pieces[1].strip().matches("q=0(\\.0{0,3})?");
                if (pieces[0].strip().equalsIgnoreCase("gzip")) {
                    return !refused;
                }
                any |= pieces[0].strip().equals("*") && !refused;
            }
        }
        return any;
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(plain.length / 3);
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
