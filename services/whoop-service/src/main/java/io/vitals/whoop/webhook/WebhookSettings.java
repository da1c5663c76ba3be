package io.vitals.whoop.webhook;

import io.vitals.kit.limits.ClientAddresses;
import io.vitals.kit.limits.SourceLimits;

import java.time.Duration;
import java.util.List;

/**
 * How webhooks are taken and worked off.
 *
 * @param maxSkew how far a signature's time may be from ours
 * @param workers loops that work at once
 * @param claim how long a worker may hold an event before others take it for dead
 * @param poll how soon events accepted by other replicas, or due again, are noticed
 * @param retryBase first pause after a failure, doubled for each further one
 * @param retryCap longest pause
 */
public record WebhookSettings(
        Duration maxSkew,
        int workers,
        Duration claim,
        Duration poll,
        Duration retryBase,
        Duration retryCap,
        Limits limits) {

    /**
     * How many deliveries a process looks at. They guard it against floods, not WHOOP against itself, and so lie above what it can store.
     *
     * @param perSource deliveries a second from one address
     * @param perSourceBurst deliveries at once from one address
     * @param overall deliveries a second from everywhere
     * @param overallBurst deliveries at once from everywhere
     * @param trustedProxies whose word on the address is taken, as address ranges
     */
    public record Limits(
            int perSource, int perSourceBurst, int overall, int overallBurst, List<String> trustedProxies) {
        public Limits {
            new SourceLimits(perSource, perSourceBurst, overall, overallBurst);
            trustedProxies = List.copyOf(trustedProxies);
            new ClientAddresses(trustedProxies);
        }

        SourceLimits rates() {
            return new SourceLimits(perSource, perSourceBurst, overall, overallBurst);
        }
    }

    public WebhookSettings {
        if (!maxSkew.isPositive() || !claim.isPositive() || !retryBase.isPositive()) {
            throw new IllegalArgumentException("max-skew, claim and retry-base must be longer than nothing");
        } else if (workers < 1) {
            throw new IllegalArgumentException("without workers nothing accepted is ever worked off");
        }
    }
}
