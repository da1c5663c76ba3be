package io.vitals.health.daily;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.health.sahha.SahhaDays;
import io.vitals.kit.crypto.Digests;
import io.vitals.kit.crypto.Tokens;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Row;
import io.vitals.kit.db.Sql;
import io.vitals.kit.json.Json;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/** Reads of the stored records; each of a few indexed rows. */
final class StoredDailyRecords implements DailyRecords {
    /** One row whatever the range: the server joins the documents, which costs less than many rows. */
    private static final Sql RANGE = Sql.named("daily-range", """
            SELECT count(*) AS days, max(local_date) AS last,
                   string_agg(CAST(document AS text), ',' ORDER BY local_date) AS documents,
                   string_agg(CAST(version AS text), ',' ORDER BY local_date) AS versions,
                   count(whoop_data_at) AS whoop, count(sahha_data_at) AS sahha,
                   max(whoop_data_at) FILTER (WHERE NOT is_final) AS whoop_at,
                   max(sahha_data_at) FILTER (WHERE NOT is_final) AS sahha_at
              FROM (SELECT local_date, version, document, is_final, whoop_data_at, sahha_data_at FROM daily_record
                     WHERE member = :member AND local_date BETWEEN :from AND :to
                     ORDER BY local_date LIMIT :limit) AS page
            """);

    private static final Sql NEXT = Sql.named("daily-range-next", """
            SELECT min(local_date) AS next FROM daily_record
             WHERE member = :member AND local_date > :last AND local_date <= :to
            """);

    private static final Sql DAY = Sql.named("daily-day", """
            SELECT local_date, version, document, is_final,
                   CASE WHEN whoop_data_at IS NULL THEN 0 ELSE 1 END AS whoop,
                   CASE WHEN sahha_data_at IS NULL THEN 0 ELSE 1 END AS sahha,
                   CASE WHEN NOT is_final THEN whoop_data_at END AS whoop_at,
                   CASE WHEN NOT is_final THEN sahha_data_at END AS sahha_at
              FROM daily_record WHERE member = :member AND local_date = :date
            """);

    private static final Sql RECENT = Sql.named("daily-recent", """
            SELECT document FROM daily_record
             WHERE member = :member ORDER BY local_date DESC LIMIT :days
            """);

    private static final Sql CHANGES = Sql.named("daily-changes", """
            SELECT version, CAST(local_date AS text) AS subject, CAST(NULL AS text) AS state FROM daily_record
             WHERE member = :member AND version > :after
            UNION ALL
            SELECT version, source, state FROM source_state
             WHERE member = :member AND version > :after
            ORDER BY version LIMIT 500
            """);

    private static final Sql NEWEST = Sql.named("daily-newest-change", """
            SELECT coalesce(greatest(
                (SELECT max(version) FROM daily_record WHERE member = :member),
                (SELECT max(version) FROM source_state WHERE member = :member)), 0) AS version
            """);

    private static final Sql LAST_OFFSET = Sql.named("whoop-last-offset", """
            SELECT document -> 'cycle' ->> 'timezone_offset' AS timezone_offset FROM whoop_day
             WHERE member = :member ORDER BY local_date DESC LIMIT 1
            """);

    private static final Sql FEED_SEEN =
            Sql.named("feed-seen", "SELECT updated_at FROM feed_cursor WHERE feed = :feed");

    private static final int RECENT_DAYS = 14;

    private final Database db;
    private final Rebuilder rebuilder;
    private final Clock clock;
    private final Duration staleAfter;

    /** {@code staleAfter}: how long the feed may be silent before WHOOP's side counts as stale. */
    StoredDailyRecords(Database db, Rebuilder rebuilder, Clock clock, Duration staleAfter) {
        this.db = db;
        this.rebuilder = rebuilder;
        this.clock = clock;
        this.staleAfter = staleAfter;
    }

    @Override
    public DayPage range(UUID member, LocalDate from, LocalDate to, int limit) {
        int most = Math.clamp(limit, 1, MAX_PAGE);
        Params params = Params.of("member", member, "from", from, "to", to, "limit", most);
        return db.first(RANGE, params, row -> page(row, member, to, most)).orElseThrow();
    }

    private DayPage page(Row row, UUID member, LocalDate to, int limit) {
        int count = row.intValue("days");
        if (count == 0) {
            return new DayPage(
                    "{\"days\":[],\"next_cursor\":null}".getBytes(StandardCharsets.UTF_8),
                    "\"p0\"",
                    0,
                    null,
                    Freshness.NOTHING);
        }
        LocalDate next = count < limit ? null : next(member, row.localDate("last"), to);
        String tail = next == null ? "],\"next_cursor\":null}" : "],\"next_cursor\":\"" + next + "\"}";
        String json = "{\"days\":[" + row.string("documents") + tail;
        byte[] hash = Digests.sha256((row.string("versions") + tail).getBytes(StandardCharsets.UTF_8));
        String etag = "\"p" + Tokens.base64Url(Arrays.copyOf(hash, 16)) + "\"";
        return new DayPage(json.getBytes(StandardCharsets.UTF_8), etag, count, next, freshness(row));
    }

