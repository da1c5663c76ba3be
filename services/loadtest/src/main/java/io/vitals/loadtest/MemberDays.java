package io.vitals.loadtest;

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
final class MemberDays {
    static final LocalDate LAST = LocalDate.of(2026, 6, 30);
    static final int DAYS = 365;

    private MemberDays() {}

    /** Somebody who has days and no account. */
    static UUID member(int number) {
        return new UUID(7, number);
    }

    static void seed(Connection connection, UUID member) throws SQLException, IOException {
        insert(connection, "SELECT CAST('%s' AS uuid) AS member, 0 AS number".formatted(member));
    }

    /** The members with these numbers, both included. */
    static void seed(Connection connection, int first, int last) throws SQLException, IOException {
        insert(
                connection,
                "SELECT CAST(format('00000000-0000-0007-0000-%%s', lpad(to_hex(n), 12, '0')) AS uuid) AS member, n AS number"
                                .replace("%%", "%")
                        + " FROM generate_series(%d, %d) AS n".formatted(first, last));
    }

    private static void insert(Connection connection, String members) throws SQLException, IOException {
        Queries.execute(connection, "SET vitals.worker = 'projector'");
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO daily_record (member, local_date, version, document, content_hash,
                                          formula_version, whoop_version, is_final, updated_at)
                SELECT member, d, number * 1000 + n, CAST(replace(?, '2026-06-30', d::text) AS json), sha256(''), '1', 0, true, now()
                  FROM (%s) AS members, generate_series(0, ? - 1) AS n, LATERAL (SELECT CAST(? AS date) - n AS d) AS day
                    ON CONFLICT (member, local_date) DO NOTHING
                """.formatted(members))) {
            insert.setString(1, document());
            insert.setInt(2, DAYS);
            insert.setObject(3, LAST);
            insert.executeUpdate();
        }
    }

    private static String document() throws IOException {
        try (var in = Objects.requireNonNull(MemberDays.class.getResourceAsStream("day.json"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
