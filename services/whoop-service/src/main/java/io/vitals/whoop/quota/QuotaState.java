package io.vitals.whoop.quota;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * The budget for somebody who looks at it.
 *
 * @param blockedUntil WHOOP refused and named this time; null unless nothing may be asked now
 * @param members those who are linked
 * @param requestsPerMember in a day, without history
 * @param capacity members that the day's budget carries at that rate
 */
public record QuotaState(
        Window minute,
        Window day,
        List<LaneState> lanes,
        @Nullable Instant blockedUntil,
        long members,
        double requestsPerMember,
        long capacity) {

    /**
     * A minute or a day.
     *
     * @param limit what WHOOP allows
     * @param used what WHOOP may have counted, at the most
     * @param elsewhere of these, the requests that we did not make
     */
    public record Window(int limit, int used, int elsewhere) {}

    /**
     * A lane.
     *
     * @param minuteAllowance up to which use of the minute it may go on
     * @param dayAllowance up to which use of the day it may go on
     * @param dayUsed its own requests of the last day
     */
    public record LaneState(Lane lane, int minuteAllowance, int dayAllowance, int dayUsed) {}

    public QuotaState {
        lanes = List.copyOf(lanes);
    }

    static QuotaState of(Ledger ledger, long members, double requestsPerMember, long capacity) {
        return new QuotaState(
                new Window(
                        ledger.minuteLimit(),
                        ledger.minuteUsed(),
                        ledger.minuteForeign().count()),
                new Window(
                        ledger.dayLimit(), ledger.dayUsed(), ledger.dayForeign().count()),
                Arrays.stream(Lane.values())
                        .map(lane -> new LaneState(
                                lane,
                                Ledger.allowance(ledger.minuteLimit(), lane),
                                Ledger.allowance(ledger.dayLimit(), lane),
                                ledger.of(lane).total()))
                        .toList(),
                ledger.blockedUntil(),
                members,
                requestsPerMember,
                capacity);
    }
}
