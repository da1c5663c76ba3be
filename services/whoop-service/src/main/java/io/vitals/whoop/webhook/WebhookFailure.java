package io.vitals.whoop.webhook;

import io.vitals.kit.http.Failure;
import io.vitals.kit.http.ProblemType;

/** Why a delivery is not taken. */
enum WebhookFailure implements Failure {
    SIGNATURE(
            401,
            "webhook-signature-invalid",
            "The signature is not valid",
            "The delivery is not signed with the app's secret, or too long ago."),
    MALFORMED(400, "webhook-malformed", "The event cannot be read", "The body is not a WHOOP version 2 event.");

    private final int status;
    private final String slug;
    private final String title;
    private final String detail;

    WebhookFailure(int status, String slug, String title, String detail) {
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
