package io.vitals.health.sahha;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Digests;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.http.Bodies;
import io.vitals.kit.http.CommonFailure;
import io.vitals.kit.http.FailureException;
import io.vitals.kit.http.Replies;
import io.vitals.kit.json.Json;
import io.vitals.kit.json.MalformedJsonException;
import io.vitals.kit.limits.ClientAddresses;
import io.vitals.kit.limits.SourceLimiter;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Takes Sahha's events: signature over the raw body first, then the one thing it does not cover, whose event it is.
 * Answers 204 only after the event is committed; what is not for us is 204 too, so that Sahha does not send it again.
 */
final class WebhookIntake implements Handler {
    static final int MOST_BYTES = 256 * 1024;

    private static final int LONGEST_TYPE = 100;

    private final SqlExecutor db;
    private final Secret secret;
    private final ClientAddresses addresses;
    private final SourceLimiter limiter;
    private final Clock clock;
    private final Runnable wake;
    private final Map<String, Counter> counters;
    private final Map<SourceLimiter.Scope, Counter> limited = new EnumMap<>(SourceLimiter.Scope.class);

    WebhookIntake(
            SqlExecutor db,
            Secret secret,
            ClientAddresses addresses,
            SourceLimiter limiter,
            Clock clock,
            Runnable wake,
            MeterRegistry registry) {
        this.db = db;
        this.secret = secret;
        this.addresses = addresses;
        this.limiter = limiter;
        this.clock = clock;
        this.wake = wake;
        this.counters = Stream.of("accepted", "repeated", "dropped", "bad_signature", "bad_body")
                .collect(Collectors.toMap(
                        Function.identity(),
                        outcome -> Counter.builder("vitals.sahha.webhooks")
                                .description("Events by what became of them")
                                .tag("outcome", outcome)
                                .register(registry)));
        for (SourceLimiter.Scope scope : SourceLimiter.Scope.values()) {
            limited.put(
                    scope,
                    Counter.builder("vitals.sahha.webhooks.limited")
                            .description("Events refused unread because there were too many")
                            .tag("scope", scope.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        // Before anything of the event is read: a flood must not get as far as costing a hash.
        limiter.take(addresses.of(request)).ifPresent(refusal -> {
            count(limited.get(refusal.scope()));
            throw new CommonFailure.RateLimited(refusal.retryAfter()).toException();
        });
        byte[] body = Bodies.read(request);
        if (body.length > MOST_BYTES) {
            throw counted("bad_body", new CommonFailure.TooLarge(MOST_BYTES).toException());
        }
        if (!signed(body, header(request, "X-Signature"))) {
            throw counted("bad_signature", new SahhaFailure.SignatureInvalid().toException());
        }
        JsonNode event = event(body);
        String externalId = externalId(event, header(request, "X-External-Id"));
        String type = header(request, "X-Event-Type").orElse("");
        Optional<UUID> member = member(externalId);
        if (member.isEmpty() || type.length() > LONGEST_TYPE || !EventType.kept(type, event)) {
            count("dropped");
        } else {
            byte[] key = Digests.sha256(concat(type, body));
            boolean fresh = Inbox.put(db, key, type, member.get(), body, clock.instant());
            count(fresh ? "accepted" : "repeated");
            wake.run();
        }
        Replies.empty(response, 204);
    }

    /** Hexadecimal HMAC-SHA-256 of the raw body, in either case of letters. */
    boolean signed(byte[] body, Optional<String> signature) {
        try {
            byte[] given = HexFormat.of().parseHex(signature.orElse("").strip());
            return Digests.equal(given, Digests.hmacSha256(secret, body));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    JsonNode event(byte[] body) {
        try {
            return Json.tree(body);
        } catch (MalformedJsonException e) {
            throw counted("bad_body", new CommonFailure.InvalidInput("body", "is not JSON").toException());
        }
    }

    /** The one that body and header agree on. */
    String externalId(JsonNode event, Optional<String> header) {
        String externalId = event.path("externalId").asText("");
        if (externalId.isEmpty() || !externalId.equals(header.orElse(""))) {
            throw counted(
                    "bad_body",
                    new CommonFailure.InvalidInput("X-External-Id", "is not the externalId of the body").toException());
        }
        return externalId;
    }

    /** Our external ids are member ids in their one canonical form. */
    private static Optional<UUID> member(String externalId) {
        try {
            UUID id = UUID.fromString(externalId);
            return id.toString().equals(externalId) ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> header(ServerRequest request, String name) {
        return request.headers().first(HeaderNames.create(name));
    }

    private static byte[] concat(String type, byte[] body) {
        byte[] head = (type + '\n').getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[head.length + body.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    private FailureException counted(String outcome, FailureException failure) {
        count(outcome);
        return failure;
    }

    private void count(String outcome) {
        count(counters.get(outcome));
    }

    private static void count(@Nullable Counter counter) {
        if (counter != null) {
            counter.increment();
        }
    }
}
