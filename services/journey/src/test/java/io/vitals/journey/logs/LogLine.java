package io.vitals.journey.logs;

import java.time.Instant;
import java.util.Map;

/**
 * A line as Loki gets it.
 *
 * @param labels of its stream
 * @param metadata what stands beside it and is searched by
 */
record LogLine(Map<String, String> labels, Map<String, String> metadata, Instant time, String text) {}
