package io.vitals.whoop.link;

import io.vitals.kit.db.SqlExecutor;
import io.vitals.whoop.model.MemberId;

/** Parts that begin or end work with a link, within the transaction that makes or ends it. */
public interface LinkListener {
    /**
     * The member is linked: for the first time, again with the account of before, or with another. Whether a listener's own data are of this
     * account the listener knows best, as they may be older than the link that was replaced.
     */
    default void linked(SqlExecutor tx, MemberId member, long whoopUserId) {}

    default void unlinked(SqlExecutor tx, MemberId member) {}

    /** After the commit of either. */
    default void committed() {}
}
