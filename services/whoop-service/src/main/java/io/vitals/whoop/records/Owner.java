package io.vitals.whoop.records;

import io.vitals.whoop.model.MemberId;

/** Whose records: the member, and the WHOOP account they come from. */
public record Owner(MemberId member, long whoopUserId) {}
