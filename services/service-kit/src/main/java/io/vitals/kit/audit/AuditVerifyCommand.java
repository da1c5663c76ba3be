package io.vitals.kit.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.kit.config.DatabaseSettings;
import io.vitals.kit.crypto.SignatureKey;
import io.vitals.kit.json.Json;
import io.vitals.kit.json.MalformedJsonException;
import io.vitals.kit.lifecycle.Options;
import io.vitals.kit.lifecycle.UsageException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/**
 * {@code audit verify}: compares the whole log with itself and with the checkpoints. Prints what it found and fails if
 * anything is wrong.
 */
public final class AuditVerifyCommand {
    public static final String USAGE = "[--checkpoints DIRECTORY] [--keys JWK-SET-FILE] [--max-age SECONDS]";
    public static final Options.Syntax SYNTAX = new Options.Syntax(Set.of("checkpoints", "keys", "max-age"), Set.of());

    /** A walker keeps about as much of a processor busy here as in the database. */
    private static final int AT_ONCE = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 8);

    private AuditVerifyCommand() {}

    /** The log, or what vouches for it, is not what it was. The message says where. */
    public static final class BrokenException extends Exception {
        private static final long serialVersionUID = 1L;

        BrokenException(String message) {
            super(message);
        }
    }

    /**
     * Verifies and returns what to tell.
     *
     * @param now what the age of checkpoints and entries is counted from
     * @throws BrokenException if anything is wrong
     */
    public static String run(
            String service, DatabaseSettings database, AuditSettings settings, Options options, Instant now)
            throws UsageException, BrokenException, IOException, SQLException {
        Optional<Path> directory = options.value("checkpoints").map(Path::of).or(settings::checkpointDirectory);
        List<SignatureKey.VerificationKey> keys = keys(options, settings);
        Optional<Duration> maxAge = maxAge(options);
        if (directory.isPresent() && keys.isEmpty()) {
            throw new UsageException("--checkpoints needs --keys or audit.signing-key-file");
        }
        AuditVerification verification = directory.isPresent()
                ? AuditVerification.against(directory.get(), service, keys, now.minus(settings.retention()))
                : AuditVerification.withoutCheckpoints(service);
        long start = System.nanoTime();
        AuditVerification.Report report = verification.run(() -> connect(database), AT_ONCE);
        double seconds = Math.max(1, System.nanoTime() - start) / 1e9;
        return tell(report, directory.isPresent(), seconds, now, maxAge);
    }

    private static String tell(
            AuditVerification.Report report, boolean compared, double seconds, Instant now, Optional<Duration> maxAge)
            throws BrokenException {
        StringBuilder text = new StringBuilder();
        text.append("%d entries in %.2f s (%.0f/s)%n".formatted(report.entries(), seconds, report.entries() / seconds));
        if (compared) {
            text.append("%d checkpoints, the newest %s%n"
                    .formatted(
                            report.checkpoints(),
                            report.newest().map(Instant::toString).orElse("none")));
        } else {
            text.append("no checkpoints given: an end that was cut off cannot be seen\n");
        }
        report.findings().forEach(finding -> text.append(finding).append('\n'));
        boolean late = maxAge.isPresent()
                && report.newest()
                        .map(newest -> newest.plus(maxAge.get()).isBefore(now))
                        .orElse(true);
        if (late) {
            text.append("the newest checkpoint is older than allowed\n");
        }
        if (!report.sound() || late) {
            text.append("NOT sound");
            // The program's log names an exception and not what it says.
            System.out.println(text);
            throw new BrokenException(text.toString());
        }
        return text.append("sound").toString();
    }

    private static Optional<Duration> maxAge(Options options) throws UsageException {
        Optional<String> text = options.value("max-age");
        if (text.isPresent() && !text.get().matches("[0-9]{1,9}")) {
            throw new UsageException("--max-age is not a number of seconds");
        }
        return text.map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)));
    }

    /** Keys that are trusted: those of the file that {@code --keys} names, else the service's own. */
    public static List<SignatureKey.VerificationKey> keys(Options options, AuditSettings settings)
            throws UsageException, IOException {
        Optional<String> file = options.value("keys");
        if (file.isEmpty()) {
            return settings
                    .signingKey()
                    .map(secret -> SignatureKey.fromJwk(secret).verification())
                    .stream()
                    .toList();
        }
        List<SignatureKey.VerificationKey> keys = new ArrayList<>();
        try {
            for (JsonNode key :
                    Json.tree(Files.readAllBytes(Path.of(file.get()))).path("keys")) {
                keys.add(SignatureKey.VerificationKey.fromJwk(key));
            }
        } catch (MalformedJsonException | IllegalArgumentException e) {
            throw new UsageException("--keys does not name a JWK Set of Ed25519 keys with kid");
        }
        return keys;
    }

    /** A connection without the pool's short limits: a large log takes its time. */
    private static Connection connect(DatabaseSettings database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", database.user());
        properties.setProperty("password", database.password().reveal());
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", "300");
        properties.setProperty("logServerErrorDetail", "false");
        properties.setProperty("options", "-c timezone=UTC");
        return DriverManager.getConnection(database.url(), properties);
    }
}
