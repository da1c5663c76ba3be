package io.vitals.whoop.records;

import io.vitals.kit.db.Row;
import io.vitals.kit.db.Sql;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.model.Stored;
import io.vitals.whoop.model.WhoopRecord;
import io.vitals.whoop.records.Columns.Column;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How a kind of record lies in its table: its columns, and the statements that follow from them.
 *
 * <p>Conflict rule of the upsert: WHOOP's newer version wins; of two equal versions with different documents the one fetched later; a record
 * with a tombstone comes back only in a version newer than its deletion.
 */
abstract class Table<T extends WhoopRecord> {
    /** Columns every table has, besides its own. */
    private static final List<Column> COMMON = Column.list(
            "local_date date, score_state text, created_at timestamptz, updated_at timestamptz, fetched_at timestamptz, raw jsonb,"
                    + " mapping_version smallint");

    /** Those that are the same for all rows of a batch. */
    private static final Map<String, String> SAME = Map.of(
            "fetched_at", "CAST(:fetched_at AS timestamptz)", "mapping_version", "CAST(:mapping_version AS smallint)");

    private final RecordType type;
    private final List<Column> columns;
    private final String key;
    private final String keyType;
    private final Sql upsert;
    private final Cells.Layout cells;
    private final Sql byKey;
    private final Sql redate;
    private final Sql delete;
    private final Sql known;
    private final Sql expire;
    private final Sql nextOutdated;
    private final Sql outdated;
    private final Sql stamp;
    private final Sql remap;

    /**
     * @param key the column that, with member and account, is the natural key
     * @param columns the table's own columns with their types, the key among them
     */
    Table(RecordType type, String key, String columns) {
        this.type = type;
        this.key = key;
        List<Column> own = Column.list(columns);
        List<Column> all = new ArrayList<>(own);
        all.addAll(COMMON);
        this.columns = varying(all);
        this.keyType = own.stream()
                .filter(column -> column.name().equals(key))
                .findFirst()
                .orElseThrow()
                .type();
        String name = type.code();
        String where = " WHERE member_id = :member AND whoop_user_id = :user AND ";
        String keys = key + " = ANY(CAST(:keys AS " + keyType + "[]))";
        List<String> read = new ArrayList<>(own.stream().map(Column::name).toList());
        read.addAll(List.of("local_date", "score_state", "created_at", "updated_at", "fetched_at"));
        this.cells = new Cells.Layout(read);
        String selected = cells.sql() + " AS cells";
        String cycle = own.stream().anyMatch(column -> column.name().equals("cycle_id")) ? "cycle_id" : "NULL";
        String nap = own.stream().anyMatch(column -> column.name().equals("nap")) ? "nap" : "false";
        this.upsert = upsert(name, key, cycle.equals("NULL") ? cycle : "prior." + cycle, all);
        this.byKey = new Sql(name + "-by-key", "SELECT " + selected + " FROM " + name + where + keys);
        this.redate = new Sql(
                name + "-redate",
                "UPDATE " + name + " SET local_date = CAST(moved.day AS date)"
                        + " FROM unnest(CAST(:keys AS text[]), CAST(:days AS text[])) AS moved(key, day)" + where + key
                        + " = CAST(moved.key AS " + keyType + ")");
        this.delete = new Sql(
                name + "-delete",
                "DELETE FROM " + name + where + key + " = CAST(:key AS " + keyType + ") AND updated_at <= :deleted_at"
                        + " RETURNING CAST(" + key + " AS text) AS key, local_date, CAST(" + cycle
                        + " AS bigint) AS cycle_id, " + nap + " AS nap");
        this.known = new Sql(
                name + "-known",
                "SELECT CAST(" + key + " AS text) AS key, updated_at, CAST(" + cycle + " AS bigint) AS cycle_id FROM "
                        + name + where + "local_date BETWEEN :from AND :to AND fetched_at < :before");
        this.expire = new Sql(
                name + "-expire",
                "UPDATE " + name + " SET raw = NULL WHERE ctid = ANY(ARRAY(SELECT ctid FROM " + name
                        + " WHERE raw IS NOT NULL AND fetched_at < :before LIMIT :limit))");
        String old = " AND mapping_version < :version AND raw IS NOT NULL ORDER BY ";
        this.nextOutdated = new Sql(
                name + "-next-outdated",
                "SELECT member_id, whoop_user_id FROM " + name
                        + " WHERE (member_id, whoop_user_id) > (CAST(:member AS uuid), CAST(:user AS bigint))" + old
                        + "member_id, whoop_user_id LIMIT 1");
        this.outdated = new Sql(
                name + "-outdated",
                "SELECT " + selected + ", raw FROM " + name + where + "(CAST(:after AS text) IS NULL OR " + key
                        + " > CAST(:after AS " + keyType + "))" + old + key + " LIMIT :limit");
        this.stamp = new Sql(name + "-stamp", "UPDATE " + name + " SET mapping_version = :version" + where + keys);
        this.remap = remap(name, key, cycle.equals("NULL") ? cycle : "prior." + cycle, all);
    }

