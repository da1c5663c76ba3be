package io.vitals.whoop;

import io.vitals.kit.audit.AuditSettings;
import io.vitals.kit.config.ListenerSettings;
import io.vitals.kit.config.ManagementSettings;
import io.vitals.kit.config.Secret;
import io.vitals.kit.config.TracingSettings;
import io.vitals.kit.state.StateSettings;
import io.vitals.sandbox.postgres.SandboxDatabase;
import io.vitals.sandbox.whoop.WhoopSimulator;
import io.vitals.whoop.records.RecordSettings;
import io.vitals.whoop.support.Keys;
import io.vitals.whoop.support.TestDatabases;
import io.vitals.whoop.sync.SyncSettings;
import io.vitals.whoop.upstream.UpstreamSettings;
import io.vitals.whoop.webhook.WebhookSettings;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What tests turn about the service; all other settings are the same for everybody, with short pauses.
 *
 * @param circuitVolume how many calls the breakers look back on
 * @param claim how long work is held, of which a page may take a quarter before the next one is left to a claim of its own
 */
record ServiceTuning(int backfillDays, int historyDays, int circuitVolume, Duration claim) {
    private static final Duration LONG_CLAIM = Duration.ofSeconds(10);

    static final Duration SHORT_CLAIM = Duration.ofSeconds(4);

    /** What most tests want: only the first days, so that nothing comes later than it is waited for. */
    static final ServiceTuning USUAL = new ServiceTuning(30, 30, 5, LONG_CLAIM);

    /** As with the defaults in production: members' years are fetched in the background, too. */
    static final ServiceTuning WITH_HISTORY = new ServiceTuning(30, 365, 5, SHORT_CLAIM);

    /** A breaker that would open after thousands of failures is none. */
    static final ServiceTuning WITHOUT_BREAKER = new ServiceTuning(30, 30, 10_000, LONG_CLAIM);

    /** So long a first walk that every kind of record comes on several pages. */
    static final ServiceTuning LONG_FIRST_WALK = new ServiceTuning(120, 120, 5, LONG_CLAIM);

    private static final ListenerSettings ANY_PORT = new ListenerSettings("127.0.0.1", 0);

    WhoopServiceSettings settings(
            SandboxDatabase sandbox,
            WhoopSimulator whoop,
            URI apiBaseUrl,
            URI tokenUrl,
            Duration upstreamDeadline,
            Secret keyset,
            Keys.Caller caller) {
        return new WhoopServiceSettings(
                WhoopServiceSettings.Profile.SANDBOX,
                Duration.ZERO,
                ANY_PORT,
                ANY_PORT,
                new ManagementSettings("127.0.0.1", 0),
                TestDatabases.settings(sandbox),
                Optional.empty(),
                new WhoopServiceSettings.App(
                        apiBaseUrl,
                        whoop.authorizeUrl(),
                        tokenUrl,
                        RunningService.CLIENT_ID,
                        Secret.of(RunningService.CLIENT_SECRET),
                        Optional.of(Secret.of(RunningService.PREVIOUS_SECRET)),
                        RunningService.REDIRECT,
                        true),
                new UpstreamSettings(
                        upstreamDeadline,
                        Duration.ofSeconds(1),
                        16,
                        Duration.ofMillis(200),
                        circuitVolume,
                        Duration.ofSeconds(1)),
                new WhoopServiceSettings.Crypto(keyset),
                new WhoopServiceSettings.Callers(caller.publicSet()),
                new SyncSettings(
                        backfillDays,
                        Duration.ofDays(3),
                        2,
                        claim,
                        Duration.ofMillis(40),
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(10),
                        Duration.ofHours(6),
                        Duration.ofDays(1),
                        Duration.ofMillis(50),
                        Duration.ofMillis(500),
                        historyDays,
                        Duration.ofDays(1),
                        Duration.ofHours(1)),
                new RecordSettings(Duration.ofDays(400)),
                new WebhookSettings(
                        Duration.ofHours(24),
                        2,
                        Duration.ofSeconds(2),
                        Duration.ofMillis(20),
                        Duration.ofMillis(50),
                        Duration.ofMillis(500),
                        new WebhookSettings.Limits(5_000, 10_000, 8_000, 16_000, List.of())),
                new AuditSettings(Duration.ofSeconds(30), Optional.empty(), Optional.empty(), Duration.ofDays(1100)),
                new TracingSettings(false, "127.0.0.1", 4318),
                new StateSettings(Optional.empty()));
    }
}
