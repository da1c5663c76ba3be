package io.vitals.whoop.sync;

import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.records.Batch;
import io.vitals.whoop.records.Records;
import io.vitals.whoop.records.UnreadableDocument;
import io.vitals.whoop.upstream.Answer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** How many pages one claim takes in, and what is left for the next one. */
class HaulTest {
    private static final Duration RETRY_BASE = Duration.ofSeconds(1);
    private static final int ROOM = 400;

    private final List<String> asked = new ArrayList<>();

    @Test
    void pagesAreFollowedToTheEndAndStoredAsOne() throws Exception {
        Haul haul = from(page(1, 2, "b"), token -> found(page(3, 2, "c"), page(5, 1, null)));

        assertThat(asked).containsExactly("b", "c");
        assertThat(haul.pages()).isEqualTo(3);
        assertThat(haul.batch().keys()).containsExactlyInAnyOrder("1", "2", "3", "4", "5");
        assertThat(haul.batch().nextToken()).isNull();
        assertThat(haul.rest(plan())).isEqualTo(Haul.Rest.NONE);
    }

    @Test
    void aHistoryWithoutEndIsTakenInPieces() throws Exception {
        Haul haul = from(page(1, 1, "1"), token -> found(page(asked.size() + 1, 1, "t" + asked.size())));

        assertThat(haul.pages()).isEqualTo(Haul.MOST_PAGES);
        assertThat(haul.batch().nextToken()).isEqualTo("t" + (Haul.MOST_PAGES - 1));
        assertThat(haul.rest(plan())).isEqualTo(Haul.Rest.NONE);
    }

    @Test
    void noMorePagesAreTakenThanThereIsRoomFor() throws Exception {
        Haul haul = Haul.from(batch(page(1, 1, "a")), 1, () -> true, this::nobody);

        assertThat(haul.pages()).isEqualTo(1);
        assertThat(haul.batch().nextToken()).isEqualTo("a");
    }

    @Test
    void aClaimThatHasGrownOldTakesNoFurtherPage() throws Exception {
        Haul haul = Haul.from(batch(page(1, 1, "a")), ROOM, () -> false, this::nobody);

        assertThat(haul.pages()).isEqualTo(1);
        assertThat(haul.batch().nextToken()).isEqualTo("a");
    }

    @Test
    void whatStandsInTheWayLeavesThePagesBeforeItAndPutsOffTheRest() throws Exception {
        Haul later = from(
                page(1, 1, "b"),
                token -> token.equals("b") ? found(page(2, 1, "c")) : new Answer.Later(Duration.ofSeconds(7), "quota"));
        assertThat(later.batch().keys()).containsExactlyInAnyOrder("1", "2");
        assertThat(later.batch().nextToken()).isEqualTo("c");
        assertThat(later.rest(plan())).isEqualTo(new Haul.Rest(Duration.ofSeconds(7), 0, "quota"));

        Haul failed = from(page(1, 1, "b"), token -> new Answer.Failed("status_503"));
        assertThat(failed.batch().nextToken()).isEqualTo("b");
        assertThat(failed.rest(plan()).attempts()).isEqualTo(1);
        assertThat(failed.rest(plan()).error()).isEqualTo("status_503");
        assertThat(failed.rest(plan()).pause()).isBetween(Duration.ZERO, RETRY_BASE.multipliedBy(2));

        Haul gone = from(page(1, 1, "b"), token -> new Answer.Gone());
        assertThat(gone.rest(plan())).isEqualTo(new Haul.Rest(Step.PAUSE_AFTER_GIVING_UP, 0, "link_gone"));
    }

    @Test
    void aPageThatCannotBeReadIsAskedForOnceMoreAndNotStored() throws Exception {
        String broken = page(2, 1, "c").replace("\"SCORED\"", "7");
        for (String bad : List.of(broken, "{\"records\":", "[]")) {
            Haul haul = from(page(1, 1, "b"), token -> found(bad));

            assertThat(haul.batch().keys()).containsExactly("1");
            assertThat(haul.batch().nextToken()).isEqualTo("b");
            assertThat(haul.rest(plan()).error()).isEqualTo("unreadable");
        }
    }

    private Haul from(String first, Function<String, Answer> ask) throws UnreadableDocument {
        asked.clear();
        return Haul.from(batch(first), ROOM, () -> true, token -> {
            asked.add(token);
            return ask.apply(token);
        });
    }

    private Answer nobody(String token) {
        throw new AssertionError("asked for " + token);
    }

    /** One page for each question, in this order. */
    private Answer found(String... pages) {
        return new Answer.Found(pages[Math.min(asked.size(), pages.length) - 1].getBytes(StandardCharsets.UTF_8));
    }

    private static Batch batch(String page) throws UnreadableDocument {
        return Records.page(RecordType.CYCLE, page.getBytes(StandardCharsets.UTF_8));
    }

    private static String page(int first, int count, @Nullable String next) {
        return IntStream.range(first, first + count)
                .mapToObj(id -> """
                {"id":%d,"user_id":9,"created_at":"2026-03-01T23:00:00.000Z","updated_at":"2026-03-01T23:00:00.000Z",
                 "start":"2026-03-01T22:00:00.000Z","end":null,"timezone_offset":"Z","score_state":"SCORED"}""".formatted(id))
                .collect(Collectors.joining(
                        ",",
                        "{\"records\":[",
                        "],\"next_token\":" + (next == null ? "null" : "\"" + next + "\"") + "}"));
    }

    private static PollPlan plan() {
        Duration any = Duration.ofMinutes(1);
        return new PollPlan(
                new SyncSettings(30, any, 3, any, any, any, any, any, any, RETRY_BASE, any, 365, any, any),
                new Random(1));
    }
}
