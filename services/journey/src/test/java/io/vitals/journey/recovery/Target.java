package io.vitals.journey.recovery;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;

/**
 * What a database is to become again.
 *
 * @param settings of PostgreSQL, without the archive
 * @param choice by which Barman chooses the base backup
 * @param stop position in the log behind which nothing may come back
 * @param at the newest time that it holds
 */
record Target(Kind kind, String name, Map<String, String> settings, List<String> choice, long stop, Instant at) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSSxxx").withZone(ZoneOffset.UTC);

    /** By what it is named. */
    enum Kind {
        TIME,
        LSN,
        NAME,
        END
    }

    /** As it was at a time. The server stops before the first end of a transaction that is later, in the order of its log. */
    static Target time(Instant time, CommitLog log) {
        String text = TIME.format(time);
        long stop = log.ends().stream()
                .filter(end -> end.at().isAfter(time))
                .mapToLong(CommitLog.End::start)
                .min()
                .orElseThrow(() -> new IllegalArgumentException("nothing ended after " + text));
        return new Target(
                Kind.TIME, text, Map.of("recovery_target_time", text), List.of("--target-time", text), stop, time);
    }

    /** With this transaction and nothing behind it. */
    static Target lsn(CommitLog.End last) {
        String text = CommitLog.position(last.start());
        return new Target(
                Kind.LSN,
                text,
                Map.of("recovery_target_lsn", text),
                List.of("--target-lsn", text),
                last.end(),
                last.at());
    }

    /** As it was when somebody gave the moment a name. */
    static Target name(String name, long position, Instant at) {
        return new Target(
                Kind.NAME,
                name,
                Map.of("recovery_target_name", name),
                List.of("--target-lsn", CommitLog.position(position)),
                position,
                at);
    }

    /** As far as the archive goes. */
    static Target end(long archived, Instant at) {
        return new Target(Kind.END, CommitLog.position(archived), Map.of(), List.of(), archived, at);
    }

    boolean includes(CommitLog.End end) {
        return end.end() <= stop;
    }
}
