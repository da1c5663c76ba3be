package io.vitals.kit.state;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.audit.AuditEvent;
import io.vitals.kit.audit.AuditLog;
import io.vitals.kit.audit.AuditSettings;
import io.vitals.kit.audit.AuditVerifyCommand;
import io.vitals.kit.config.ConfigException;
import io.vitals.kit.config.DatabaseSettings;
import io.vitals.kit.config.MigratorSettings;
import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Envelope;
import io.vitals.kit.crypto.SealedFiles;
import io.vitals.kit.crypto.SignatureKey;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Migrations;
import io.vitals.kit.lifecycle.Options;
import io.vitals.kit.lifecycle.UsageException;
import io.vitals.kit.management.BuildInfo;
import io.vitals.kit.personal.ErasureLedger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * {@code export} and {@code import} of a service, as the role that owns its tables.
 *
 * @param program whose jar says which release it is
 */
public record StateCommands(
        String service,
        Class<?> program,
        StateTables tables,
        DatabaseSettings db,
        Optional<MigratorSettings> migrator,
        AuditSettings audit,
        StateSettings state) {
    public static final String EXPORT_USAGE = "--to DIRECTORY";
    public static final Options.Syntax EXPORT = new Options.Syntax(Set.of("to"), Set.of());
    public static final String IMPORT_USAGE =
            "--from DIRECTORY (--ledger FILE-OR-DIRECTORY | --no-ledger) [--keys JWK-SET-FILE]";
    public static final Options.Syntax IMPORT =
            new Options.Syntax(Set.of("from", "ledger", "keys"), Set.of("no-ledger"));

    /**
     * Exports, and returns what to tell.
     *
     * @param id names the export
     */
    public String export(Options options, UUID id, Instant now) throws UsageException, StateException, IOException {
        Path directory = path(options, "to");
        SignatureKey key =
                SignatureKey.fromJwk(audit.signingKey().orElseThrow(() -> missing("audit.signing-key-file")));
        SealedFiles sealed = SealedFiles.fresh(envelope(), TableFile.keyPlace(service, id));
        BuildInfo build = BuildInfo.of(program, "");
        String release = build.version() + " (" + build.gitSha() + ")";
        StateExport export = new StateExport(service, release, tables, id, now, sealed, key);
        return told(() -> {
            schemaIsOfThisRelease();
            try (Connection connection = OwnerConnection.open(db, owner(), service)) {
                Manifest manifest = export.run(connection, directory, () -> enter(id));
                return manifest.rows() + " rows of " + manifest.files().size() + " tables, schema " + manifest.schema()
                        + ", export " + id;
            }
        });
    }

    /** Imports, and returns what to tell. */
    public String importFrom(Options options) throws UsageException, StateException, IOException {
        Path directory = path(options, "from");
        Set<UUID> erased = ErasedMembers.read(ledger(options));
        List<SignatureKey.VerificationKey> keys = AuditVerifyCommand.keys(options, audit);
        if (keys.isEmpty()) {
            throw new UsageException("--keys or audit.signing-key-file is needed to believe an export");
        }
        Envelope envelope = envelope();
        MigratorSettings owner = owner();
        return told(() -> {
            Manifest manifest = ManifestFile.read(directory, keys);
            if (!manifest.service().equals(service)) {
                throw new StateException(
                        ManifestFile.NAME + ": service: is " + manifest.service() + ", and this is " + service);
            }
            schemaIsOfThisRelease();
            StateImport work = new StateImport(directory, manifest, opened(envelope, manifest), tables, erased);
            try (Connection connection = OwnerConnection.open(db, owner, service)) {
                Catalogue store = Catalogue.read(connection, tables);
                ImportPlan.check(manifest, store);
                work.verify();
                StateImport.Outcome outcome = work.run(connection, store);
                return outcome.already()
                        ? "export " + manifest.export() + " was imported before: nothing to do"
                        : "%d rows of %d tables, schema %s, export %s; %d members of the ledger forgotten again"
                                .formatted(
                                        manifest.rows(),
                                        manifest.files().size(),
                                        manifest.schema(),
                                        manifest.export(),
                                        outcome.forgotten());
            }
        });
    }

    private SealedFiles opened(Envelope envelope, Manifest manifest) throws StateException {
        try {
            return SealedFiles.open(envelope, manifest.key(), TableFile.keyPlace(service, manifest.export()));
        } catch (GeneralSecurityException e) {
            throw new StateException(ManifestFile.NAME + ": key: state.keyset-file does not open it");
        }
    }

    /** Whose data leaves is in the log before it leaves; that entry is not part of the export. */
    private void enter(UUID id) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (Database database = Database.open(db, service + "-export", registry)) {
            new AuditLog(registry)
                    .append(
                            database,
                            AuditEvent.of("state.exported", "operator", null).withObject(id.toString()));
        }
    }

    private void schemaIsOfThisRelease() throws StateException {
        if (!Migrations.upToDate(db)) {
            throw new StateException("the schema of the store is not that of this release, or the store is away");
        }
    }

    private MigratorSettings owner() {
        return migrator.orElseThrow(
                () -> new ConfigException(List.of("migrator.user: is missing", "migrator.password-file: is missing")));
    }

    private Envelope envelope() {
        Secret keyset = state.keyset().orElseThrow(() -> missing("state.keyset-file"));
        try {
            return Envelope.fromKeyset(keyset);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(List.of("state.keyset-file: " + e.getMessage()));
        }
    }

    private static ConfigException missing(String key) {
        return new ConfigException(List.of(key + ": is missing"));
    }

    private static Path path(Options options, String name) throws UsageException {
        return Path.of(options.value(name).orElseThrow(() -> new UsageException("--" + name + " is missing")));
    }

    /** Whoever forgets the ledger brings back whom it names, so that it is absent has to be said. */
    private static List<Path> ledger(Options options) throws UsageException, IOException {
        Optional<String> named = options.value("ledger");
        if (named.isPresent() == options.flag("no-ledger")) {
            throw new UsageException("one of --ledger and --no-ledger is needed");
        }
        if (named.isEmpty()) {
            return List.of();
        }
        List<Path> files = ErasureLedger.files(Path.of(named.get()));
        if (files.isEmpty() || !files.stream().allMatch(Files::isReadable)) {
            throw new UsageException("--ledger names no ledger of erasures");
        }
        return files;
    }

    @FunctionalInterface
    private interface Work {
        String run() throws SQLException, IOException, StateException;
    }

    /** The program's log names an exception and not what it says. */
    private String told(Work work) throws StateException, IOException {
        try {
            return work.run();
        } catch (SQLException e) {
            String why = "55P03".equals(e.getSQLState())
                    ? "the store is in use: stop the service first"
                    : "the database refuses, or is away (" + e.getSQLState() + ")";
            System.err.println(service + ": " + why);
            throw new StateException(why);
        } catch (StateException e) {
            System.err.println(service + ": " + e.getMessage());
            throw e;
        }
    }
}
