package io.vitals.whoop.webhook;

import io.helidon.tracing.Tracer;
import io.vitals.kit.config.TracingSettings;
import io.vitals.kit.tracing.Handover;
import io.vitals.kit.tracing.Tracing;
import io.vitals.whoop.records.Owner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;

/** A webhook's trace goes over the inbox, the cursor and the feed, to whoever reads what it changed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HandedOverTraceTest {
    /** Nobody listens there: what is kept counts, not that spans arrive. */
    private static final Tracer TRACER = Tracing.tracer("test", new TracingSettings(true, "127.0.0.1", 1));

    private final Handover trace = new Handover(TRACER);
    private WebhookFeature feature;

    @BeforeAll
    void start() {
        feature = new WebhookFeature(WebhookFeature.NO_LIMITS, TRACER);
    }

    @AfterAll
    void stop() {
        feature.close();
    }

    @Test
    void aChangeIsOfTheTraceThatBroughtItsWebhook() {
        Owner owner = feature.linked();
        feature.database.transaction(tx -> {
            feature.sync.linked(tx, owner.member(), owner.whoopUserId());
            return true;
        });
        UUID workout = UUID.randomUUID();
        feature.whoop.putWorkout(owner.whoopUserId(), workout, 1);
        String received = trace.goOn("receive", null, () -> {
            feature.accept(owner.whoopUserId(), workout, "workout.updated", 1);
            return String.valueOf(Handover.current());
        });
        assertThat(feature.text("SELECT traceparent FROM webhook_inbox WHERE object_id = '" + workout + "'"))
                .isEqualTo(received);

        feature.drain();

        String changed = changed(owner, "workout");
        assertThat(changed).startsWith(traceOf(received)).isNotEqualTo(received);
        // WHOOP never announces the cycle: fetching it is a part of the same trace.
        assertThat(feature.text("SELECT traceparent FROM sync_cursor WHERE type = 'cycle' AND member_id = '"
                        + owner.member().value() + "'"))
                .startsWith(traceOf(received));
    }

    @Test
    void workWithoutATraceBeginsOne() {
        Owner owner = feature.linked();
        UUID workout = UUID.randomUUID();
        feature.whoop.putWorkout(owner.whoopUserId(), workout, 1);
        feature.accept(owner.whoopUserId(), workout, "workout.updated", 1);
        feature.drain();
        assertThat(changed(owner, "workout")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
    }

    private String changed(Owner owner, String kind) {
        return feature.text("SELECT traceparent FROM change WHERE kind = '" + kind + "' AND member_id = '"
                + owner.member().value() + "'");
    }

    private static String traceOf(String traceparent) {
        return traceparent.substring(0, "00-".length() + 32);
    }
}
