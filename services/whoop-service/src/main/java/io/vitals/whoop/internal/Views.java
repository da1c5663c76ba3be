package io.vitals.whoop.internal;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.vitals.whoop.days.WhoopDay;
import io.vitals.whoop.feed.Change;
import io.vitals.whoop.feed.Feed;
import io.vitals.whoop.link.Authorization;
import io.vitals.whoop.link.LinkStatus;
import io.vitals.whoop.model.Coverage;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.sync.HeldDeletions;
import io.vitals.whoop.sync.RequestedSync;
import io.vitals.whoop.sync.SyncStatus;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** The internal API's documents. */
final class Views {
    private Views() {}

    @JsonNaming(SnakeCaseStrategy.class)
    record StartRequest(@Nullable String sessionBinding) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record CallbackRequest(
            @Nullable String state,
            @Nullable String sessionBinding,
            @Nullable String code,
            @Nullable String error) {
        @Override
        public String toString() {
            return "CallbackRequest[secret]";
        }
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record Started(String authorizationUrl, Instant expiresAt) {
        static Started of(Authorization authorization) {
            return new Started(authorization.url().toString(), authorization.expiresAt());
        }
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record Link(
            String state,
            @Nullable String reason,
            @Nullable Instant since,
            List<String> scopes,
            @Nullable String whoopUserIdMasked,
            @Nullable Instant lastWebhookAt,
            @Nullable Instant lastSyncAt,
            SyncView sync) {
        static Link of(LinkStatus link, SyncStatus sync) {
            return new Link(
                    code(link.state()),
                    link.reason(),
                    link.since(),
                    link.scopes(),
                    link.whoopUserIdMasked(),
                    link.lastWebhookAt(),
                    link.lastSyncAt(),
                    new SyncView(code(sync.state()), sync.from(), sync.to(), sync.daysTotal(), sync.daysDone()));
        }
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record SyncView(String state, LocalDate from, LocalDate to, int daysTotal, int daysDone) {}

    /** What became of a sync that somebody waited for; {@code reason} is a code. */
    record Requested(String state, @Nullable String reason) {
        static Requested of(RequestedSync sync) {
            return new Requested(code(sync.state()), sync.reason());
        }
    }

    record DaysView(List<WhoopDay> days) {}

    record CoverageView(List<CoverageDay> days) {
        static CoverageView of(List<Coverage> coverage) {
            return new CoverageView(coverage.stream().map(CoverageDay::of).toList());
        }
    }

    record CoverageDay(
            LocalDate date, String cycle, String recovery, String sleep, String workout, Map<String, String> reasons) {
        static CoverageDay of(Coverage day) {
            return new CoverageDay(
                    day.date(),
                    code(day, RecordType.CYCLE),
                    code(day, RecordType.RECOVERY),
                    code(day, RecordType.SLEEP),
                    code(day, RecordType.WORKOUT),
                    byCode(day.reasons()));
        }

        private static String code(Coverage day, RecordType type) {
            return Views.code(day.states().getOrDefault(type, Coverage.State.MISSING));
        }
    }

    /** Names the reconciliation whose deletions are confirmed. */
    record ConfirmRequest(@Nullable String run) {}

    record HeldView(UUID run, int held, Map<String, Integer> types) {
        static HeldView of(HeldDeletions held) {
            return new HeldView(
                    held.run(),
                    held.counts().values().stream().mapToInt(Integer::intValue).sum(),
                    byCode(held.counts()));
        }
    }

    record ConfirmedView(int deleted) {}

    record ChangesView(List<ChangeView> changes, String cursor) {
        static ChangesView of(Feed.Page page) {
            return new ChangesView(page.changes().stream().map(ChangeView::of).toList(), page.cursor());
        }
    }

    record ChangeView(
            UUID member,
            LocalDate date,
            String kind,
            @Nullable String traceparent) {
        static ChangeView of(Change change) {
            return new ChangeView(change.member().value(), change.date(), change.kind(), change.traceparent());
        }
    }

    private static <T> Map<String, T> byCode(Map<RecordType, T> values) {
        return values.entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().code(), Map.Entry::getValue));
    }

    private static String code(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
