package io.vitals.kit.signing;

import io.vitals.kit.crypto.Digests;

import java.util.Base64;

/**
 * The string that both sides sign: our profile of RFC 9421, section 2.5. Every call covers method, authority, path,
 * query, body digest (RFC 9530) and content type, in this order; there is nothing to negotiate.
 */
record SignatureBase(
        String method, String authority, String path, String query, String contentDigest, String contentType) {
    static final String LABEL = "vitals";
    static final String TAG = "vitals-internal";
    static final String COMPONENTS =
            "(\"@method\" \"@authority\" \"@path\" \"@query\" \"content-digest\" \"content-type\")";

    /**
     * The signed text.
     *
     * @param parameters everything after the label of Signature-Input
     */
    String text(String parameters) {
        return "\"@method\": " + method + "\n\"@authority\": " + authority + "\n\"@path\": " + path + "\n\"@query\": ?"
                + query + "\n\"content-digest\": " + contentDigest + "\n\"content-type\": " + contentType
                + "\n\"@signature-params\": " + parameters;
    }

    static String digest(byte[] body) {
        return "sha-256=:" + Base64.getEncoder().encodeToString(Digests.sha256(body)) + ":";
    }
}
