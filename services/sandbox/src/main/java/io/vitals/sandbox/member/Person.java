package io.vitals.sandbox.member;

import java.time.LocalDate;
import java.util.List;

/** A synthetic person, told by the clock of its population: what has not happened yet is not visible. */
public interface Person {
    Profile profile();

    /** The first day with data, at least 120 days before today. */
    LocalDate firstDay();

    /** Today where the person is. */
    LocalDate today();

    /** The day as known now; {@code date} lies between {@link #firstDay()} and {@link #today()}. */
    PersonDay day(LocalDate date);

    /** Days of the range that lie between the first day and today, oldest first. */
    default List<PersonDay> days(LocalDate from, LocalDate to) {
        LocalDate first = from.isBefore(firstDay()) ? firstDay() : from;
        LocalDate last = to.isAfter(today()) ? today() : to;
        return first.isAfter(last)
                ? List.of()
                : first.datesUntil(last.plusDays(1)).map(this::day).toList();
    }
}
