package io.vitals.whoop.sync;

import java.time.Duration;
import java.time.Instant;

/**
 * How history is fetched and kept fresh.
 *
 * @param backfillDays days fetched for a fresh link
 * @param overlap how far each later window reaches back, for records scored or corrected late
 * @param workers loops that work at once
 * @param claim how long a worker may hold a cursor before others take it for dead
 * @param poll how soon work of other replicas, or work that is due, is noticed
 * @param cycleInterval between looks at the running cycle, for which WHOOP sends no webhook
 * @param pendingInterval between looks while a record waits for its score
 * @param reconcileInterval between looks for webhooks that never came
 * @param profileInterval between looks at profile and body
 * @param retryBase first pause after a failure, doubled for each further one
 * @param retryCap longest pause
 * @param historyDays days fetched in the background once the first ones are there; no more than those is none
 * @param reconciliationInterval between a member's complete comparisons of the last 30 days
 * @param gapInterval between looks for days that were missed, and before a failed day is tried again
 */
public record SyncSettings(
        int backfillDays,
        Duration overlap,
        int workers,
        Duration claim,
        Duration poll,
        Duration cycleInterval,
        Duration pendingInterval,
        Duration reconcileInterval,
        Duration profileInterval,
        Duration retryBase,
        Duration retryCap,
        int historyDays,
        Duration reconciliationInterval,
        Duration gapInterval) {
    public SyncSettings {
        if (backfillDays < 1 || backfillDays > 365) {
            throw new IllegalArgumentException("backfill-days is not between 1 and 365");
        }
        if (historyDays < backfillDays || historyDays > 3650) {
            throw new IllegalArgumentException("history-days is not between backfill-days and 3650");
        }
    }

    /** Whether a claim is young enough to take in another page under it, which may keep it waiting for a while. */
    boolean isFresh(Instant claimed, Instant now) {
        return Duration.between(claimed, now).compareTo(claim.dividedBy(4)) < 0;
    }
}
