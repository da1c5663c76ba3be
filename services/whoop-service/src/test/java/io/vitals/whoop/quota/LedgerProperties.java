package io.vitals.whoop.quota;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiPredicate;

import static org.assertj.core.api.Assertions.assertThat;

/** The rules of the quota over all kinds of days, judged by a plain list of what arrived when. */
class LedgerProperties {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00.123Z");
    private static final int MINUTE_LIMIT = 20;
    private static final int DAY_LIMIT = 200;

    /** So many requests of a lane at once, some time after those before, each under way for so long. */
    record Burst(Duration after, Lane lane, int requests, Duration underWay) {}

    @Provide
    Arbitrary<List<Burst>> bursts() {
        Arbitrary<Duration> after = Arbitraries.oneOf(
                        Arbitraries.longs().between(0, 3_000),
                        Arbitraries.longs().between(50_000, 70_000),
                        Arbitraries.longs().between(0, 40_000_000))
                .map(Duration::ofMillis);
        return Combinators.combine(
                        after,
                        Arbitraries.of(Lane.class),
                        Arbitraries.integers().between(1, 30),
                        Arbitraries.longs().between(0, 5_000).map(Duration::ofMillis))
                .as(Burst::new)
                .list()
                .ofMaxSize(60);
    }

    @Property(tries = 300)
    void noStretchOfAMinuteOrADayHoldsMoreThanWhoopAllows(@ForAll("bursts") List<Burst> bursts) {
        Ledger[] ledger = {Ledger.fresh(MINUTE_LIMIT, DAY_LIMIT)};
        List<Instant> arrivals = arrivals(bursts, (lane, now) -> {
            Ledger.Verdict verdict = ledger[0].take(lane, now);
            ledger[0] = verdict.ledger();
            return verdict.granted();
        });

        assertThat(busiest(arrivals, Ledger.MINUTE)).isLessThanOrEqualTo((int) (MINUTE_LIMIT * Ledger.SOFT_CAP));
        assertThat(busiest(arrivals, Ledger.DAY)).isLessThanOrEqualTo((int) (DAY_LIMIT * Ledger.SOFT_CAP));
    }

    /** The control: windows that begin with a request, as a simpler quota would have them. */
    @Example
    void windowsThatBeginWithARequestWouldLetMoreThrough() {
        Instant[] begin = {Instant.MIN};
        int[] used = {0};
        List<Burst> bursts = List.of(
                new Burst(Duration.ZERO, Lane.WEBHOOK, 1, Duration.ZERO),
                new Burst(Duration.ofSeconds(59), Lane.WEBHOOK, 18, Duration.ZERO),
                new Burst(Duration.ofSeconds(2), Lane.WEBHOOK, 19, Duration.ZERO));
        List<Instant> arrivals = arrivals(bursts, (_, now) -> {
            if (begin[0].equals(Instant.MIN) || !now.isBefore(begin[0].plusSeconds(60))) {
                begin[0] = now;
                used[0] = 0;
            }
            return ++used[0] <= MINUTE_LIMIT * Ledger.SOFT_CAP;
        });

        assertThat(busiest(arrivals, Ledger.MINUTE)).isGreaterThan(MINUTE_LIMIT);
    }

    @Property(tries = 300)
    void whoeverIsTurnedAwayIsLetInWhenTheWaitIsOver(@ForAll("bursts") List<Burst> bursts) {
        Ledger[] ledger = {Ledger.fresh(MINUTE_LIMIT, DAY_LIMIT)};
        arrivals(bursts, (lane, now) -> {
            Ledger.Verdict verdict = ledger[0].take(lane, now);
            ledger[0] = verdict.ledger();
            if (!verdict.granted()) {
                Instant free = now.plus(verdict.pause());
                assertThat(ledger[0].take(lane, free).granted()).isTrue();
                assertThat(verdict.pause()).isPositive();
                assertThat(ledger[0].take(lane, free.minusMillis(1)).granted()).isFalse();
            }
            return verdict.granted();
        });
    }

    @Property(tries = 300)
    void lowerLanesNeverTouchTheReserveOfHigherOnes(@ForAll("bursts") List<Burst> bursts) {
        Ledger[] ledger = {Ledger.fresh(MINUTE_LIMIT, DAY_LIMIT)};
        arrivals(bursts, (lane, now) -> {
            // What the members' lane and those below have left must be enough for a webhook, whatever they did.
            Lane asked = lane == Lane.WEBHOOK ? Lane.MEMBER : lane;
            Ledger.Verdict verdict = ledger[0].take(asked, now);
            ledger[0] = verdict.ledger();
            assertThat(ledger[0].take(Lane.WEBHOOK, now).granted()).isTrue();
            return verdict.granted();
        });
    }

    @Example
    void historyTakesAQuarterOfItsDayInAnHourAndItsShareInADay() {
        Ledger ledger = Ledger.fresh(1_000_000, 10_000);
        Instant now = START;
        int first = 0;
        int all = 0;
        for (int minute = 0; minute < 24 * 60; minute++) {
            Ledger.Verdict verdict = ledger.take(Lane.BACKFILL, now);
            while (verdict.granted()) {
                ledger = verdict.ledger();
                all++;
                first += minute < 60 ? 1 : 0;
                verdict = ledger.take(Lane.BACKFILL, now);
            }
            now = now.plusSeconds(60);
        }

        assertThat(first).isEqualTo(1663);
        assertThat(all).isEqualTo(6650);
        assertThat(ledger.take(Lane.POLL, now).granted()).isTrue();
    }

    private static List<Instant> arrivals(List<Burst> bursts, BiPredicate<Lane, Instant> quota) {
        List<Instant> arrivals = new ArrayList<>();
        Instant now = START;
        for (Burst burst : bursts) {
            now = now.plus(burst.after());
            for (int i = 0; i < burst.requests(); i++) {
                if (quota.test(burst.lane(), now)) {
                    arrivals.add(now.plus(burst.underWay()));
                }
            }
        }
        arrivals.sort(Comparator.naturalOrder());
        return arrivals;
    }

    private static int busiest(List<Instant> sorted, Duration stretch) {
        int most = 0;
        int from = 0;
        for (int to = 0; to < sorted.size(); to++) {
            while (!sorted.get(from).isAfter(sorted.get(to).minus(stretch))) {
                from++;
            }
            most = Math.max(most, to - from + 1);
        }
        return most;
    }
}
