package io.vitals.whoop.link;

/** What came of asking the token endpoint. */
sealed interface TokenReply {
    record Issued(TokenPair pair) implements TokenReply {}

    /** WHOOP says that the code or refresh token is not, or no longer, good. */
    record Rejected() implements TokenReply {}

    /**
     * No usable answer; the code names why.
     *
     * @param settled WHOOP surely did not act, so that a refresh token is as good as before
     */
    record Failed(String reason, boolean settled) implements TokenReply {}
}
