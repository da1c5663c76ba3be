package io.vitals.whoop.upstream;

import java.time.Duration;

/** What came of a call to WHOOP, as far as the caller has to decide something. */
public sealed interface Answer {
    /** 2xx with its body, which may be empty. */
    record Found(byte[] body) implements Answer {}

    /** 404: WHOOP has no such record, or none yet. */
    record Absent() implements Answer {}

    /** 401: the access token is not taken. */
    record Unauthorized() implements Answer {}

    /** Not now, through nobody's fault: no budget, or a token refresh is under way. Waiting costs no attempt. */
    record Later(Duration pause, String reason) implements Answer {}

    /** No usable answer. The reason is a code, never WHOOP's text. */
    record Failed(String reason) implements Answer {}

    /** There is no link to call with any more. */
    record Gone() implements Answer {}
}
