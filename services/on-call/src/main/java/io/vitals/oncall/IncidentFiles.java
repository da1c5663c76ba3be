package io.vitals.oncall;

import io.vitals.kit.json.Json;
import io.vitals.kit.json.MalformedJsonException;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A folder with a JSON file an incident. A file is written beside its place, put on disk and then moved there, so that it is whole
 * whenever the power goes. One process at a time.
 */
final class IncidentFiles implements AutoCloseable {
    private static final EventLog LOG = EventLog.of(IncidentFiles.class);
    private static final String SUFFIX = ".json";
    private static final String DRAFT = ".draft";
    private static final String LOCK = ".lock";
    /** Above what the limits of an incident let one become. */
    private static final long LARGEST = 16L << 20;

    private final Path folder;
    private final FileChannel lock;

    private IncidentFiles(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /** What was found: the incidents, and the names of the files that hold none. */
    record Found(List<Incident> incidents, List<String> unreadable) {}

    /**
     * Takes the folder for this process, and away what a crash left half written.
     *
     * @throws IOException also if another process has it
     */
    static IncidentFiles open(Path folder) throws IOException {
        Files.createDirectories(folder);
        FileChannel lock = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!taken(lock)) {
            lock.close();
            throw new IOException("another process keeps its incidents there");
        }
        try (DirectoryStream<Path> drafts = Files.newDirectoryStream(folder, "*" + DRAFT)) {
            for (Path draft : drafts) {
                Files.delete(draft);
            }
        }
        return new IncidentFiles(folder, lock);
    }

    private static boolean taken(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // Of this very process.
            return false;
        }
    }

    /** All files; one that cannot be read costs nothing but itself. */
    Found read() throws IOException {
        List<Incident> incidents = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                read(file).ifPresentOrElse(incidents::add, () -> unreadable.add(nameOf(file)));
            }
        }
        return new Found(incidents, unreadable);
    }

    private static Optional<Incident> read(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) {
                return unreadable(file, "not_a_record");
            }
            Incident incident = Json.read(Files.readAllBytes(file), Incident.class);
            return complete(incident, file) ? Optional.of(incident) : unreadable(file, "not_a_record");
        } catch (MalformedJsonException e) {
            return unreadable(file, "torn");
        } catch (IOException e) {
            return unreadable(file, "io");
        }
    }

    private static Optional<Incident> unreadable(Path file, String reason) {
        LOG.warn("incident_unreadable", LogField.KEY.of(nameOf(file)), LogField.REASON.of(reason));
        return Optional.empty();
    }

    /** JSON knows no field that has to be there. */
    @SuppressWarnings("ConstantConditions")
    private static boolean complete(Incident incident, Path file) {
        return incident.id() != null
                && IncidentId.isOne(incident.id())
                && nameOf(file).equals(incident.id() + SUFFIX)
                && incident.group() != null
                && incident.page() != null
                && incident.state() != null
                && incident.severity() != null
                && incident.startedAt() != null
                && incident.notifiedAt() != null
                && incident.open() == (incident.resolvedAt() == null)
                && incident.alerts().stream().allMatch(IncidentFiles::complete)
                && incident.timeline().stream().allMatch(entry -> entry.at() != null && entry.event() != null);
    }

    @SuppressWarnings("ConstantConditions")
    private static boolean complete(Incident.Alert alert) {
        return alert.fingerprint() != null
                && alert.alertname() != null
                && alert.serviceId() != null
                && alert.severity() != null
                && alert.startedAt() != null;
    }

    /** Puts an incident on disk; once this returns it is there. */
    void write(Incident incident) throws IOException {
        Path file = folder.resolve(incident.id() + SUFFIX);
        Path draft = folder.resolve(incident.id() + DRAFT);
        try {
            try (FileChannel channel = FileChannel.open(
                    draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer content = ByteBuffer.wrap(Json.write(incident));
                while (content.hasRemaining()) {
                    channel.write(content);
                }
                channel.force(true);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(draft);
            throw e;
        }
        sync();
    }

    void delete(String id) throws IOException {
        Files.deleteIfExists(folder.resolve(id + SUFFIX));
    }

    /** A name is on disk when its folder is. */
    private void sync() throws IOException {
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private static String nameOf(Path file) {
        return String.valueOf(file.getFileName());
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
