package io.vitals.oncall;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Digests;
import io.vitals.kit.http.Bodies;
import io.vitals.kit.http.CommonFailure;
import io.vitals.kit.http.FailureException;
import io.vitals.kit.http.Replies;
import io.vitals.kit.http.Routes;
import io.vitals.kit.json.Json;
import io.vitals.kit.json.MalformedJsonException;
import io.vitals.oncall.OnCallMeters.Outcome;
import org.jspecify.annotations.Nullable;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Notifications of Alertmanager in, acknowledgements in, incidents out. */
final class OnCallApi {
    private static final int PAGE = 50;
    private static final int LARGEST_PAGE = 100;

    private final Incidents incidents;
    private final byte[] credential;
    private final Signature signature;
    private final OnCallMeters meters;
    private final Clock clock;

    /** An acknowledgement, as it is sent. */
    record Acknowledgement(
            @Nullable String incident,
            @Nullable String by,
            @Nullable String action) {}

    private record Page(List<Incident> incidents, @Nullable String next) {}

    OnCallApi(Incidents incidents, Secret credential, Signature signature, OnCallMeters meters, Clock clock) {
        this.incidents = incidents;
        this.credential = bearer(credential.reveal());
        this.signature = signature;
        this.meters = meters;
        this.clock = clock;
    }

    void routes(Routes routes) {
        routes.post("/api/v1/notifications", this::notified)
                .post("/api/v1/acknowledgements", this::acknowledged)
                .get("/api/v1/incidents", this::list)
                .get("/api/v1/incidents/{incident}", this::show);
    }

    private void notified(ServerRequest request, ServerResponse response) {
        answer(response, meters::notification, () -> {
            authorize(request);
            return incidents.notified(Notification.read(Bodies.read(request), clock.instant()));
        });
    }

    private void acknowledged(ServerRequest request, ServerResponse response) {
        answer(response, meters::acknowledgement, () -> {
            byte[] body = Bodies.read(request);
            Instant sentAt = signature
                    .judge(headers(request, Signature.TIMESTAMP), headers(request, Signature.SIGNATURE), body)
                    .orElseThrow(() -> new SignatureInvalid().toException());
            Acknowledgement sent = Json.read(body, Acknowledgement.class);
            if (sent.incident() == null || sent.incident().isBlank()) {
                throw new CommonFailure.InvalidInput("incident", "is missing").toException();
            }
            Role by = Optional.ofNullable(sent.by())
                    .flatMap(Role::of)
                    .orElseThrow(() ->
                            new CommonFailure.InvalidInput("by", "is not primary, secondary or manager").toException());
            return incidents.acknowledged(sent.incident(), by, action(sent.action()), sentAt);
        });
    }

    private static @Nullable Action action(@Nullable String code) {
        return code == null
                ? null
                : Action.of(code)
                        .orElseThrow(
                                () -> new CommonFailure.InvalidInput("action", "is not taken or none").toException());
    }

    private void list(ServerRequest request, ServerResponse response) {
        authorize(request);
        int limit = limit(request.query().first("limit").orElse(Integer.toString(PAGE)));
        List<Incident> found = incidents.open(request.query().first("after").orElse(""), limit + 1);
        List<Incident> page = found.subList(0, Math.min(limit, found.size()));
        Replies.json(
                response,
                200,
                new Page(page, found.size() > limit ? page.getLast().id() : null));
    }

    private void show(ServerRequest request, ServerResponse response) {
        authorize(request);
        Incident incident = incidents
                .find(request.path().pathParameters().get("incident"))
                .orElseThrow(() -> new CommonFailure.NotFound().toException());
        Replies.json(response, 200, incident);
    }

    private static int limit(String text) {
        int limit = text.matches("\\d{1,3}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > LARGEST_PAGE) {
            throw new CommonFailure.InvalidInput("limit", "is not a number from 1 to " + LARGEST_PAGE).toException();
        }
        return limit;
    }

    private static void answer(ServerResponse response, Consumer<Outcome> count, Supplier<Incidents.Change> change) {
        Incidents.Change made;
        try {
            made = change.get();
        } catch (FailureException e) {
            count.accept(outcomeOf(e.failure().problem().status()));
            throw e;
        } catch (MalformedJsonException | UncheckedIOException e) {
            // No JSON, or it did not arrive in full.
            count.accept(Outcome.MALFORMED);
            throw e;
        } catch (RuntimeException e) {
            count.accept(Outcome.FAILED);
            throw e;
        }
        count.accept(made.news() ? Outcome.ACCEPTED : Outcome.UNCHANGED);
        Replies.json(response, 200, Map.of("incident", made.incident(), "changed", made.news()));
    }

    private static Outcome outcomeOf(int status) {
        return switch (status) {
            case 401 -> Outcome.REFUSED;
            case 400, 413 -> Outcome.MALFORMED;
            case 404, 409 -> Outcome.UNFOUNDED;
            default -> Outcome.FAILED;
        };
    }

    private void authorize(ServerRequest request) {
        List<String> given = request.headers().all(HeaderNames.AUTHORIZATION, List::of);
        // Digests are as long as each other, whatever came.
        if (given.size() != 1 || !Digests.equal(digest(given.getFirst()), credential)) {
            throw new CommonFailure.Unauthorized().toException();
        }
    }

    private static byte[] bearer(String credential) {
        return digest("Bearer " + credential);
    }

    private static byte[] digest(String text) {
        return Digests.sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> headers(ServerRequest request, String name) {
        return request.headers().all(HeaderNames.create(name), List::of);
    }
}
