package io.vitals.journey.recovery;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where in the server's log, and when, each transaction ended: read from the log itself, by nobody who restores. */
record CommitLog(List<End> ends) {
    private static final Pattern TIME = Pattern.compile("(\\S+) ([0-9:.]+)\\+00\\b.*");
    private static final String ENDS = """
            SELECT xid::text::bigint, record_type, description, start_lsn - '0/0'::pg_lsn, end_lsn - '0/0'::pg_lsn
              FROM pg_get_wal_records_info(?::pg_lsn, ?::pg_lsn) WHERE resource_manager = 'Transaction'""";

    /**
     * The end of a transaction.
     *
     * @param start of its record in the log
     * @param end of its record
     */
    record End(long transaction, boolean committed, Instant at, long start, long end) {}

    static CommitLog read(Connection postgres, String from, String to) throws SQLException {
        try (Statement zone = postgres.createStatement()) {
            zone.execute("SET TIME ZONE 'UTC'");
        }
        var ends = new ArrayList<End>();
        try (PreparedStatement statement = postgres.prepareStatement(ENDS)) {
            statement.setString(1, from);
            statement.setString(2, to);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String type = row.getString(2);
                    if (type.startsWith("COMMIT") || type.startsWith("ABORT")) {
                        ends.add(new End(
                                row.getLong(1),
                                type.startsWith("COMMIT"),
                                time(row.getString(3)),
                                row.getLong(4),
                                row.getLong(5)));
                    }
                }
            }
        }
        return new CommitLog(List.copyOf(ends));
    }

    private static Instant time(String description) {
        Matcher time = TIME.matcher(description);
        if (!time.matches()) {
            throw new IllegalStateException("the end of a transaction has no time: " + description);
        }
        return LocalDateTime.parse(time.group(1) + "T" + time.group(2)).toInstant(ZoneOffset.UTC);
    }

    /** A position as a number. */
    static long position(String text) {
        String[] halves = text.split("/", -1);
        return (Long.parseLong(halves[0], 16) << 32) + Long.parseLong(halves[1], 16);
    }

    /** A position as the server writes it. */
    static String position(long position) {
        return "%X/%X".formatted(position >>> 32, position & 0xFFFF_FFFFL);
    }
}
