package io.vitals.health.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.helidon.http.HeaderNames;
import io.vitals.health.access.Call;
import io.vitals.health.privacy.Consents;
import io.vitals.health.privacy.Export;
import io.vitals.kit.http.Bodies;
import io.vitals.kit.http.CommonFailure;
import io.vitals.kit.http.Replies;
import org.jspecify.annotations.Nullable;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;

/** Consent and export. */
final class PrivacyRoutes {
    private static final int BUFFER = 16 * 1024;

    private final Consents consents;
    private final Export export;

    PrivacyRoutes(Consents consents, Export export) {
        this.consents = consents;
        this.export = export;
    }

    private record Decisions(
            @JsonProperty("health_data") @Nullable Boolean healthData) {}

    void consents(Call call) {
        Replies.json(
                call.response(), 200, ConsentView.of(consents, call.caller().member()));
    }

    void decide(Call call) {
        UUID member = call.caller().member();
        Boolean granted = Bodies.json(call.request(), Decisions.class).healthData();
        if (granted == null) {
            throw new CommonFailure.InvalidInput("health_data", "must be true or false").toException();
        }
        consents.decide(member, Consents.Purpose.HEALTH_DATA, granted);
        Replies.json(call.response(), 200, ConsentView.of(consents, member));
    }

    void export(Call call) throws IOException {
        call.response().status(200);
        call.response().header(HeaderNames.CONTENT_TYPE, "application/json");
        call.response().header(HeaderNames.CONTENT_DISPOSITION, "attachment; filename=\"vitals-export.json\"");
        try (OutputStream out = new BufferedOutputStream(call.response().outputStream(), BUFFER)) {
            export.write(call.caller().member(), out);
        }
    }
}
