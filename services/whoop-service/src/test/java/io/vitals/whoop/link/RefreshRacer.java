package io.vitals.whoop.link;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.audit.AuditLog;
import io.vitals.kit.config.DatabaseSettings;
import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Envelope;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.DatabaseException;
import io.vitals.kit.outbound.OutboundClient;
import io.vitals.whoop.feed.Feed;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.quota.Quota;
import io.vitals.whoop.upstream.WhoopApi;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** One of the processes of {@link RefreshRaceTest}: at each line it asks for every member's token at once, and tells what it got. */
final class RefreshRacer {
    /** Shorter than the lease; a busy machine is no reason to give an answer up for lost. */
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    /** One connection each, so that none waits for another's. */
    private static final int THREADS = 6;

    private RefreshRacer() {}

    /**
     * Races.
     *
     * @param args URL of the database, of WHOOP's authorization page, API and token endpoint, then the members
     */
    public static void main(String[] args) throws Exception {
        var random = new SecureRandom();
        var registry = new SimpleMeterRegistry();
        var settings = new DatabaseSettings(args[0], "whoop_app", Secret.of(System.getenv("RACE_PASSWORD")), THREADS);
        List<MemberId> members = Arrays.stream(args)
                .skip(4)
                .map(id -> new MemberId(UUID.fromString(id)))
                .toList();
        try (Database database = Database.open(settings, "racer", registry);
                OutboundClient apiClient = SimulatedLinks.client(URI.create(args[2]));
                OutboundClient tokenClient =
                        SimulatedLinks.client(URI.create(args[3]).resolve("."), PATIENCE)) {
            var api = new WhoopApi(apiClient, new Quota(database, random, registry), registry);
            var tokens = new TokenAccess(
                    database,
                    Envelope.fromKeyset(Secret.of(System.getenv("RACE_KEYSET"))),
                    tokenClient,
                    "/token",
                    SimulatedLinks.settings(URI.create(args[1])),
                    api,
                    new Feed(database),
                    new AuditLog(registry),
                    SimulatedLinks.CLOCK,
                    random,
                    registry);
            race(tokens, members);
        }
    }

    private static void race(TokenAccess tokens, List<MemberId> members) throws Exception {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        answer("up");
        while (in.readLine() != null) {
            try (var threads = Executors.newFixedThreadPool(THREADS)) {
                List<Future<Access>> got = members.stream()
                        .map(member -> threads.submit(() -> ask(tokens, member)))
                        .toList();
                int ready = 0;
                int later = 0;
                for (Future<Access> access : got) {
                    ready += access.get() instanceof Access.Ready ? 1 : 0;
                    later += access.get() instanceof Access.Later ? 1 : 0;
                }
                answer("raced " + ready + " " + later);
            }
        }
    }

    /** A database that does not answer in time is no answer: whoever needs a token asks again. */
    private static Access ask(TokenAccess tokens, MemberId member) {
        for (int attempt = 1; ; attempt++) {
            try {
                return tokens.access(member);
            } catch (DatabaseException e) {
                if (attempt == 5) {
                    throw e;
                }
            }
        }
    }

    @SuppressWarnings("SystemOut") // The answer to the process that started this one.
    private static void answer(String line) throws IOException {
        System.out.println("racer: " + line);
        System.out.flush();
    }
}
