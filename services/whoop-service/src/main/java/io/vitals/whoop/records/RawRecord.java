package io.vitals.whoop.records;

import java.time.Instant;

/** A record as WHOOP sent it. The key orders records of one type; it is WHOOP's id, padded where that is a number. */
public record RawRecord(String type, String key, byte[] json, Instant fetchedAt) {}
