package io.vitals.whoop.webhook;

import java.time.Duration;

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
        Duration maxSkew, int workers, Duration claim, Duration poll, Duration retryBase, Duration retryCap) {}
