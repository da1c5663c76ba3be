package io.vitals.health.whoop;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

/**
 * whoop-service as health-api sees it. Every call is signed, has a deadline and is tried once: who calls decides whether
 * to try again.
 *
 * <p>Each method throws {@link WhoopUnavailableException} when whoop-service cannot be reached in time or answers a
 * server error.
 */
public interface WhoopService {

    /** The link's state; {@code NONE} for a member who never linked. */
    WhoopLink link(UUID member);

    /**
     * Starts a link.
     *
     * @param sessionBinding base64url SHA-256 of the browser session that must also end it
     */
    LinkStart startLink(UUID member, String sessionBinding);

    /** Ends a link with what the browser brought back from WHOOP. */
    LinkOutcome finishLink(UUID member, LinkCallback callback);

    /** Revokes the link at WHOOP, destroys its tokens and stops its work. Ending what is not linked is no error. */
    WhoopLink disconnect(UUID member);

    /** Asks for a sync and waits for its end, at most {@code wait} (up to 10 s). */
    WhoopSync sync(UUID member, Duration wait);

    /** The days from {@code from} to {@code to}, both inclusive, at most 400; a day without any record may be absent. */
    List<WhoopDay> days(UUID member, LocalDate from, LocalDate to);

    /** What is known of each day from {@code from} to {@code to}, both inclusive, at most 400. */
    List<WhoopCoverage> coverage(UUID member, LocalDate from, LocalDate to);

    /**
     * The changes of all members after {@code after}; waits up to {@code wait} (at most 25 s) for the first one.
     *
     * @param after the cursor of the last page; null from the beginning
     */
    WhoopChanges changes(@Nullable String after, Duration wait, int limit);
}
