package io.vitals.runbooks.page;

import java.util.List;

/** What a step needs around it. */
public enum Capability {
    ALERTMANAGER,
    APP,
    ARGOCD,
    KUBECTL,
    LOKI,
    POSTGRES,
    PROMETHEUS;

    /** The variables that a step finds besides those that it names. */
    public List<String> brings() {
        return switch (this) {
            case ALERTMANAGER -> List.of("ALERTMANAGER_URL");
            case APP ->
                List.of(
                        "HEALTH_API_URL",
                        "HEALTH_API_MANAGEMENT_URL",
                        "WHOOP_SERVICE_URL",
                        "WHOOP_SERVICE_MANAGEMENT_URL");
            case ARGOCD -> List.of("ARGOCD_AUTH_TOKEN", "ARGOCD_OPTS", "ARGOCD_SERVER", "KUBECONFIG");
            case KUBECTL -> List.of("KUBECONFIG");
            case LOKI -> List.of("LOKI_URL");
            case POSTGRES -> List.of("DATABASE_URL", "PGPASSWORD", "PGUSER");
            case PROMETHEUS -> List.of("PROMETHEUS_URL");
        };
    }

    @Override
    public String toString() {
        return Words.of(this);
    }
}
