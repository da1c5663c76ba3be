package io.vitals.runbooks.rota;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who is on call when: places and no names, which the provider knows.
 *
 * @param zone of the times
 * @param from when the first shift begins
 * @param until when the last one ends
 * @param longest days of a shift
 */
public record Rota(ZoneId zone, LocalDateTime from, LocalDateTime until, int longest, List<Shift> shifts) {
    /**
     * A time in which the same people are on call.
     *
     * @param places who has which role
     */
    public record Shift(LocalDateTime from, LocalDateTime until, Map<String, String> places) {
        public Shift {
            places = Map.copyOf(places);
        }

        String place(String role) {
            return places.getOrDefault(role, "");
        }
    }

    public Rota {
        shifts = List.copyOf(shifts);
    }

    /** The shift at a time. */
    public Optional<Shift> at(Instant now) {
        LocalDateTime local = LocalDateTime.ofInstant(now, zone);
        return shifts.stream()
                .filter(shift -> !local.isBefore(shift.from()) && local.isBefore(shift.until()))
                .findFirst();
    }
}
