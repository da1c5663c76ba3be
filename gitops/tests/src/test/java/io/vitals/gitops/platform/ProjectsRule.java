package io.vitals.gitops.platform;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.gitops.Findings;
import io.vitals.gitops.Manifest;
import io.vitals.gitops.Rule;
import io.vitals.gitops.Tree;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Argo CD may apply what a project says and nothing else, and loses nothing because a folder has another name. */
final class ProjectsRule implements Rule {
    private static final Set<String> PROJECTS =
            Set.of("bootstrap", "platform", "data", "apps-preproduction", "apps-production", "default");
    private static final Set<String> OF_A_CLUSTER = Set.of(
            "APIService",
            "ClusterAnalysisTemplate",
            "ClusterIssuer",
            "ClusterRole",
            "ClusterRoleBinding",
            "CustomResourceDefinition",
            "GatewayClass",
            "MutatingWebhookConfiguration",
            "Namespace",
            "PriorityClass",
            "StorageClass",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionPolicyBinding",
            "ValidatingWebhookConfiguration");

    @Override
    public void judge(Tree tree, Findings findings) {
        var projects = new TreeMap<String, Manifest>();
        Sources.below(tree, "argocd/projects").forEach((file, project) -> {
            projects.put(project.name(), project);
            for (String list :
                    List.of("sourceRepos", "destinations", "clusterResourceWhitelist", "namespaceResourceWhitelist")) {
                findings.require(
                        !project.at("/spec/" + list).toString().contains("*"),
                        file,
                        project.id(),
                        list + " holds a wildcard");
                findings.require(
                        project.at("/spec/" + list).isArray(),
                        file,
                        project.id(),
                        list + " is not said, which means none or all");
                if (project.name().equals("default")) {
                    findings.require(
                            project.at("/spec/" + list).isEmpty(), file, project.id(), "is not locked: " + list);
                }
            }
            if (project.name().startsWith("apps-")) {
                for (JsonNode kind : project.at("/spec/namespaceResourceWhitelist")) {
                    findings.require(
                            !Set.of("Secret", "Role", "RoleBinding", "ResourceQuota", "LimitRange")
                                    .contains(kind.path("kind").asText()),
                            file,
                            project.id(),
                            "may make a " + kind.path("kind").asText());
                }
            }
        });
        Path folder = Path.of("argocd/projects");
        findings.require(projects.keySet().equals(PROJECTS), folder, "AppProject", "there are " + projects.keySet());

        Sources.below(tree, "gitops/platform").forEach((file, application) -> {
            if (application.kind().equals("Application")) {
                application(findings, file, application, projects);
            }
        });
        Sources.below(tree, "argocd").forEach((file, manifest) -> {
            if (manifest.kind().equals("Application")) {
                application(findings, file, manifest, projects);
            }
            if (manifest.kind().equals("ApplicationSet")) {
                set(findings, file, manifest, projects);
            }
        });
        tree.rendered().forEach((rendered, manifests) -> {
            String project = rendered.startsWith("gitops/data")
                    ? "data"
                    : rendered.toString().contains("production") ? "apps-production" : "apps-preproduction";
            if (rendered.toString().contains("/overlays/")) {
                manifests.forEach(manifest -> admitted(findings, rendered, manifest, project, projects));
            }
        });
        for (String cluster : Sources.CLUSTERS) {
            Sources.rendered(tree, cluster)
                    .forEach((rendered, manifests) -> manifests.forEach(
                            manifest -> admitted(findings, rendered, manifest, "platform", projects)));
        }
    }

    private static void application(
            Findings findings, Path file, Manifest application, Map<String, Manifest> projects) {
        Manifest project = projects.get(application.text("/spec/project"));
        if (project == null || application.text("/spec/project").equals("default")) {
            findings.add(file, application.id() + ": is in no project of ours: " + application.text("/spec/project"));
            return;
        }
        guards(findings, file, application, "");
        List<JsonNode> sources = application.at("/spec/sources").isArray()
                ? Sources.each(application.at("/spec/sources"))
                : List.of(application.at("/spec/source"));
        for (JsonNode source : sources) {
            String repository = source.path("repoURL").asText();
            findings.require(
                    Sources.texts(project.at("/spec/sourceRepos")).contains(repository),
                    file,
                    application.id(),
                    "comes from " + repository + ", which the project " + project.name() + " does not know");
        }
        findings.require(
                destinations(project).contains(application.text("/spec/destination/namespace")),
                file,
                application.id(),
                "goes to " + application.text("/spec/destination/namespace") + ", where the project " + project.name()
                        + " may not");
    }

