package io.vitals.whoop.internal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.vitals.kit.audit.ChainWatch;
import io.vitals.kit.http.Replies;
import io.vitals.kit.http.Routes;
import io.vitals.whoop.link.LinkCensus;
import io.vitals.whoop.link.LinkState;
import io.vitals.whoop.model.Coverage;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.quota.Quota;
import io.vitals.whoop.quota.QuotaState;
import io.vitals.whoop.sync.CoverageCensus;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** All members together, for those who run Vitals: states, counts and budgets, and nothing that came from a strap. */
public final class AdminRoutes {
    private static final int MOST_LISTED = 200;
    private static final int USUAL = 50;
    private static final int MOST_DAYS = 90;

    private final LinkCensus links;
    private final CoverageCensus coverage;
    private final Quota quota;
    private final ChainWatch chain;

    public AdminRoutes(LinkCensus links, CoverageCensus coverage, Quota quota, ChainWatch chain) {
        this.links = links;
        this.coverage = coverage;
        this.quota = quota;
        this.chain = chain;
    }

    record Counts(Map<String, Long> states) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record LinkView(
            UUID member,
            String state,
            @Nullable String reason,
            Instant since,
            @Nullable Instant lastWebhookAt,
            @Nullable Instant lastSyncAt) {
        static LinkView of(LinkCensus.Entry link) {
            return new LinkView(
                    link.member(),
                    code(link.state()),
                    link.reason(),
                    link.since(),
                    link.lastWebhookAt(),
                    link.lastSyncAt());
        }
    }

    /** A page; {@code next} continues it and is null at the end. */
    record LinksView(List<LinkView> links, @Nullable UUID next) {}

    record DayView(LocalDate date, Map<String, Map<String, Long>> types) {}

    record CensusView(long members, long asked, List<DayView> days) {
        static CensusView of(CoverageCensus.Census census) {
            return new CensusView(
                    census.members(),
                    census.asked(),
                    census.days().stream()
                            .map(day -> new DayView(day.date(), types(day.counts())))
                            .toList());
        }

        private static Map<String, Map<String, Long>> types(Map<RecordType, Map<Coverage.State, Long>> counts) {
            Map<String, Map<String, Long>> types = new LinkedHashMap<>();
            for (RecordType type : RecordType.COLLECTIONS) {
                Map<Coverage.State, Long> states = counts.getOrDefault(type, Map.of());
                Map<String, Long> view = new LinkedHashMap<>();
                for (Coverage.State state : Coverage.State.values()) {
                    view.put(code(state), states.getOrDefault(state, 0L));
                }
                types.put(type.code(), view);
            }
            return types;
        }
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record LaneView(String lane, int minuteAllowance, int dayAllowance, int dayUsed) {}

    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record QuotaView(
            QuotaState.Window minute,
            QuotaState.Window day,
            List<LaneView> lanes,
            @Nullable Instant blockedUntil,
            long members,
            double requestsPerMember,
            long capacity) {
        static QuotaView of(QuotaState state) {
            return new QuotaView(
                    state.minute(),
                    state.day(),
                    state.lanes().stream()
                            .map(lane -> new LaneView(
                                    code(lane.lane()), lane.minuteAllowance(), lane.dayAllowance(), lane.dayUsed()))
                            .toList(),
                    state.blockedUntil(),
                    state.members(),
                    state.requestsPerMember(),
                    state.capacity());
        }
    }

    public void routes(Routes routes) {
        routes.get("/internal/v1/admin/links/counts", this::counts)
                .get("/internal/v1/admin/links", this::links)
                .get("/internal/v1/admin/coverage", this::coverage)
                .get("/internal/v1/admin/quota", this::quota)
                .get("/internal/v1/admin/audit", this::audit);
    }

    private void counts(ServerRequest request, ServerResponse response) {
        Replies.json(
                response,
                200,
                new Counts(links.counts().entrySet().stream()
                        .collect(Collectors.toMap(entry -> code(entry.getKey()), Map.Entry::getValue))));
    }

    private void links(ServerRequest request, ServerResponse response) {
        LinkState state = state(Input.text(request, "state", ""));
        int limit = Input.number(request, "limit", USUAL, 1, MOST_LISTED);
        String cursor = Input.text(request, "cursor", "");
        List<LinkView> page = links.page(state, cursor.isEmpty() ? null : Input.uuid("cursor", cursor), limit).stream()
                .map(LinkView::of)
                .toList();
        Replies.json(
                response,
                200,
                new LinksView(page, page.size() < limit ? null : page.getLast().member()));
    }

    private static LinkState state(String code) {
        return Arrays.stream(LinkState.values())
                .filter(state -> state != LinkState.NONE && code(state).equals(code))
                .findFirst()
                .orElseThrow(() -> Input.refuse("state", "is no state of a link"));
    }

    private void coverage(ServerRequest request, ServerResponse response) {
        Input.Range range = Input.range(request);
        if (range.from().plusDays(MOST_DAYS).isBefore(range.to().plusDays(1))) {
            throw Input.refuse("to", "is more than " + MOST_DAYS + " days from from");
        }
        Replies.json(response, 200, CensusView.of(coverage.count(range.from(), range.to())));
    }

    private void quota(ServerRequest request, ServerResponse response) {
        Replies.json(response, 200, QuotaView.of(quota.state()));
    }

    private void audit(ServerRequest request, ServerResponse response) {
        Replies.json(response, 200, chain.overview());
    }

    private static String code(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
