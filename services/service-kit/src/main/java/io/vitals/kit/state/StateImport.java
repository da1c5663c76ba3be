package io.vitals.kit.state;

import io.vitals.kit.crypto.SealedFiles;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Fills an empty store with an export, in one transaction: whoever is killed leaves the store as it was and is run again, and nobody ever
 * sees a part of it.
 *
 * @param erased members whom the ledger outside names
 */
record StateImport(Path directory, Manifest manifest, SealedFiles sealed, StateTables decided, Set<UUID> erased) {
    /**
     * What came of it.
     *
     * @param already it was imported before, and nothing was done
     * @param forgotten members of the ledger whose rows were removed again
     */
    record Outcome(boolean already, int forgotten) {}

    private record Trigger(String table, String name) {
        void alter(Connection connection, String how) throws SQLException {
            OwnerConnection.run(connection, "ALTER TABLE " + table + " " + how + " TRIGGER " + name);
        }
    }

    /** Looks at every byte of every file before the store is touched. */
    void verify() throws IOException, StateException {
        Set<String> expected = new TreeSet<>(Set.of(ManifestFile.NAME, ManifestFile.SIGNATURE));
        manifest.files().forEach(entry -> expected.add(entry.file()));
        Set<String> present = OwnFiles.names(directory);
        for (String name : present) {
            if (!expected.contains(name)) {
                throw new StateException(name + ": is no file of this export");
            }
        }
        for (String name : expected) {
            if (!present.contains(name)) {
                throw new StateException(name + ": is missing");
            }
        }
        for (Manifest.Entry entry : manifest.files()) {
            TableFile.verify(directory, manifest.export(), sealed, entry);
        }
    }

    Outcome run(Connection connection, Catalogue store) throws SQLException, IOException, StateException {
        connection.setAutoCommit(false);
        OwnerConnection.seeAllRows(connection);
        // Nobody else writes until the end, so that triggers may stand still: for others they never do.
        OwnerConnection.lock(connection, store.tables(), "SHARE ROW EXCLUSIVE");
        if (imported(connection)) {
            connection.rollback();
            return new Outcome(true, 0);
        }
        refuseRows(connection, store);
        ErasedMembers members = new ErasedMembers(connection, decided);
        members.add(erased);
        members.putAside();
        List<Trigger> triggers = triggers(connection, store);
        for (Trigger trigger : triggers) {
            trigger.alter(connection, "DISABLE");
        }
        for (Catalogue.Table table : store.tables()) {
            for (Manifest.Entry entry : manifest.files()) {
                if (entry.table().equals(table.name())) {
                    insert(connection, table, entry);
                }
            }
        }
        members.putBack();
        for (Trigger trigger : triggers) {
            trigger.alter(connection, "ENABLE");
        }
        int forgotten = members.forget();
        for (Map.Entry<String, Manifest.Counter> sequence : manifest.sequences().entrySet()) {
            moveOn(connection, sequence.getKey(), sequence.getValue());
        }
        OwnerConnection.run(connection, "INSERT INTO state_import (export) VALUES (?)", manifest.export());
        connection.commit();
        return new Outcome(false, forgotten);
    }

    private boolean imported(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT EXISTS (SELECT FROM state_import WHERE export = ?)")) {
            statement.setObject(1, manifest.export());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private void refuseRows(Connection connection, Catalogue store) throws SQLException, StateException {
        for (Catalogue.Table table : store.tables()) {
            boolean ledger = decided.ledger()
                    .filter(known -> known.table().equals(table.name()))
                    .isPresent();
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT EXISTS (SELECT FROM " + table.quoted() + ")")) {
                row.next();
                if (row.getBoolean(1) && !ledger) {
                    throw new StateException(
                            "the store is not empty: table " + table.name() + " has rows that are not of this export");
                }
            }
        }
    }

    /**
     * Those that watch over what the application writes: they would give an entry of the audit log another time and place, and drop rows
     * before the ledger is asked. Foreign keys and checks stay.
     */
    private static List<Trigger> triggers(Connection connection, Catalogue store) throws SQLException {
        List<Trigger> triggers = new ArrayList<>();
        for (Catalogue.Table table : store.tables()) {
            try (PreparedStatement statement = connection.prepareStatement(
                    "SELECT tgname FROM pg_trigger WHERE tgrelid = CAST(? AS regclass) AND NOT tgisinternal AND tgenabled = 'O'")) {
                statement.setString(1, table.quoted());
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        triggers.add(new Trigger(table.quoted(), Catalogue.quote(rows.getString(1))));
                    }
                }
            }
        }
        return triggers;
    }

    /** Inserts the rows and reads them back: what the store holds now are the lines of the file. */
    private void insert(Connection connection, Catalogue.Table table, Manifest.Entry entry)
            throws SQLException, IOException, StateException {
        try (InputStream lines = TableFile.open(directory, manifest.export(), sealed, entry);
                RowInserts inserts = new RowInserts(connection, table, entry.columns())) {
            Rows.read(lines, entry.file(), entry.columns(), inserts::add);
            inserts.flush();
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (state.startsWith("22") || state.startsWith("23")) {
                // What the driver says may quote a value.
                throw new StateException(entry.file() + ": a row is refused by the database (" + state + ")");
            }
            throw e;
        }
        Tally stored = new Tally(OutputStream.nullOutputStream());
        Rows.write(connection, table, entry.columns(), stored);
        if (!stored.sha256().equals(entry.sha256())) {
            throw new StateException(entry.file() + ": the rows in the store are not those of the file");
        }
    }

    /** Never back: a number that was given out is not given out again. */
    private static void moveOn(Connection connection, String sequence, Manifest.Counter counter) throws SQLException {
        Manifest.Counter now = StateExport.counter(connection, sequence);
        if (counter.value() > now.value() || (counter.value() == now.value() && counter.called())) {
            OwnerConnection.run(
                    connection,
                    "SELECT setval(CAST(? AS regclass), ?, ?)",
                    "public." + Catalogue.quote(sequence),
                    counter.value(),
                    counter.called());
        }
    }
}
