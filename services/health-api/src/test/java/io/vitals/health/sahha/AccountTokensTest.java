package io.vitals.health.sahha;

import io.vitals.health.testing.HealthDatabase;
import io.vitals.health.testing.Keysets;
import io.vitals.health.testing.MovableClock;
import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Envelope;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.deadline.Deadline;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AccountTokensTest {
    private static final Duration LIFE = Duration.ofHours(24);
    private static HealthDatabase health;
    private static Database db;

    private final Envelope envelope = Envelope.fromKeyset(Keysets.fresh());
    private final MovableClock clock = new MovableClock();
    private final AtomicInteger fetches = new AtomicInteger();
    private int replicas;

    @BeforeAll
    static void startDatabase() {
        health = HealthDatabase.start();
        db = health.database();
    }

    @AfterAll
    static void stopDatabase() {
        health.close();
    }

    @BeforeEach
    void startFresh() {
        health.clear(List.of("sahha_token"));
    }

    private AccountTokens replica(Envelope seal) {
        return new AccountTokens(db, seal, "the-client", clock, new Random(++replicas));
    }

    private AccountTokens.Fetched fetch() {
        return new AccountTokens.Fetched(
                Secret.of("account-token-" + fetches.incrementAndGet()),
                clock.instant().plus(LIFE));
    }

    @Test
    void oneReplicaFetchesForAllWhoWait() throws Exception {
        assertThat(everybody(4, 0)).containsExactly(1L);
        assertThat(fetches).hasValue(1);
        // All were refused with the same token at once.
        assertThat(everybody(4, 1)).containsExactly(2L);
        assertThat(fetches).hasValue(2);

        clock.move(LIFE.plusSeconds(1));
        assertThat(everybody(4, 0)).containsExactly(3L);
        assertThat(fetches).hasValue(3);
    }

    /** The numbers of the tokens that several callers on each of several replicas get. */
    private Set<Long> everybody(int replicas, long refused) throws Exception {
        Set<Long> numbers = new HashSet<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> callers = new ArrayList<>();
            for (int i = 0; i < replicas; i++) {
                AccountTokens tokens = replica(envelope);
                IntStream.range(0, 5)
                        .forEach(n -> callers.add(threads.submit(
                                () -> tokens.current(refused, this::fetch).number())));
            }
            for (Future<Long> caller : callers) {
                numbers.add(caller.get());
            }
        }
        return numbers;
    }

    @Test
    void aFetchThatFailsLeavesTheNextOneFree() {
        AccountTokens tokens = replica(envelope);
        assertThatThrownBy(() -> tokens.current(0, () -> {
                    throw new SahhaUnavailableException("status 503", null);
                }))
                .isInstanceOf(SahhaUnavailableException.class);

        assertThat(replica(envelope).current(0, this::fetch).number()).isEqualTo(1);
    }

    @Test
    void whoDiesWhileFetchingIsReplacedAndWhoLivesIsWaitedFor() {
        db.execute(Sql.named("lease", """
                        INSERT INTO sahha_token (client_id, number, claim, lease_until)
                        VALUES ('the-client', 0, gen_random_uuid(), clock_timestamp() + INTERVAL '1 hour')
                        """), Params.none());
        assertThatThrownBy(() -> Deadline.within(
                        Duration.ofMillis(300), () -> replica(envelope).current(0, this::fetch)))
                .isInstanceOf(RuntimeException.class);
        assertThat(fetches).hasValue(0);

        db.execute(
                Sql.named("died", "UPDATE sahha_token SET lease_until = clock_timestamp() - INTERVAL '1 second'"),
                Params.none());
        assertThat(replica(envelope).current(0, this::fetch).number()).isEqualTo(1);
    }

    @Test
    void liesSealedAndIsFetchedAnewWhenItsKeyIsGone() {
        AccountTokens.Token token = replica(envelope).current(0, this::fetch);
        byte[] stored = db.first(
                        Sql.named("sealed", "SELECT sealed FROM sahha_token"),
                        Params.none(),
                        row -> row.bytes("sealed"))
                .orElseThrow();
        assertThat(new String(stored, StandardCharsets.ISO_8859_1)).doesNotContain("account-token");
        assertThat(replica(envelope).current(0, this::fetch).value().reveal())
                .isEqualTo(token.value().reveal());
        assertThat(fetches).hasValue(1);

        AccountTokens afterRotation = replica(Envelope.fromKeyset(Keysets.fresh()));
        assertThat(afterRotation.current(0, this::fetch).value().reveal()).isEqualTo("account-token-2");
    }
}
