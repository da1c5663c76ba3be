package io.vitals.whoop.feed;

import io.vitals.whoop.model.MemberId;
import org.jspecify.annotations.Nullable;

import java.time.LocalDate;

/**
 * A member's day that changed, and what kind of record, or the link, changed it.
 *
 * @param traceparent where the trace of what changed it stood; null if it has none
 */
public record Change(
        MemberId member,
        LocalDate date,
        String kind,
        @Nullable String traceparent) {}
