package io.vitals.gitops.argocd;

import java.util.Arrays;
import java.util.List;

/** Who may do what in Argo CD. What is asked of a library by every build is asked of Argo CD itself by make platform-test. */
public final class Decisions {
    /** Subject, resource, action, object, and how it is decided. */
    public static final String TABLE = """
            # Nobody's: nothing.
            somebody,              applications, get,    apps-production/production-health-api, deny
            # Auditors look.
            vitals-auditors,       applications, get,    apps-production/production-health-api, allow
            vitals-auditors,       logs,         get,    apps-production/production-health-api, allow
            vitals-auditors,       projects,     get,    apps-production, allow
            vitals-auditors,       applications, sync,   apps-preproduction/dev-health-api, deny
            vitals-auditors,       accounts,     update, ci, deny
            # Developers sync what is before production.
            vitals-developers,     applications, get,    apps-production/production-health-api, allow
            vitals-developers,     applications, sync,   apps-preproduction/staging-health-api, allow
            vitals-developers,     applications, sync,   apps-production/production-health-api, deny
            vitals-developers,     applications, action/argoproj.io/Rollout/abort, apps-production/production-health-api, deny
            vitals-developers,     applications, action/argoproj.io/Application/toggle-auto-sync, apps-preproduction/dev-health-api, deny
            vitals-developers,     applications, update, apps-preproduction/dev-health-api, deny
            vitals-developers,     exec,         create, apps-preproduction/dev-health-api, deny
            # On call stops a release and goes back.
            vitals-on-call,        applications, sync,     apps-production/production-health-api, allow
            vitals-on-call,        applications, rollback, apps-production/production-whoop-service, allow
            vitals-on-call,        applications, sync,     data/production-health-v1, allow
            vitals-on-call,        applications, action/argoproj.io/Application/toggle-auto-sync, apps-production/production-health-api, allow
            vitals-on-call,        applications, action/argoproj.io/Rollout/abort,        apps-production/production-health-api, allow
            vitals-on-call,        applications, action/argoproj.io/Rollout/promote-full, apps-production/production-health-api, allow
            vitals-on-call,        applications, action/argoproj.io/Rollout/resume,       apps-production/production-health-api, allow
            vitals-on-call,        applications, action/argoproj.io/Rollout/retry,        apps-production/production-health-api, allow
            vitals-on-call,        logs,         get,      apps-production/production-health-api, allow
            # And nothing more.
            vitals-on-call,        applications, update,   apps-production/production-health-api, deny
            vitals-on-call,        applications, override, apps-production/production-health-api, deny
            vitals-on-call,        applications, delete,   apps-production/production-health-api, deny
            vitals-on-call,        applications, delete/apps/Pod/health-api-production/x, apps-production/production-health-api, deny
            vitals-on-call,        applications, create,   apps-production/another, deny
            vitals-on-call,        applications, action/argoproj.io/Rollout/skip-current-step, apps-production/production-health-api, deny
            vitals-on-call,        applications, action/argoproj.io/Rollout/restart, apps-production/production-health-api, deny
            vitals-on-call,        applications, action/argoproj.io/Application/toggle-auto-sync, data/production-health-v1, deny
            vitals-on-call,        applications, rollback, data/production-health-v1, deny
            vitals-on-call,        applications, sync,     bootstrap/root, deny
            vitals-on-call,        exec,         create,   apps-production/production-health-api, deny
            vitals-on-call,        projects,     update,   apps-production, deny
            vitals-on-call,        repositories, create,   https://example.org/other.git, deny
            vitals-on-call,        clusters,     update,   https://kubernetes.default.svc, deny
            vitals-on-call,        applicationsets, update, bootstrap/apps-production, deny
            # Checks read what they ask about.
            ci,                    applications, get,    apps-production/production-health-api, allow
            ci,                    applications, get,    bootstrap/root, deny
            ci,                    logs,         get,    apps-production/production-health-api, deny
            ci,                    applications, sync,   apps-preproduction/dev-health-api, deny
            # Admins are one group, whatever else is called so, and no account.
            vitals-admins,         applications, delete, apps-production/production-health-api, allow
            admin,                 applications, get,    apps-production/production-health-api, deny
            """;

    private Decisions() {}

    /** One of them. */
    public record Decision(String subject, String resource, String action, String object, boolean allowed) {}

    public static List<Decision> all() {
        return TABLE.lines()
                .filter(line -> !line.startsWith("#"))
                .map(line ->
                        Arrays.stream(line.split(",", -1)).map(String::strip).toList())
                .map(cells -> new Decision(
                        cells.get(0),
                        cells.get(1),
                        cells.get(2),
                        cells.get(3),
                        cells.get(4).equals("allow")))
                .toList();
    }
}
