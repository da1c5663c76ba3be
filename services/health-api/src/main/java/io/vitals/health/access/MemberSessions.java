package io.vitals.health.access;

import io.vitals.kit.crypto.Digests;
import io.vitals.kit.crypto.Tokens;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** A member's own browser sessions: what they see of them, and ending one from another. */
public final class MemberSessions {
    private static final int ID_BYTES = 16;

    private final Sessions sessions;
    private final Consumer<SessionTokens> revocation;

    /** {@code revocation} lets the issuer know that tokens are done with. */
    MemberSessions(Sessions sessions, Consumer<SessionTokens> revocation) {
        this.sessions = sessions;
        this.revocation = revocation;
    }

    /**
     * One session.
     *
     * @param id a name for it that opens nothing
     * @param lastSeenAt exact to the minute
     * @param browser browser and system at the sign-in; null when it did not say
     * @param current whether it is the one that asks
     */
    public record View(
            String id,
            Instant createdAt,
            Instant lastSeenAt,
            Instant expiresAt,
            @Nullable String browser,
            boolean current) {}

    /** Those that are live, the newest first. */
    public List<View> of(Caller caller) {
        byte[] own = caller.session().map(SessionRef::idHash).orElse(new byte[0]);
        return sessions.ofMember(caller.member()).stream()
                .map(known -> new View(
                        idOf(known.idHash()),
                        known.createdAt(),
                        known.lastSeenAt(),
                        known.endsAt(),
                        known.browser(),
                        Arrays.equals(own, known.idHash())))
                .toList();
    }

    /** Ends one of the member's sessions on every replica; false when there is none of this id. */
    public boolean end(UUID member, String id) {
        Optional<byte[]> hash = sessions.ofMember(member).stream()
                .map(Sessions.Known::idHash)
                .filter(idHash -> idOf(idHash).equals(id))
                .findFirst();
        Optional<SessionTokens> ended = hash.flatMap(sessions::endById);
        ended.ifPresent(revocation);
        return ended.isPresent();
    }

    /** The hash of the cookie binds things elsewhere, so it is not shown itself. */
    private static String idOf(byte[] idHash) {
        return Tokens.base64Url(Arrays.copyOf(Digests.sha256(idHash), ID_BYTES));
    }
}
