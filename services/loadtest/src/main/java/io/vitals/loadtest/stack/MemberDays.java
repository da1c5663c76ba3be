package io.vitals.loadtest.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Objects;
import java.util.UUID;

/** A year of merged days for as many members as wanted, put straight into the table: all live the same day again
 * and again. Who is there already, from another part of the run, stays. */
public final class MemberDays {
    public static final LocalDate LAST = LocalDate.of(2026, 6, 30);
    public static final int DAYS = 365;

    private MemberDays() {}

    /** Somebody who has days and no account. */
    public static UUID member(int number) {
        return new UUID(7, number);
    }

    public static void seed(Connection connection, UUID member) throws SQLException, IOException {
        Queries.execute(connection, "SET vitals.worker = 'projector'");
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO daily_record (member, local_date, version, document, content_hash,
                                          formula_version, whoop_version, is_final, updated_at)
                SELECT ?, d, n, CAST(replace(?, '2026-06-30', d::text) AS json), sha256(''), '1', 0, true, now()
                  FROM generate_series(0, ? - 1) AS n, LATERAL (SELECT CAST(? AS date) - n AS d) AS day
                    ON CONFLICT (member, local_date) DO NOTHING
                """)) {
            insert.setObject(1, member);
            insert.setString(2, document());
            insert.setInt(3, DAYS);
            insert.setObject(4, LAST);
            insert.executeUpdate();
        }
    }

    /**
     * The members with these numbers, both included. Their days are the first one's, taken over as they lie in the table: a hundred
     * thousand years of them would else be parsed and compressed one by one.
     */
    public static void seed(Connection connection, int first, int last) throws SQLException, IOException {
        seed(connection, member(1));
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO daily_record (member, local_date, version, document, content_hash,
                                          formula_version, whoop_version, is_final, updated_at)
                SELECT CAST(format('00000000-0000-0007-0000-%s', lpad(to_hex(number), 12, '0')) AS uuid), local_date,
                       number * 1000 + version, document, content_hash, formula_version, whoop_version, is_final, updated_at
                  FROM daily_record, generate_series(?, ?) AS number
                 WHERE member = ?
                    ON CONFLICT (member, local_date) DO NOTHING
                """)) {
            insert.setInt(1, first);
            insert.setInt(2, last);
            insert.setObject(3, member(1));
            insert.executeUpdate();
        }
    }

    private static String document() throws IOException {
        try (var in = Objects.requireNonNull(MemberDays.class.getResourceAsStream("day.json"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
