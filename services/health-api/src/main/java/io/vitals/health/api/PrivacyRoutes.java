package io.vitals.health.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.vitals.health.access.Call;
import io.vitals.health.privacy.Certificate;
import io.vitals.health.privacy.Consents;
import io.vitals.health.privacy.Erasures;
import io.vitals.health.privacy.Export;
import io.vitals.health.reply.Query;
import io.vitals.kit.http.Bodies;
import io.vitals.kit.http.CommonFailure;
import io.vitals.kit.http.Replies;
import org.jspecify.annotations.Nullable;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.UUID;
import java.util.regex.Pattern;

/** Consent and export. */
final class PrivacyRoutes {
    private static final int BUFFER = 16 * 1024;
    private static final int ROUNDS = 20;
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Consents consents;
    private final Export export;
    private final Erasures erasures;

    PrivacyRoutes(Consents consents, Export export, Erasures erasures) {
        this.consents = consents;
        this.export = export;
        this.erasures = erasures;
    }

    private record Decisions(
            @JsonProperty("health_data") @Nullable Boolean healthData) {}

    void consents(Call call) {
        Replies.json(call.response(), 200, ConsentView.of(consents, call.subject()));
    }

    void decide(Call call) {
        UUID member = call.subject();
        Boolean granted = Bodies.json(call.request(), Decisions.class).healthData();
        if (granted == null) {
            throw new CommonFailure.InvalidInput("health_data", "must be true or false").toException();
        }
        consents.decide(member, Consents.Purpose.HEALTH_DATA, granted);
        Replies.json(call.response(), 200, ConsentView.of(consents, member));
    }

    void export(Call call) throws IOException {
        String format = Query.text(call.request(), "format").orElse("json");
        if (!format.equals("json") && !format.equals("csv")) {
            throw new CommonFailure.InvalidInput("format", "must be json or csv").toException();
        }
        boolean csv = format.equals("csv");
        call.response().status(200);
        call.response().header(HeaderNames.CONTENT_TYPE, csv ? "application/zip" : "application/json");
        call.response()
                .header(
                        HeaderNames.CONTENT_DISPOSITION,
                        "attachment; filename=\"vitals-export." + (csv ? "zip" : "json") + "\"");
        try (OutputStream out = new BufferedOutputStream(call.response().outputStream(), BUFFER)) {
            if (csv) {
                export.writeCsv(call.subject(), out);
            } else {
                export.write(call.subject(), out);
            }
        }
    }

    /** Usually over within moments; else the certificate says that it is still running. */
    void erase(Call call) {
        Certificate certificate = erasures.request(call.subject());
        UUID id = certificate.erasure();
        for (int round = 0; round < ROUNDS && certificate.completedAt() == null; round++) {
            if (!erasures.step(id)) {
                pause();
            }
            certificate = erasures.find(id).orElse(certificate);
        }
        call.response().header(HeaderNames.LOCATION, "/api/v1/erasures/" + id);
        Replies.json(call.response(), certificate.completedAt() == null ? 202 : 200, certificate);
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void certificate(ServerRequest request, ServerResponse response) {
        String id = request.path().pathParameters().get("erasure");
        if (!ID.matcher(id).matches()) {
            throw new CommonFailure.NotFound().toException();
        }
        Replies.json(
                response,
                200,
                erasures.find(UUID.fromString(id)).orElseThrow(() -> new CommonFailure.NotFound().toException()));
    }
}
