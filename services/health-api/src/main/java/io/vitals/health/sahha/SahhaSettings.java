package io.vitals.health.sahha;

import io.vitals.kit.config.Secret;

import java.net.URI;
import java.time.Duration;

/**
 * How Sahha is reached.
 *
 * @param apiBaseUrl scheme and host; the paths under {@code /api/v1} are ours
 * @param webhookSecret key of the webhook signature, used as its UTF-8 text
 * @param pollInterval how often each member's data is fetched; webhooks bring it sooner, the poll brings what they lost
 */
public record SahhaSettings(
        URI apiBaseUrl, String clientId, Secret clientSecret, Secret webhookSecret, Duration pollInterval) {}