    private static void set(Findings findings, Path file, Manifest set, Map<String, Manifest> projects) {
        String project = set.text("/spec/template/spec/project");
        findings.require(
                projects.containsKey(project) && !project.equals("default"),
                file,
                set.id(),
                "is in no project of ours: " + project);
        guards(findings, file, set, "/spec/template");
        findings.require(
                set.at("/spec/syncPolicy/preserveResourcesOnDeletion").asBoolean(false),
                file,
                set.id(),
                "takes what runs with it when it goes: preserveResourcesOnDeletion");
        findings.require(
                Sources.texts(set.at("/spec/goTemplateOptions")).contains("missingkey=error"),
                file,
                set.id(),
                "makes something of a value that is missing: missingkey=error");
        if (project.equals("apps-production") || set.name().contains("production") || project.equals("platform")) {
            findings.require(
                    set.text("/spec/syncPolicy/applicationsSync").equals("create-update"),
                    file,
                    set.id(),
                    "may delete Applications of production: applicationsSync is create-update there");
        }
        List<String> ignored = Sources.texts(set.at("/spec/ignoreApplicationDifferences/0/jsonPointers"));
        findings.require(
                ignored.contains("/spec/syncPolicy/automated/enabled") || ignored.contains("/spec/syncPolicy"),
                file,
                set.id(),
                "switches automatic syncs on again under the hands of whoever is on call");
        findings.require(
                !ignored.contains("/spec/syncPolicy"),
                file,
                set.id(),
                "its Applications keep the sync options that they were made with: ignore the switch alone");
    }

    private static void guards(Findings findings, Path file, Manifest manifest, String at) {
        findings.require(
                manifest.at(at + "/metadata/finalizers").isMissingNode(),
                file,
                manifest.id(),
                "has a finalizer: with the Application would go what runs");
        JsonNode automated = manifest.at(at + "/spec/syncPolicy/automated");
        findings.require(
                !automated.path("allowEmpty").asBoolean(true),
                file,
                manifest.id(),
                "may take everything away at once: allowEmpty");
        findings.require(
                Sources.texts(manifest.at(at + "/spec/syncPolicy/syncOptions")).contains("FailOnSharedResource=true"),
                file,
                manifest.id(),
                "takes objects over from another Application: FailOnSharedResource=true");
        if (manifest.text(at + "/spec/project").startsWith("apps-")
                && manifest.name().startsWith("apps-")) {
            findings.require(
                    !Sources.texts(manifest.at(at + "/spec/syncPolicy/syncOptions"))
                            .contains("ServerSideApply=true"),
                    file,
                    manifest.id(),
                    "is applied by the server, which takes the colour out of the Services' selectors");
        }
    }

    private static void admitted(
            Findings findings, Path folder, Manifest manifest, String name, Map<String, Manifest> projects) {
        Manifest project = projects.get(name);
        if (project == null) {
            return;
        }
        String apiVersion = manifest.text("/apiVersion");
        String group = apiVersion.contains("/") ? apiVersion.substring(0, apiVersion.indexOf('/')) : "";
        boolean ofTheCluster = OF_A_CLUSTER.contains(manifest.kind());
        String list = ofTheCluster ? "/spec/clusterResourceWhitelist" : "/spec/namespaceResourceWhitelist";
        boolean known = Sources.each(project.at(list)).stream()
                .anyMatch(kind -> kind.path("kind").asText().equals(manifest.kind())
                        && kind.path("group").asText().equals(group));
        findings.require(known, folder, manifest.id(), "is a kind that the project " + name + " may not make");
        findings.require(
                ofTheCluster || destinations(project).contains(manifest.namespace()),
                folder,
                manifest.id(),
                "lies in " + manifest.namespace() + ", where the project " + name + " may not");
    }

    private static Set<String> destinations(Manifest project) {
        var all = new TreeSet<String>();
        project.at("/spec/destinations")
                .forEach(destination -> all.add(destination.path("namespace").asText()));
        return all;
    }
}
