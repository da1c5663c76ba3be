package io.vitals.health.sahha;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.kit.config.Secret;
import io.vitals.kit.json.Json;
import io.vitals.kit.json.MalformedJsonException;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import io.vitals.kit.outbound.OutboundClient;
import io.vitals.kit.outbound.OutboundException;
import io.vitals.kit.outbound.OutboundRequest;
import io.vitals.kit.outbound.OutboundResponse;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The calls that Vitals makes. A refused account token is replaced once.
 *
 * <p>Every method throws {@link SahhaUnavailableException} when there is no usable answer.
 */
final class SahhaClient {
    static final List<String> SCORE_TYPES = List.of("activity", "sleep", "readiness", "wellbeing", "mental_wellbeing");
    static final List<String> CATEGORIES = List.of("activity", "body", "sleep", "vitals");

    /**
     * Data logs can only be listened to; a poll learns of exercise sessions by the biomarkers of this category. Not every
     * page of Sahha lists it, so its refusal must not cost the member the others.
     */
    static final String EXERCISE = "exercise";

    private static final EventLog LOG = EventLog.of(SahhaClient.class);
    private static final Duration EXERCISE_REST = Duration.ofHours(6);

    private static final String BASE = "/api/v1";
    private static final Duration EXPIRY_MARGIN = Duration.ofMinutes(5);

    /** Unknown lifetimes are taken as short. */
    private static final long DEFAULT_SECONDS = 900;

    private final OutboundClient http;
    private final String clientId;
    private final Secret clientSecret;
    private final Clock clock;
    private final AccountTokens tokens;
    /** When exercise is asked for again after a refusal. */
    private volatile Instant exerciseFrom = Instant.MIN;

    /** What a question about a profile was answered. */
    enum Profile {
        KNOWN,
        UNKNOWN
    }

    SahhaClient(OutboundClient http, SahhaSettings settings, AccountTokens tokens, Clock clock) {
        this.http = http;
        this.clientId = settings.clientId();
        this.clientSecret = settings.clientSecret();
        this.clock = clock;
        this.tokens = tokens;
    }

    /** Makes the member known to Sahha; one who is known already stays so. */
    void register(UUID member) {
        OutboundResponse answer = authorized(OutboundRequest.post("register-profile", BASE + "/oauth/profile/register")
                .body(Json.write(Map.of("externalId", member.toString())), "application/json"));
        // 400 says "invalid or taken" without saying which; the second one is what we want.
        if (!answer.successful() && !(answer.status() == 400 && find(member) == Profile.KNOWN)) {
            throw refused(answer);
        }
    }

    Profile find(UUID member) {
        OutboundResponse answer = authorized(OutboundRequest.get("find-profile", BASE + "/account/profile/" + member));
        if (answer.status() == 404) {
            return Profile.UNKNOWN;
        }
        if (!answer.successful()) {
            throw refused(answer);
        }
        return Profile.KNOWN;
    }

    /** The scores of the days that begin from {@code from} to {@code to}; null when Sahha does not know the member. */
    @Nullable
    List<JsonNode> scores(UUID member, Instant from, Instant to) {
        OutboundRequest request = span(OutboundRequest.get("list-scores", BASE + "/profile/score/" + member), from, to);
        for (String type : SCORE_TYPES) {
            request = request.query("types", type);
        }
        return records(authorized(request));
    }

    /** As {@link #scores}, for biomarkers; without those of exercise when Sahha refuses them. */
    @Nullable
    List<JsonNode> biomarkers(UUID member, Instant from, Instant to) {
        OutboundRequest request =
                span(OutboundRequest.get("list-biomarkers", BASE + "/profile/biomarker/" + member), from, to);
        for (String category : CATEGORIES) {
            request = request.query("categories", category);
        }
        Instant now = clock.instant();
        if (now.isBefore(exerciseFrom)) {
            return records(authorized(request));
        }
        OutboundResponse answer = authorized(request.query("categories", EXERCISE));
        if (!refusesTheQuestion(answer.status())) {
            return records(answer);
        }
        // Only that Sahha answers the question without it shows that the category was at fault.
        List<JsonNode> others = records(authorized(request));
        exerciseFrom = now.plus(EXERCISE_REST);
        LOG.warn("sahha_exercise_refused", LogField.STATUS.of(answer.status()));
        return others;
    }

    /** Says nothing of the token, the profile or the rate; 500 is what a server may answer that stumbles over a name. */
    private static boolean refusesTheQuestion(int status) {
        return switch (status) {
            case 401, 404, 408, 429 -> false;
            case 500 -> true;
            default -> status >= 400 && status < 500;
        };
    }

    private static OutboundRequest span(OutboundRequest request, Instant from, Instant to) {
        return request.query("startDateTime", from.toString()).query("endDateTime", to.toString());
    }

    private @Nullable List<JsonNode> records(OutboundResponse answer) {
        if (answer.status() == 404) {
            return null;
        }
        if (answer.status() == 204 || (answer.successful() && answer.body().length == 0)) {
            return List.of();
        }
        if (!answer.successful()) {
            throw refused(answer);
        }
        JsonNode tree = tree(answer);
        if (!tree.isArray()) {
            throw new SahhaUnavailableException("malformed", null);
        }
        List<JsonNode> records = new ArrayList<>();
        tree.forEach(records::add);
        return records;
    }

    private OutboundResponse authorized(OutboundRequest request) {
        AccountTokens.Token first = tokens.current(0, this::fetch);
        OutboundResponse answer = send(request, first);
        return answer.status() == 401 ? send(request, tokens.current(first.number(), this::fetch)) : answer;
    }

    private OutboundResponse send(OutboundRequest request, AccountTokens.Token with) {
        return send(request.header("authorization", "account " + with.value().reveal()));
    }

    private OutboundResponse send(OutboundRequest request) {
        try {
            return http.send(request);
        } catch (OutboundException e) {
            throw new SahhaUnavailableException(e.kind().name().toLowerCase(java.util.Locale.ROOT), e);
        }
    }

    private AccountTokens.Fetched fetch() {
        OutboundResponse answer = send(OutboundRequest.post("account-token", BASE + "/oauth/account/token")
                .body(
                        Json.write(Map.of("clientId", clientId, "clientSecret", clientSecret.reveal())),
                        "application/json"));
        if (!answer.successful()) {
            throw refused(answer);
        }
        JsonNode tree = tree(answer);
        String value = tree.path("accountToken").asText("");
        if (value.isEmpty()) {
            throw new SahhaUnavailableException("malformed", null);
        }
        long seconds = tree.path("expiresIn").asLong(DEFAULT_SECONDS);
        Instant end = clock.instant().plusSeconds(Math.clamp(seconds, 60, 7 * 86_400));
        return new AccountTokens.Fetched(
                Secret.of(value), end.minus(seconds > 1200 ? EXPIRY_MARGIN : Duration.ofSeconds(10)));
    }

    private static JsonNode tree(OutboundResponse answer) {
        try {
            return Json.tree(answer.body());
        } catch (MalformedJsonException e) {
            throw new SahhaUnavailableException("malformed", e);
        }
    }

    private static SahhaUnavailableException refused(OutboundResponse answer) {
        return new SahhaUnavailableException("status " + answer.status(), null);
    }
}
