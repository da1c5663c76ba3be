package io.vitals.whoop.sync;

import io.vitals.whoop.records.Batch;
import io.vitals.whoop.records.Records;
import io.vitals.whoop.records.UnreadableDocument;
import io.vitals.whoop.upstream.Answer;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * What one claim brings: a page and those that follow it, stored in one transaction with the checkpoint behind the last of them. A killed
 * worker costs these few pages and nothing else.
 *
 * @param batch the records of all pages; its token is that of the page after them
 * @param stop what stood in the way of that page; null if nothing did, or there is none
 */
record Haul(Batch batch, int pages, @Nullable Answer stop) {
    /** A month of records, or some; few enough for any memory. */
    static final int MOST_PAGES = 4;

    /**
     * How a walk goes on behind a checkpoint.
     *
     * @param attempts failed ones of the page that is next
     * @param error code of what stood in the way; null if nothing did
     */
    record Rest(Duration pause, int attempts, @Nullable String error) {
        static final Rest NONE = new Rest(Duration.ZERO, 0, null);
    }

    /**
     * Goes on from a first page.
     *
     * @param room how many pages there may be, the first included
     * @param fresh whether the claim holds long enough for another page
     * @param ask fetches the page that a token names
     */
    static Haul from(Batch first, int room, BooleanSupplier fresh, Function<String, Answer> ask) {
        Batch batch = first;
        int pages = 1;
        while (pages < Math.min(room, MOST_PAGES) && fresh.getAsBoolean()) {
            String next = batch.nextToken();
            if (next == null) {
                break;
            }
            switch (ask.apply(next)) {
                case Answer.Found(byte[] json) -> {
                    Batch page = read(batch, json);
                    if (page == null) {
                        return new Haul(batch, pages, new Answer.Failed("unreadable"));
                    }
                    batch = batch.followedBy(page);
                    pages++;
                }
                case Answer other -> {
                    return new Haul(batch, pages, other);
                }
            }
        }
        return new Haul(batch, pages, null);
    }

    /** Null for a page that is to be asked for once more: what is unreadable may be a glitch. */
    private static @Nullable Batch read(Batch before, byte[] json) {
        try {
            Batch page = Records.page(before.type(), json);
            return page.problem() == null ? page : null;
        } catch (UnreadableDocument _) {
            return null;
        }
    }

    Rest rest(PollPlan plan) {
        return switch (stop) {
            case null -> Rest.NONE;
            case Answer.Later(Duration wait, String reason) -> new Rest(wait, 0, reason);
            case Answer.Gone() -> new Rest(Step.PAUSE_AFTER_GIVING_UP, 0, "link_gone");
            case Answer.Failed(String reason) -> failed(plan, reason);
            case Answer.Absent() -> failed(plan, "absent");
            case Answer.Unauthorized() -> failed(plan, "unauthorized");
            case Answer.Found _ -> throw new IllegalStateException("a page that was found stops nothing");
        };
    }

    private static Rest failed(PollPlan plan, String reason) {
        return new Rest(plan.pauseAfterFailure(1), 1, reason);
    }
}
