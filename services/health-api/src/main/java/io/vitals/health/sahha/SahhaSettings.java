package io.vitals.health.sahha;

import io.vitals.kit.config.Secret;
import io.vitals.kit.limits.SourceLimits;

import java.net.URI;
import java.time.Duration;

/**
 * How Sahha is reached.
 *
 * @param apiBaseUrl scheme and host; the paths under {@code /api/v1} are ours
 * @param webhookSecret key of the webhook signature, used as its UTF-8 text
 * @param pollInterval how often each member's data is fetched; webhooks bring it sooner, the poll brings what they lost
 * @param webhookLimits events that are looked at, by the address that they come from and together
 */
public record SahhaSettings(
        URI apiBaseUrl,
        String clientId,
        Secret clientSecret,
        Secret webhookSecret,
        Duration pollInterval,
        SourceLimits webhookLimits) {}
