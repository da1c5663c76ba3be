package io.vitals.health.access;

import java.util.Base64;

/** Names a session without being able to use it: the hash of its cookie. */
public final class SessionRef {
    private final byte[] idHash;

    SessionRef(byte[] idHash) {
        this.idHash = idHash.clone();
    }

    byte[] idHash() {
        return idHash.clone();
    }

    /** The text that binds something to this session at another service: base64url of the hash. */
    public String binding() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(idHash);
    }

    @Override
    public String toString() {
        return "SessionRef[]";
    }
}