    private static Freshness freshness(Row row) {
        return new Freshness(
                row.intValue("whoop"),
                row.intValue("sahha"),
                row.instantOrNull("whoop_at"),
                row.instantOrNull("sahha_at"));
    }

    private @Nullable LocalDate next(UUID member, LocalDate last, LocalDate to) {
        return db.list(
                        NEXT,
                        Params.of("member", member, "last", last, "to", to),
                        row -> Optional.ofNullable(row.localDateOrNull("next")))
                .getFirst()
                .orElse(null);
    }

    @Override
    public Optional<DayDocument> day(UUID member, LocalDate date) {
        return db.first(
                DAY,
                Params.of("member", member, "date", date),
                row -> new DayDocument(
                        row.localDate("local_date"),
                        row.longValue("version"),
                        row.json("document"),
                        row.bool("is_final"),
                        freshness(row)));
    }

    @Override
    public Optional<Explanation> explain(UUID member, LocalDate date) {
        SortedSet<LocalDate> dates = new TreeSet<>(Set.of(date));
        return db.transaction(tx -> {
            RecordStore.lock(tx, member);
            DayInputs inputs = rebuilder.inputs(tx, member, dates).getFirst();
            RecordStore.Stored stored = RecordStore.stored(tx, member, dates).get(date);
            if (stored == null && inputs.isEmpty()) {
                return Optional.empty();
            }
            if (stored == null || !Digests.equal(RecordStore.hash(DayMerge.merge(inputs)), stored.hash())) {
                rebuilder.rebuild(tx, member, dates);
                stored = RecordStore.stored(tx, member, dates).get(date);
            }
            return Optional.of(
                    Explainer.explain(inputs, Objects.requireNonNull(stored).version()));
        });
    }

    @Override
    public Overview overview(UUID member, LocalDate date) {
        Instant start = clock.instant();
        Optional<DayDocument> day = day(member, date);
        Optional<JsonNode> document = day.map(found -> Json.tree(found.json()));
        Map<Source, SourceStore.State> states = SourceStore.all(db, member);
        Optional<RefreshRuns.Finished> last = RefreshRuns.finished(db, member, date);
        Overview.ProcessingStats stats = new Overview.ProcessingStats(
                Duration.between(start, clock.instant()).toMillis(),
                stale(states),
                last.map(RefreshRuns.Finished::at).orElse(null),
                last.map(run -> run.sahha().wire()).orElse(null),
                last.map(run -> run.whoop().wire()).orElse(null));
        Freshness freshness = day.map(DayDocument::freshness).orElse(Freshness.NOTHING);
        return Overviews.of(date, document, states, stats, freshness);
    }

    @Override
    public boolean stale(UUID member) {
        return stale(SourceStore.all(db, member));
    }

    private boolean stale(Map<Source, SourceStore.State> states) {
        return Arrays.stream(Source.values()).anyMatch(source -> stale(source, states.get(source)));
    }

    @Override
    public SourcesReport sources(UUID member) {
        List<JsonNode> recent = db.list(
                RECENT, Params.of("member", member, "days", RECENT_DAYS), row -> Json.tree(row.json("document")));
        Map<Source, SourceStore.State> states = SourceStore.all(db, member);
        return new SourcesReport(Arrays.stream(Source.values())
                .map(source -> SourceReports.of(source, states.get(source), stale(source, states.get(source)), recent))
                .toList());
    }

    private boolean stale(Source source, SourceStore.@Nullable State state) {
        if (state == null || !state.connected()) {
            return false;
        }
        return state.stale() || (source == Source.WHOOP && feedSilent());
    }

    private boolean feedSilent() {
        return db.first(FEED_SEEN, Params.of("feed", FeedCursor.WHOOP), row -> row.instant("updated_at"))
                .map(seen -> seen.plus(staleAfter).isBefore(clock.instant()))
                .orElse(true);
    }

    @Override
    public LocalDate today(UUID member) {
        ZoneOffset offset = db
                .list(
                        LAST_OFFSET,
                        Params.of("member", member),
                        row -> Optional.ofNullable(row.stringOrNull("timezone_offset")))
                .stream()
                .findFirst()
                .flatMap(found -> found)
                .or(() -> SahhaDays.lastOffset(db, member))
                .flatMap(StoredDailyRecords::offset)
                .orElse(ZoneOffset.UTC);
        return LocalDate.ofInstant(clock.instant(), offset);
    }

    private static Optional<ZoneOffset> offset(String text) {
        try {
            return Optional.of(ZoneOffset.of(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    @Override
    public List<DailyChange> changesSince(UUID member, long after) {
        return db.list(CHANGES, Params.of("member", member, "after", after), StoredDailyRecords::change);
    }

    private static DailyChange change(Row row) {
        long version = row.longValue("version");
        String state = row.stringOrNull("state");
        return state == null
                ? new DailyChange.Day(version, LocalDate.parse(row.string("subject")), version)
                : new DailyChange.Link(version, row.string("subject"), state);
    }

    @Override
    public long newestChange(UUID member) {
        return db.first(NEWEST, Params.of("member", member), row -> row.longValue("version"))
                .orElse(0L);
    }
}
