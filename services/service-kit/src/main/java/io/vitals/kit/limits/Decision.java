package io.vitals.kit.limits;

import java.time.Duration;

/**
 * Whether a request may go on, and what the caller has left.
 *
 * @param limit of the window that is nearest to its end
 * @param remaining requests that it still lets through at once
 * @param reset until it is full again
 * @param retryAfter until the next one is let through; zero when this one is
 */
public record Decision(boolean allowed, int limit, long remaining, Duration reset, Duration retryAfter) {}
