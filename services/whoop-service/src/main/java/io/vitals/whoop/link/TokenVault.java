package io.vitals.whoop.link;

import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Envelope;
import io.vitals.whoop.model.MemberId;
import org.jspecify.annotations.Nullable;

import java.security.GeneralSecurityException;

/** Seals what WHOOP gave us for one member and column; moved to another row or column it opens no more. */
final class TokenVault {
    static final String ACCESS = "access_token";
    static final String REFRESH = "refresh_token";
    static final String VERIFIER = "verifier";

    private final Envelope envelope;

    TokenVault(Envelope envelope) {
        this.envelope = envelope;
    }

    byte[] seal(MemberId member, String column, Secret value) {
        return envelope.seal(value, Envelope.place(member.toString(), "whoop", column));
    }

    /**
     * Opens a sealed value.
     *
     * @throws UnreadableTokenException if there is none, it was not sealed for this place, or its key is gone
     */
    Secret open(MemberId member, String column, byte @Nullable [] sealed) {
        if (sealed == null) {
            throw new UnreadableTokenException("nothing is sealed in " + column);
        }
        try {
            return envelope.openSecret(sealed, Envelope.place(member.toString(), "whoop", column));
        } catch (GeneralSecurityException _) {
            throw new UnreadableTokenException("cannot open " + column);
        }
    }

    /** What every value sealed now carries, see {@link Envelope#keyPrefix()}. */
    byte[] keyPrefix() {
        return envelope.keyPrefix();
    }

    /** The same value under the keyset's primary key. */
    byte @Nullable [] rewrap(byte @Nullable [] sealed) {
        if (sealed == null) {
            return null;
        }
        try {
            return envelope.rewrap(sealed);
        } catch (GeneralSecurityException _) {
            throw new UnreadableTokenException("cannot be sealed anew");
        }
    }
}
