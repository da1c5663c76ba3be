package io.vitals.kit.state;

import org.flywaydb.core.api.MigrationVersion;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Whether an export fits a store: everything is refused here that can be refused without a look at a row. */
final class ImportPlan {
    private ImportPlan() {}

    static void check(Manifest manifest, Catalogue store) throws StateException {
        int age =
                MigrationVersion.fromVersion(manifest.schema()).compareTo(MigrationVersion.fromVersion(store.schema()));
        if (age > 0) {
            throw new StateException(ManifestFile.NAME + ": schema: is " + manifest.schema()
                    + ", newer than that of this store, " + store.schema() + ": import with the release that wrote it, "
                    + manifest.release());
        }
        Map<String, Catalogue.Table> tables = store.byName();
        Set<String> named = new HashSet<>();
        for (Manifest.Entry entry : manifest.files()) {
            Catalogue.Table table = tables.get(entry.table());
            if (table == null || !named.add(entry.table())) {
                throw new StateException(ManifestFile.NAME + ": files: names " + entry.table()
                        + ", which is no table that this release imports, or names it twice");
            }
            columns(entry, table, age < 0);
        }
        for (String table : tables.keySet()) {
            if (age == 0 && !named.contains(table)) {
                throw new StateException(ManifestFile.NAME + ": files: table " + table + " is missing");
            }
        }
        for (String sequence : manifest.sequences().keySet()) {
            if (!store.sequences().contains(sequence)) {
                throw new StateException(
                        ManifestFile.NAME + ": sequences: " + sequence + " is no sequence of this store");
            }
        }
    }

    /** A column that a later migration has added is what it is by default; one that must be given can not be. */
    private static void columns(Manifest.Entry entry, Catalogue.Table table, boolean older) throws StateException {
        for (String column : entry.columns()) {
            if (!table.exported().contains(column)) {
                throw new StateException(entry.file() + ": field " + column + " is no column of this store");
            }
        }
        for (Catalogue.Column column : table.columns().values()) {
            if (entry.columns().contains(column.name())) {
                continue;
            }
            boolean local = !table.exported().contains(column.name());
            if (!column.optional() || !(local || older)) {
                throw new StateException(entry.file() + ": field " + column.name() + " is missing");
            }
        }
    }
}
