package io.vitals.whoop.webhook;

import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Logs refused deliveries, a line a second for each reason at most: whoever floods us must not get to fill the log. */
final class RefusalLog {
    private static final EventLog LOG = EventLog.of(Webhooks.class);
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

    private static final class Quiet {
        private long until = Long.MIN_VALUE;
        private long kept;
    }

    private final Map<WebhookMeters.Outcome, Quiet> reasons = new EnumMap<>(WebhookMeters.Outcome.class);
    private final LongSupplier nanos;
    private final long start;

    RefusalLog(LongSupplier nanos) {
        this.nanos = nanos;
        this.start = nanos.getAsLong();
    }

    /**
     * Notes a refusal.
     *
     * @return how many refusals the line stands for; 0 if none was written
     */
    synchronized long refused(WebhookMeters.Outcome reason) {
        Quiet quiet = reasons.computeIfAbsent(reason, r -> new Quiet());
        quiet.kept++;
        long now = nanos.getAsLong() - start;
        if (now < quiet.until) {
            return 0;
        }
        long refusals = quiet.kept;
        LOG.warn("webhook_refused", LogField.REASON.of(reason), LogField.COUNT.of(refusals));
        quiet.until = now + PAUSE;
        quiet.kept = 0;
        return refusals;
    }
}
