package io.vitals.kit.state;

import io.vitals.kit.crypto.Envelope;
import io.vitals.kit.crypto.SealedFiles;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/** The file of a table: lines, sealed for the export and the table. */
final class TableFile {
    private static final int BUFFER = 1 << 16;

    private TableFile() {}

    /** Where the data key of an export belongs. */
    static byte[] keyPlace(String service, UUID export) {
        return Envelope.place("state-export", service, export.toString());
    }

    private static byte[] place(UUID export, String table) {
        return Envelope.place("state-export", export.toString(), table);
    }

    static Manifest.Entry write(
            Path directory, UUID export, SealedFiles sealed, Connection connection, Catalogue.Table table)
            throws IOException, SQLException {
        String name = new Manifest.Entry(table.name(), table.exported(), 0, "", "").file();
        Tally file = new Tally(OwnFiles.create(directory.resolve(name)));
        Tally lines = new Tally(new BufferedOutputStream(sealed.sealing(file, place(export, table.name())), BUFFER));
        try (file;
                lines) {
            Rows.write(connection, table, table.exported(), lines);
        }
        return new Manifest.Entry(table.name(), table.exported(), lines.lines(), lines.sha256(), file.sha256());
    }

    /** The lines; whoever reads them has verified the file. */
    static InputStream open(Path directory, UUID export, SealedFiles sealed, Manifest.Entry entry) throws IOException {
        return new BufferedInputStream(
                sealed.opening(
                        new BufferedInputStream(Files.newInputStream(directory.resolve(entry.file())), BUFFER),
                        place(export, entry.table())),
                BUFFER);
    }

    /** Refuses a file that is not what the manifest says. */
    static void verify(Path directory, UUID export, SealedFiles sealed, Manifest.Entry entry)
            throws IOException, StateException {
        Tally file = new Tally(OutputStream.nullOutputStream());
        Files.copy(directory.resolve(entry.file()), file);
        if (!file.sha256().equals(entry.sealedSha256())) {
            throw new StateException(entry.file() + ": was changed, its SHA-256 is not that of the manifest");
        }
        Tally lines = new Tally(OutputStream.nullOutputStream());
        try (InputStream in = open(directory, export, sealed, entry)) {
            in.transferTo(lines);
        } catch (IOException e) {
            throw new StateException(entry.file() + ": does not open with the data key of the manifest");
        }
        if (lines.lines() != entry.rows()) {
            throw new StateException(
                    entry.file() + ": rows: has " + lines.lines() + ", and the manifest says " + entry.rows());
        }
        if (!lines.sha256().equals(entry.sha256())) {
            throw new StateException(entry.file() + ": sha256: its lines are not those of the manifest");
        }
    }
}
