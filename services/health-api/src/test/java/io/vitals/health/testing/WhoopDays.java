package io.vitals.health.testing;

import io.vitals.health.whoop.WhoopDay;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/** A full WHOOP day whose every number is like no other number. */
public final class WhoopDays {
    private WhoopDays() {}

    /** The night that ends in the morning of the date, the cycle after it, a workout and the body. */
    public static WhoopDay of(LocalDate date) {
        Instant wake = date.atTime(6, 30).toInstant(ZoneOffset.UTC);
        Instant end = wake.plus(Duration.ofHours(16));
        WhoopDay.Cycle cycle = new WhoopDay.Cycle(
                93_845,
                wake.minus(Duration.ofHours(8)),
                end,
                "Z",
                "SCORED",
                11.530191827,
                8368.40918273,
                68.709182734,
                160.40917263,
                end,
                end,
                false);
        WhoopDay.Recovery recovery = new WhoopDay.Recovery(
                93_845,
                "s-1",
                "SCORED",
                false,
                64.390182736,
                52.740918273,
                71.260917263,
                96.480917263,
                33.720918273,
                wake,
                wake);
        WhoopDay.Sleep sleep = new WhoopDay.Sleep(
                "s-1",
                93_845L,
                false,
                wake.minus(Duration.ofHours(8)),
                wake,
                "Z",
                "SCORED",
                28_807_351L,
                1_803_217L,
                0L,
                13_502_411L,
                6_751_309L,
                6_750_414L,
                4L,
                9L,
                28_804_127L,
                1_203_419L,
                600_713L,
                -900_517L,
                15.530918273,
                88.210918273,
                79.340918273,
                93.670918273,
                wake,
                wake);
        WhoopDay.Workout workout = new WhoopDay.Workout(
                "w-1",
                wake.plus(Duration.ofHours(3)),
                wake.plus(Duration.ofHours(4)),
                "Z",
                "running",
                "SCORED",
                9.5109182734,
                141.30918273,
                172.80918273,
                2092.6091827,
                1.0,
                8012.7091827,
                40.910918273,
                List.of(1_000_003L, 2_000_003L, 3_000_017L, 4_000_037L, 5_000_011L, 6_000_011L),
                end,
                end);
        WhoopDay.Body body = new WhoopDay.Body(1.7509182736, 70.510918273, 190.30918273, wake);
        return new WhoopDay(date, 7, cycle, recovery, List.of(sleep), List.of(workout), body, List.of());
    }
}
