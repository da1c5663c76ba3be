package io.vitals.whoop.link;

import io.vitals.kit.db.SqlExecutor;
import io.vitals.whoop.model.MemberId;

/** Parts that begin or end work with a link, within the transaction that makes or ends it. */
public interface LinkListener {
    /** The member is linked for the first time, or with another account than before. */
    default void linked(SqlExecutor tx, MemberId member, long whoopUserId) {}

    /** The account that the member was linked with before is linked again: what came of it is still there, and a time is missing since. */
    default void relinked(SqlExecutor tx, MemberId member, long whoopUserId) {
        linked(tx, member, whoopUserId);
    }

    default void unlinked(SqlExecutor tx, MemberId member) {}

    /** After the commit of either. */
    default void committed() {}
}
