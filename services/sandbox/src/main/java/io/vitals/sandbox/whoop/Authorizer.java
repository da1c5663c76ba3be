package io.vitals.sandbox.whoop;

import io.vitals.sandbox.member.Member;
import io.vitals.sandbox.member.Population;
import org.jspecify.annotations.Nullable;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The authorization endpoint: judges a request, keeps it while the person decides, and sends the person back. */
final class Authorizer {
    static final Map<String, String> SCOPES = scopes();

    private static final int MAX_OPEN = 500;
    private static final int SHORTEST_STATE = 8;

    private final WhoopSimulatorConfig config;
    private final Grants grants;
    private final Population people;
    private final SecureRandom random;
    private final LinkedHashMap<String, Consent> open = new LinkedHashMap<>();

    /** A judged request that waits for the person's decision. */
    record Consent(
            String id,
            String redirectUri,
            String state,
            Set<String> scopes,
            @Nullable String challenge) {}

    /** What becomes of an authorization request. */
    sealed interface Outcome {
        record Ask(Consent consent) implements Outcome {}

        record SendBack(String location) implements Outcome {}

        /** The redirect URI cannot be trusted, so the person stays here. */
        record Stay(String error, String why) implements Outcome {}
    }

    Authorizer(WhoopSimulatorConfig config, Grants grants, Population people, SecureRandom random) {
        this.config = config;
        this.grants = grants;
        this.people = people;
        this.random = random;
    }

    List<Member> members() {
        return people.members();
    }

    /** The first member who has not let the app in yet. */
    int proposed() {
        return people.members().stream()
                .map(m -> m.profile())
                .filter(p -> !grants.linked(p.userId()))
                .mapToInt(p -> p.number())
                .findFirst()
                .orElse(1);
    }

    Outcome begin(Function<String, @Nullable String> query) {
        if (!config.clientId().equals(query.apply("client_id"))) {
            return new Outcome.Stay("invalid_client", "The requested OAuth 2.0 client does not exist.");
        }
        String redirect = query.apply("redirect_uri");
        if (redirect == null || !config.redirectUris().contains(redirect)) {
            return new Outcome.Stay(
                    "invalid_request", "The redirect_uri does not match any of the client's registered redirect URLs.");
        }
        String state = query.apply("state");
        if (!"code".equals(query.apply("response_type"))) {
            return back(redirect, state, "unsupported_response_type", "Only the code flow is offered.");
        }
        if (state == null || state.length() < SHORTEST_STATE) {
            return back(redirect, state, "invalid_state", "The state is missing or does not have enough characters.");
        }
        Set<String> scopes = words(query.apply("scope"));
        if (scopes.isEmpty() || !SCOPES.keySet().containsAll(scopes)) {
            return back(redirect, state, "invalid_scope", "The requested scope is invalid, unknown, or malformed.");
        }
        String challenge = query.apply("code_challenge");
        String method = query.apply("code_challenge_method");
        if (challenge != null && (!"S256".equals(method) || challenge.length() != 43)) {
            return back(redirect, state, "invalid_request", "Clients must use code_challenge_method=S256.");
        }
        Consent consent = new Consent(id(), redirect, state, scopes, challenge);
        keep(consent);
        return new Outcome.Ask(consent);
    }

    /** The decision of the person, once per request. */
    Outcome decide(String id, boolean allowed, int memberNumber) {
        Consent consent = take(id);
        if (consent == null
                || memberNumber < 1
                || memberNumber > people.members().size()) {
            return new Outcome.Stay("invalid_request", "This request is no longer open. Start again at the app.");
        }
        if (!allowed) {
            return back(consent.redirectUri, consent.state, "access_denied", "The resource owner denied the request.");
        }
        long userId = people.member(memberNumber).profile().userId();
        String code = grants.newCode(userId, consent.redirectUri, consent.scopes, consent.challenge);
        return new Outcome.SendBack(consent.redirectUri + "?"
                + query(Map.of("code", code, "scope", String.join(" ", consent.scopes), "state", consent.state)));
    }

    static Set<String> words(@Nullable String text) {
        Set<String> words = new LinkedHashSet<>();
        if (text != null && !text.isBlank()) {
            words.addAll(List.of(text.strip().split("\\s+")));
        }
        return words;
    }

    private static Outcome back(String redirect, @Nullable String state, String error, String why) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("error", error);
        parameters.put("error_description", why);
        if (state != null) {
            parameters.put("state", state);
        }
        return new Outcome.SendBack(redirect + "?" + query(parameters));
    }

    private static String query(Map<String, String> parameters) {
        StringBuilder text = new StringBuilder();
        parameters.forEach((name, of) -> text.append(text.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(of, StandardCharsets.UTF_8)));
        return text.toString();
    }

    private synchronized void keep(Consent consent) {
        if (open.size() >= MAX_OPEN) {
            open.pollFirstEntry();
        }
        open.put(consent.id, consent);
    }

    private synchronized @Nullable Consent take(String id) {
        return open.remove(id);
    }

    private String id() {
        byte[] bytes = new byte[18];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static Map<String, String> scopes() {
        Map<String, String> scopes = new LinkedHashMap<>();
        scopes.put("read:recovery", "Recovery: score, resting heart rate, HRV, SpO2 and skin temperature");
        scopes.put("read:cycles", "Cycles: day strain, energy and average heart rate");
        scopes.put("read:workout", "Workouts: sport, strain, zones and distance");
        scopes.put("read:sleep", "Sleep: stages, need, performance and naps");
        scopes.put("read:profile", "Profile: your name and e-mail");
        scopes.put("read:body_measurement", "Body: height, weight and maximum heart rate");
        scopes.put("offline", "Stay connected while you are away");
        return scopes;
    }
}
