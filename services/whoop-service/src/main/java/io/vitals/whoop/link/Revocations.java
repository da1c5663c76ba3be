package io.vitals.whoop.link;

import io.vitals.kit.config.Secret;
import io.vitals.kit.db.Database;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import io.vitals.whoop.upstream.Answer;
import io.vitals.whoop.upstream.WhoopApi;

import java.util.Optional;

/** Gives consents back to WHOOP after a link has ended here, at once or later. */
final class Revocations {
    private static final EventLog LOG = EventLog.of(Revocations.class);
    private static final int MOST_ATTEMPTS = 10;

    private final Database database;
    private final LinkRepository links = new LinkRepository();
    private final TokenAccess tokens;
    private final WhoopApi api;

    Revocations(Database database, TokenAccess tokens, WhoopApi api) {
        this.database = database;
        this.tokens = tokens;
        this.api = api;
    }

    /** Tells WHOOP of a disconnection it has not confirmed; returns whether there was one. */
    boolean overdue() {
        Optional<LinkRepository.Revocation> overdue = links.claimRevocation(database);
        overdue.ifPresent(revocation -> tellWhoop(revocation.link(), revocation.attempts()));
        return overdue.isPresent();
    }

    /** The link has ended whatever becomes of this call. */
    void nowOrLater(LinkRow revoked) {
        try {
            tellWhoop(revoked, 1);
        } catch (RuntimeException e) {
            LOG.error(
                    "revocation_failed", e, LogField.MEMBER.of(revoked.member().value()));
        }
    }

    /** The consent for an account that the member has replaced by another: nobody here will use it again. */
    void ofReplaced(LinkRow former) {
        if (former.access() == null) {
            return;
        }
        try {
            Answer answer = api.revoke(tokens.vault().open(former.member(), TokenVault.ACCESS, former.access()));
            if (!(answer instanceof Answer.Found)) {
                LOG.warn(
                        "revocation_unconfirmed",
                        LogField.MEMBER.of(former.member().value()));
            }
        } catch (RuntimeException e) {
            LOG.error("revocation_failed", e, LogField.MEMBER.of(former.member().value()));
        }
    }

    private void tellWhoop(LinkRow revoked, int attempts) {
        if (revoked.access() == null) {
            return;
        }
        LinkRow current = revoked;
        Answer answer = api.revoke(tokens.vault().open(revoked.member(), TokenVault.ACCESS, revoked.access()));
        if (answer instanceof Answer.Unauthorized && revoked.refresh() != null) {
            // The access token has expired or was refreshed away: one more pair, only to give the consent back.
            Secret refresh = tokens.vault().open(revoked.member(), TokenVault.REFRESH, revoked.refresh());
            switch (tokens.endpoint().refresh(refresh)) {
                case TokenReply.Issued(TokenPair pair) -> {
                    current = links.keepForRevocation(database, revoked, tokens.seal(revoked.member(), pair))
                            .orElse(revoked);
                    answer = api.revoke(pair.access());
                }
                case TokenReply.Rejected() -> {
                    // No consent is left to give back.
                }
                case TokenReply.Failed(String reason, boolean _) -> answer = new Answer.Failed(reason);
            }
        }
        boolean over = answer instanceof Answer.Found
                || answer instanceof Answer.Unauthorized
                || answer instanceof Answer.Absent;
        if (over || attempts >= MOST_ATTEMPTS) {
            tokens.transitions().forgetTokens(current, over ? "consent_returned" : "given_up");
        }
        if (!over) {
            LOG.warn(
                    "revocation_unconfirmed",
                    LogField.MEMBER.of(revoked.member().value()),
                    LogField.ATTEMPT.of(attempts));
        }
    }
}
