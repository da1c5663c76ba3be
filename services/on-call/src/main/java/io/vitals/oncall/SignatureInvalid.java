package io.vitals.oncall;

import io.vitals.kit.http.Failure;
import io.vitals.kit.http.ProblemType;

/** The acknowledgement is nobody's who may, or too old. Which of the two it is, the sender need not learn. */
record SignatureInvalid() implements Failure {
    static final ProblemType TYPE = new ProblemType(401, "signature-invalid", "The signature does not fit");

    @Override
    public ProblemType problem() {
        return TYPE;
    }

    @Override
    public String detail() {
        return "The acknowledgement is not signed with the key, or was signed too long ago.";
    }
}
