package io.vitals.whoop.feed;

import io.vitals.whoop.model.MemberId;

import java.time.LocalDate;

/** A member's day that changed, and what kind of record, or the link, changed it. */
public record Change(MemberId member, LocalDate date, String kind) {}
