package io.vitals.sandbox.launcher;

import io.vitals.sandbox.control.ControlServer;
import io.vitals.sandbox.http.Place;
import io.vitals.sandbox.issuer.Account;
import io.vitals.sandbox.issuer.IssuerConfig;
import io.vitals.sandbox.issuer.OidcIssuer;
import io.vitals.sandbox.member.Population;
import io.vitals.sandbox.sahha.SahhaConfig;
import io.vitals.sandbox.sahha.SahhaControl;
import io.vitals.sandbox.sahha.SahhaControlModule;
import io.vitals.sandbox.sahha.SahhaSimulator;
import io.vitals.sandbox.whoop.WhoopSimulator;
import io.vitals.sandbox.whoop.WhoopSimulatorConfig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** WHOOP, Sahha, the issuer and their control page, wired to the services of one run. */
public final class Simulators implements AutoCloseable {
    private static final long SEED = 20_261_101;

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final Population population;
    private final WhoopSimulator whoop;
    private final SahhaSimulator sahha;
    private final OidcIssuer issuer;

    Simulators(SimulatorSettings settings, Conditions conditions, Clock clock) {
        Ports ports = settings.ports();
        Place place = settings.place();
        VitalsAddresses vitals = settings.vitals();
        SimulatorSecrets secrets = settings.secrets();
        try {
            Path kept = Files.createDirectories(settings.directory().resolve("simulators"));
            population = Population.kept(
                    SEED, conditions.people(), clock, settings.almanac(), kept.resolve("population.journal"));
            whoop = track(WhoopSimulator.start(
                    WhoopSimulatorConfig.of(
                                    ServiceFiles.WHOOP_CLIENT_ID,
                                    Secrets.read(secrets.whoopClientSecret()),
                                    vitals.whoopRedirectUri())
                            .at(place)
                            .withPort(ports.whoopSimulator())
                            .withWebhookTargets(List.of(vitals.whoopWebhooks()))
                            .withQuota(conditions.quotaPerMinute(), conditions.quotaPerDay())
                            .withWebhookTimeFactor(conditions.webhookTimeFactor())
                            .withWebhookSenders(conditions.webhookSenders())
                            .withStateFile(kept.resolve("whoop.state")),
                    population));
            sahha = track(SahhaSimulator.start(SahhaConfig.of(
                            ServiceFiles.SAHHA_CLIENT_ID,
                            Secrets.read(secrets.sahhaClientSecret()),
                            population.people(),
                            population.clock())
                    .at(place)
                    .onPort(ports.sahhaSimulator())
                    .withProfilesFile(kept.resolve("sahha.profiles"))
                    .withWebhooks(vitals.sahhaWebhooks(), Secrets.read(secrets.sahhaWebhookSecret()))
                    .announcingEvery(Duration.ofSeconds(20))));
            issuer = track(OidcIssuer.start(
                    IssuerConfig.forVitals(vitals.page(), Secrets.read(secrets.oidcClientSecret()), clock)
                            .withAccounts(accounts(conditions.people()))
                            .at(place)
                            .onPort(ports.issuer())
                            .withKeyFile(secrets.issuerKey())));
            track(ControlServer.start(
                    "sandbox",
                    place,
                    ports.control(),
                    List.of(whoop.controlModule(), new SahhaControlModule(sahha.control()))));
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The usual ones, and a plain member for everybody who comes on top of them. */
    private static List<Account> accounts(int people) {
        List<Account> accounts = new ArrayList<>(Account.SANDBOX);
        for (int number = accounts.size() + 1; number <= people; number++) {
            accounts.add(new Account("member-" + number, "Member " + number, List.of("member")));
        }
        return accounts;
    }

    public WhoopSimulator whoop() {
        return whoop;
    }

    public SahhaControl sahha() {
        return sahha.control();
    }

    public OidcIssuer issuer() {
        return issuer;
    }

    public Population population() {
        return population;
    }

    private <T extends AutoCloseable> T track(T part) {
        started.push(part);
        return part;
    }

    @Override
    public void close() {
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                System.getLogger(Simulators.class.getName())
                        .log(System.Logger.Level.WARNING, "A simulator did not stop cleanly", e);
            }
        }
    }
}
