package io.vitals.kit.state;

import io.vitals.kit.personal.ErasureLedger;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Who was erased since the export, and must not come back: whom the ledger names, and whom the store's own table names. That table's rows
 * are put aside while the exported ones are put in and compared; then they hold again.
 */
final class ErasedMembers {
    private final Connection connection;
    private final StateTables decided;
    private final Set<UUID> members = new LinkedHashSet<>();

    ErasedMembers(Connection connection, StateTables decided) {
        this.connection = connection;
        this.decided = decided;
    }

    /** Members whom the files of a ledger name. */
    static Set<UUID> read(List<Path> files) throws IOException {
        Set<UUID> members = new LinkedHashSet<>();
        for (Path file : files) {
            ErasureLedger.read(file).forEach(line -> members.add(line.member()));
        }
        return members;
    }

    void add(Set<UUID> more) {
        members.addAll(more);
    }

    void putAside() throws SQLException {
        Optional<StateTables.Ledger> ledger = decided.ledger();
        if (ledger.isEmpty()) {
            return;
        }
        String table = "public." + Catalogue.quote(ledger.get().table());
        OwnerConnection.run(connection, "CREATE TEMPORARY TABLE state_erased ON COMMIT DROP AS SELECT * FROM " + table);
        OwnerConnection.run(connection, "DELETE FROM " + table);
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT " + Catalogue.quote(ledger.get().member()) + " FROM state_erased")) {
            while (rows.next()) {
                members.add(rows.getObject(1, UUID.class));
            }
        }
    }

    void putBack() throws SQLException {
        Optional<StateTables.Ledger> ledger = decided.ledger();
        if (ledger.isPresent()) {
            String table = "public." + Catalogue.quote(ledger.get().table());
            String member = Catalogue.quote(ledger.get().member());
            OwnerConnection.run(
                    connection,
                    "DELETE FROM " + table + " WHERE " + member + " IN (SELECT " + member + " FROM state_erased)");
            OwnerConnection.run(connection, "INSERT INTO " + table + " SELECT * FROM state_erased");
        }
    }

    /**
     * Removes their rows, by the same functions as an erasure.
     *
     * @return how many members had any
     */
    int forget() throws SQLException, StateException {
        int forgotten = 0;
        for (UUID member : members) {
            if (left(member) == 0) {
                continue;
            }
            if (decided.beforeErasure().isPresent()) {
                OwnerConnection.run(connection, decided.beforeErasure().get(), member);
            }
            OwnerConnection.run(connection, "SELECT * FROM personal_erase(?)", member);
            if (left(member) > 0) {
                throw new StateException("rows of a member whom the ledger names cannot be removed");
            }
            forgotten++;
        }
        return forgotten;
    }

    private long left(UUID member) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT personal_left(?)")) {
            statement.setObject(1, member);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