    /** The document and when it was fetched stay; all that is read from the document is written anew. */
    private static Sql remap(String name, String key, String cycle, List<Column> all) {
        String updates = all.stream()
                .map(Column::name)
                .filter(column -> !Set.of(key, "raw", "fetched_at").contains(column))
                .map(column -> column + " = " + given(column))
                .collect(Collectors.joining(", "));
        return new Sql(
                name + "-remap",
                """
                WITH written AS (
                    UPDATE %1$s AS t SET %2$s FROM %3$s AS r
                    WHERE t.member_id = CAST(:member AS uuid) AND t.whoop_user_id = CAST(:user AS bigint) AND t.%4$s = r.%4$s
                    RETURNING t.%4$s AS written_key, false AS inserted)
                """.formatted(name, updates, Columns.sql(varying(all)), key) + outcome(name, key, cycle));
    }

    private static Sql upsert(String name, String key, String cycle, List<Column> all) {
        String names = all.stream().map(Column::name).collect(Collectors.joining(", "));
        String values = all.stream().map(column -> given(column.name())).collect(Collectors.joining(", "));
        String updates = all.stream()
                .filter(column -> !column.name().equals(key))
                .map(column -> column.name() + " = excluded." + column.name())
                .collect(Collectors.joining(", "));
        return new Sql(
                name + "-upsert",
                """
                WITH written AS (
                    INSERT INTO %1$s AS t (member_id, whoop_user_id, %2$s)
                    SELECT CAST(:member AS uuid), CAST(:user AS bigint), %3$s
                    FROM %4$s AS r
                    WHERE NOT EXISTS (
                        SELECT 1 FROM tombstone d
                        WHERE d.member_id = CAST(:member AS uuid) AND d.whoop_user_id = CAST(:user AS bigint) AND d.type = '%1$s'
                          AND d.record_key = CAST(r.%5$s AS text) AND d.deleted_at >= r.updated_at)
                    ON CONFLICT (member_id, whoop_user_id, %5$s) DO UPDATE SET %6$s
                    WHERE t.updated_at < excluded.updated_at
                       OR (t.updated_at = excluded.updated_at AND t.fetched_at <= excluded.fetched_at AND t.raw <> excluded.raw)
                    RETURNING t.%5$s AS written_key, (t.xmax = 0) AS inserted)
                """.formatted(name, names, values, Columns.sql(varying(all)), key, updates)
                        + outcome(name, key, cycle));
    }

    private static List<Column> varying(List<Column> columns) {
        return columns.stream()
                .filter(column -> !SAME.containsKey(column.name()))
                .toList();
    }

    private static String given(String column) {
        return SAME.getOrDefault(column, "r." + column);
    }

    /** Reads the table as it was before the statement: what became of each row, beside what it replaced. */
    private static String outcome(String name, String key, String cycle) {
        return """
                SELECT CAST(written_key AS text) AS key, inserted, prior.local_date, CAST(%3$s AS bigint) AS cycle_id
                FROM written LEFT JOIN %1$s AS prior
                  ON prior.member_id = CAST(:member AS uuid) AND prior.whoop_user_id = CAST(:user AS bigint)
                 AND prior.%2$s = written_key""".formatted(name, key, cycle);
    }

    RecordType type() {
        return type;
    }

    /** Keys as the array type that {@link #byKey()} asks for travel as texts. */
    Sql byKey() {
        return byKey;
    }

    /** How {@link #read} takes a row. */
    Cells.Layout cells() {
        return cells;
    }

    Sql upsert() {
        return upsert;
    }

    /** Moves rows to other days. */
    Sql redate() {
        return redate;
    }

    /** Deletes a record and returns where it was. */
    Sql delete() {
        return delete;
    }

    /** Keys and versions in a range of days, fetched before a time. */
    Sql known() {
        return known;
    }

    /** Takes the documents away that were fetched before a time, so many at once. */
    Sql expire() {
        return expire;
    }

    /** The next member and account with a document that an older mapping has read. */
    Sql nextOutdated() {
        return nextOutdated;
    }

    Sql outdated() {
        return outdated;
    }

    /** Notes that a mapping had nothing to change. */
    Sql stamp() {
        return stamp;
    }

    Sql remap() {
        return remap;
    }

    String keyColumn() {
        return key;
    }

    String keyType() {
        return keyType;
    }

    abstract Class<T> recordClass();

    /** Room for so many rows of {@link #upsert()} and {@link #remap()}. */
    final Columns rows(int count) {
        return Columns.of(columns, count);
    }

    /** Fills the row's own columns. */
    abstract void write(T record, Columns row);

    abstract T read(Cells cells);

    /** Reads a row of one of the statements that select records. */
    final T read(Row row) {
        return cells.one(row.string("cells"), this::read);
    }

    final Stored<T> stored(Row row) {
        return cells.one(row.string("cells"), this::stored);
    }

    /** The records of a column that lists them. */
    final List<Stored<T>> listed(Row row, String column) {
        return cells.all(row.stringOrNull(column), this::stored);
    }

    final Stored<T> stored(Cells row) {
        return new Stored<>(read(row), row.localDateOrNull("local_date"), row.instant("fetched_at"));
    }
}
