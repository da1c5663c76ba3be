package io.vitals.whoop.link;

import io.vitals.kit.db.SqlExecutor;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.records.Owner;

import java.util.Optional;

/** Who is linked with which account, for those who work with links but do not make them. */
public final class LinkDirectory {
    private final LinkRepository links = new LinkRepository();

    /** Whose account this is; empty for an account that is not, or no longer, linked. */
    public Optional<Owner> ownerOf(SqlExecutor db, long whoopUserId) {
        return links.ofAccount(db, whoopUserId).map(link -> new Owner(link.member(), link.whoopUserId()));
    }

    /** The account linked with a member, while the link is usable. */
    public Optional<Owner> owner(SqlExecutor db, MemberId member) {
        return links.find(db, member)
                .filter(link -> link.state().usable())
                .map(link -> new Owner(member, link.whoopUserId()));
    }

    /** Whether this account is linked with somebody, and the link is usable. */
    public boolean usable(SqlExecutor db, long whoopUserId) {
        return links.ofAccount(db, whoopUserId)
                .filter(link -> link.state().usable())
                .isPresent();
    }

    /**
     * Whether records of this account may still be stored; within a transaction it holds off a disconnection until the commit, so that nothing
     * is written after one.
     */
    public boolean holdLinked(SqlExecutor tx, Owner owner) {
        return links.hold(tx, owner.member(), owner.whoopUserId());
    }

    /** Notes that a webhook came for the account. */
    public void touchWebhook(SqlExecutor db, long whoopUserId) {
        links.touchWebhook(db, whoopUserId);
    }

    /** Notes that a sync of the member ended well. */
    public void touchSync(SqlExecutor db, MemberId member) {
        links.touchSync(db, member);
    }
}
