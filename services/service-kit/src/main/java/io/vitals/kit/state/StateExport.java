package io.vitals.kit.state;

import io.vitals.kit.crypto.SealedFiles;
import io.vitals.kit.crypto.SignatureKey;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Writes all that a store holds, as it was at one moment.
 *
 * @param id names the export
 * @param sealed with a data key of the export's own
 */
record StateExport(
        String service,
        String release,
        StateTables decided,
        UUID id,
        Instant now,
        SealedFiles sealed,
        SignatureKey key) {
    /**
     * Writes into the directory, or leaves nothing in it.
     *
     * @param entered is run when it is certain what will be written, and before any of it is
     */
    Manifest run(Connection connection, Path directory, Runnable entered)
            throws SQLException, IOException, StateException {
        OwnFiles.directory(directory);
        try {
            Catalogue catalogue = begin(connection);
            // Sequences are of no moment: read after it, they are at least as far as its rows.
            Map<String, Manifest.Counter> sequences = new TreeMap<>();
            for (String sequence : catalogue.sequences()) {
                sequences.put(sequence, counter(connection, sequence));
            }
            entered.run();
            Manifest manifest = write(connection, catalogue, sequences, directory);
            connection.rollback();
            ManifestFile.write(directory, manifest, key);
            return manifest;
        } catch (SQLException | IOException | StateException | RuntimeException e) {
            try {
                OwnFiles.empty(directory);
            } catch (IOException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
    }

    /** A migration waits from the lock on, and the moment comes after it: no table changes its shape in between. */
    private Catalogue begin(Connection connection) throws SQLException, StateException {
        Catalogue before = Catalogue.read(connection, decided);
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setReadOnly(true);
        OwnerConnection.lock(connection, before.tables(), "ACCESS SHARE");
        OwnerConnection.seeAllRows(connection);
        return Catalogue.read(connection, decided);
    }

    private Manifest write(
            Connection connection, Catalogue catalogue, Map<String, Manifest.Counter> sequences, Path directory)
            throws SQLException, IOException {
        List<Manifest.Entry> files = new ArrayList<>();
        for (Catalogue.Table table : catalogue.tables()) {
            files.add(TableFile.write(directory, id, sealed, connection, table));
        }
        return new Manifest(
                Manifest.FORMAT, service, id, now, release, catalogue.schema(), sealed.sealedKey(), files, sequences);
    }

    static Manifest.Counter counter(Connection connection, String sequence) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT last_value, is_called FROM public." + Catalogue.quote(sequence))) {
            row.next();
            return new Manifest.Counter(row.getLong(1), row.getBoolean(2));
        }
    }
}
