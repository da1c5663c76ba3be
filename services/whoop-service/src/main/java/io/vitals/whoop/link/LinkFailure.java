package io.vitals.whoop.link;

import io.vitals.kit.http.Failure;
import io.vitals.kit.http.ProblemType;

/** Why a link could not be made. */
public enum LinkFailure implements Failure {
    STATE_INVALID(
            400,
            "link-state-invalid",
            "The connection attempt is not valid",
            "The attempt is unknown, used, expired, or was begun by somebody else. Start again."),
    DENIED(403, "link-denied", "WHOOP access was not granted", "The member or WHOOP declined the connection."),
    EXCHANGE_FAILED(
            502,
            "link-exchange-failed",
            "WHOOP did not complete the connection",
            "WHOOP did not hand out usable tokens. Start again."),
    LINKED_ELSEWHERE(
            409,
            "whoop-account-linked-elsewhere",
            "The WHOOP account is linked to another member",
            "A WHOOP account can be linked to one member only. Disconnect it there first.");

    private final int status;
    private final String slug;
    private final String title;
    private final String detail;

    LinkFailure(int status, String slug, String title, String detail) {
        this.status = status;
        this.slug = slug;
        this.title = title;
        this.detail = detail;
    }

    @Override
    public ProblemType problem() {
        return new ProblemType(status, slug, title);
    }

    @Override
    public String detail() {
        return detail;
    }
}
