package io.vitals.sandbox.whoop;

import io.vitals.sandbox.http.Place;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The client app registered at the simulated WHOOP and the limits it meets.
 *
 * @param profile the profile the process runs under; "production" is refused
 * @param port 0 takes a free one
 * @param place where it listens and how it is reached
 * @param redirectUris compared character by character
 * @param webhookTargets every event goes to each; can be changed after the start
 * @param tokenLifetime of access tokens
 * @param webhookTimeout after which a delivery counts as failed
 * @param webhookRetries waits before each retry
 * @param webhookTimeFactor multiplies the waits: 0.001 squeezes the hour into seconds
 * @param webhookSenders how many deliveries are under way at once; one keeps their order
 * @param stateFile where grants are kept between runs; null forgets them
 */
public record WhoopSimulatorConfig(
        String profile,
        int port,
        Place place,
        String clientId,
        String clientSecret,
        Set<String> redirectUris,
        List<URI> webhookTargets,
        Duration tokenLifetime,
        int quotaPerMinute,
        int quotaPerDay,
        Duration webhookTimeout,
        List<Duration> webhookRetries,
        double webhookTimeFactor,
        int webhookSenders,
        @Nullable Path stateFile) {

    /** Five retries over about an hour. */
    private static final List<Duration> RETRIES = List.of(
            Duration.ofMinutes(1),
            Duration.ofMinutes(4),
            Duration.ofMinutes(10),
            Duration.ofMinutes(20),
            Duration.ofMinutes(25));

    public WhoopSimulatorConfig {
        redirectUris = Set.copyOf(redirectUris);
        webhookTargets = List.copyOf(webhookTargets);
        webhookRetries = List.copyOf(webhookRetries);
    }

    /** The documented limits, a free port, no webhook target yet. */
    public static WhoopSimulatorConfig of(String clientId, String clientSecret, String redirectUri) {
        return new WhoopSimulatorConfig(
                "sandbox",
                0,
                Place.LOOPBACK,
                clientId,
                clientSecret,
                Set.of(redirectUri),
                List.of(),
                Duration.ofHours(1),
                100,
                10_000,
                Duration.ofSeconds(5),
                RETRIES,
                1,
                1,
                null);
    }

    public WhoopSimulatorConfig withProfile(String newProfile) {
        return copy(
                newProfile,
                port,
                place,
                webhookTargets,
                tokenLifetime,
                quotaPerMinute,
                quotaPerDay,
                webhookTimeFactor,
                webhookSenders,
                stateFile);
    }

    public WhoopSimulatorConfig withPort(int newPort) {
        return copy(
                profile,
                newPort,
                place,
                webhookTargets,
                tokenLifetime,
                quotaPerMinute,
                quotaPerDay,
                webhookTimeFactor,
                webhookSenders,
                stateFile);
    }

    public WhoopSimulatorConfig at(Place newPlace) {
        return copy(
                profile,
                port,
                newPlace,
                webhookTargets,
                tokenLifetime,
                quotaPerMinute,
                quotaPerDay,
                webhookTimeFactor,
                webhookSenders,
                stateFile);
    }

    public WhoopSimulatorConfig withWebhookTargets(List<URI> targets) {
        return copy(
                profile,
                port,
                place,
                targets,
                tokenLifetime,
                quotaPerMinute,
                quotaPerDay,
                webhookTimeFactor,
                webhookSenders,
                stateFile);
    }

    public WhoopSimulatorConfig withTokenLifetime(Duration lifetime) {
        return copy(
                profile,
                port,
                place,
                webhookTargets,
                lifetime,
                quotaPerMinute,
                quotaPerDay,
                webhookTimeFactor,
                webhookSenders,
                stateFile);
    }

    public WhoopSimulatorConfig withQuota(int perMinute, int perDay) {
        return copy(
                profile,
                port,
                place,
                webhookTargets,
                tokenLifetime,
                perMinute,
                perDay,
                webhookTimeFactor,
                webhookSenders,
                stateFile);
    }

    public WhoopSimulatorConfig withWebhookTimeFactor(double factor) {
        return copy(
                profile,
                port,
                place,
                webhookTargets,
                tokenLifetime,
                quotaPerMinute,
                quotaPerDay,
                factor,
                webhookSenders,
                stateFile);
    }

    public WhoopSimulatorConfig withWebhookSenders(int senders) {
        return copy(
                profile,
                port,
                place,
                webhookTargets,
                tokenLifetime,
                quotaPerMinute,
                quotaPerDay,
                webhookTimeFactor,
                senders,
                stateFile);
    }

    public WhoopSimulatorConfig withStateFile(Path file) {
        return copy(
                profile,
                port,
                place,
                webhookTargets,
                tokenLifetime,
                quotaPerMinute,
                quotaPerDay,
                webhookTimeFactor,
                webhookSenders,
                file);
    }

    private WhoopSimulatorConfig copy(
            String newProfile,
            int newPort,
            Place newPlace,
            List<URI> targets,
            Duration lifetime,
            int perMinute,
            int perDay,
            double factor,
            int senders,
            @Nullable Path file) {
        return new WhoopSimulatorConfig(
                newProfile,
                newPort,
                newPlace,
                clientId,
                clientSecret,
                redirectUris,
                targets,
                lifetime,
                perMinute,
                perDay,
                webhookTimeout,
                webhookRetries,
                factor,
                senders,
                file);
    }
}
