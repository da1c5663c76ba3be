package io.vitals.health.daily;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The merged days as readers see them. Everything is answered from stored rows; nothing here calls WHOOP or Sahha.
 * The member is always a parameter of the query, so a caller can never see another member's rows by a wrong date.
 *
 * <p>Errors: only the database's own failure ({@code DatabaseException}).
 */
public interface DailyRecords {

    /** The most days that one range answer holds. */
    int MAX_PAGE = 400;

    /**
     * The days from {@code from} to {@code to}, both inclusive, oldest first; days without a record are left out.
     *
     * @param limit 1 to {@link #MAX_PAGE}
     */
    DayPage range(UUID member, LocalDate from, LocalDate to, int limit);

    /** One day; empty when nothing is known of it. */
    Optional<DayDocument> day(UUID member, LocalDate date);

    /**
     * Why the day says what it says; empty when nothing is known of it. A record that the rebuild queue has not come to
     * yet is made anew first, so that record and explanation are of the same rows.
     */
    Optional<Explanation> explain(UUID member, LocalDate date);

    /** The compact summary of one day. Always answers: what is not known is null with a reason. */
    Overview overview(UUID member, LocalDate date);

    /** Whether a connected source could not be asked lately. */
    boolean stale(UUID member);

    /** What is connected, fresh and missing. */
    SourcesReport sources(UUID member);

    /** The member's current date, in the zone offset last seen in their data; UTC when none was seen yet. */
    LocalDate today(UUID member);

    /**
     * What became visible to this member after the given change number, in order, at most 500. A change is never
     * skipped: numbers of one member are given out in commit order.
     */
    List<DailyChange> changesSince(UUID member, long after);

    /** The member's newest change number; 0 when there is none. Where a live stream starts. */
    long newestChange(UUID member);
}
