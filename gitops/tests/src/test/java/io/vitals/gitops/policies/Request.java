package io.vitals.gitops.policies;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

import java.util.Map;

/** What an API server is asked to store: by whom, in a namespace with which labels, and in place of what. */
record Request(JsonNode object, @Nullable JsonNode before, String user, Map<String, String> namespaceLabels) {
    static Request create(JsonNode object, Map<String, String> namespaceLabels) {
        return new Request(object, null, Policy.ARGO_CD, namespaceLabels);
    }

    Request by(String other) {
        return new Request(object, before, other, namespaceLabels);
    }

    String operation() {
        return before == null ? "CREATE" : "UPDATE";
    }
}
