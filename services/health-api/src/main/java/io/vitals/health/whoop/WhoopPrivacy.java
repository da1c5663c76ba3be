package io.vitals.health.whoop;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What whoop-service holds about a member: to hand out, and to erase. Throws {@link WhoopUnavailableException} as {@link
 * WhoopService} does.
 */
public interface WhoopPrivacy {
    /**
     * How far an erasure has come.
     *
     * @param removed rows removed by all calls with this receipt, by table
     */
    record Erased(boolean done, Map<String, Long> removed) {}

    /**
     * Gives the consent back to WHOOP and removes everything; to be repeated until it is done.
     *
     * @param receipt the same in each call of an erasure, so that what was removed is told even when an answer was lost
     */
    Erased erase(UUID member, UUID receipt);

    /** Tables that may hold rows about a member. */
    List<String> tables(UUID member);

    /**
     * A page of a table.
     *
     * @param after null from the beginning, else {@code next} of the page before
     * @return {@code rows}, and {@code next} unless it was the last page, as JSON
     */
    byte[] rows(UUID member, String table, @Nullable String after);
}
