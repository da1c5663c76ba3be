package io.vitals.kit.signing;

import io.vitals.kit.crypto.Digests;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The string that both sides sign (RFC 9421, section 2.5): one line a component, then the signature's parameters. */
record SignatureBase(List<Component> components) {
    /** A covered component: a derived one or a header by its lower-case name. */
    record Component(String name, String value) {}

    SignatureBase {
        components = List.copyOf(components);
    }

    /** Our profile: all that a call consists of, in this order; there is nothing to negotiate. */
    static SignatureBase of(
            String method,
            String authority,
            String path,
            String query,
            String contentDigest,
            String contentType,
            Map<String, String> headers) {
        List<Component> components = new ArrayList<>(List.of(
                new Component("@method", method),
                new Component("@authority", authority),
                new Component("@path", path),
                new Component("@query", "?" + query),
                new Component("content-digest", contentDigest),
                new Component("content-type", contentType)));
        for (String name : Profile.IF_PRESENT) {
            String value = headers.get(name);
            if (value != null) {
                components.add(new Component(name, value));
            }
        }
        return new SignatureBase(components);
    }

    /** The inner list of Signature-Input. */
    String names() {
        return components.stream()
                .map(component -> "\"" + component.name() + "\"")
                .collect(Collectors.joining(" ", "(", ")"));
    }

    /**
     * The signed text.
     *
     * @param parameters everything after the label of Signature-Input
     */
    String text(String parameters) {
        return components.stream()
                .map(component -> "\"" + component.name() + "\": " + component.value() + "\n")
                .collect(Collectors.joining("", "", "\"@signature-params\": " + parameters));
    }

    static String digest(byte[] body) {
        return "sha-256=:" + Base64.getEncoder().encodeToString(Digests.sha256(body)) + ":";
    }
}
