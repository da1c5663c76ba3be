package io.vitals.gitops.platform;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.gitops.Findings;
import io.vitals.gitops.Manifest;
import io.vitals.gitops.Rule;
import io.vitals.gitops.Tree;
import io.vitals.gitops.Yaml;

import java.io.ByteArrayInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The inventory, the sealed secrets and what uses them tell the same: no secret that nobody listed, none listed that is not sealed or not
 * used, none used that is not listed. Each is sealed strictly, for the certificate of its cluster, and says who changes it and when.
 */
final class SecretsRule implements Rule {
    private static final Path INVENTORY = Path.of("sealed-secrets/inventory.yaml");
    /** A key of 4096 bits: so long is what stands before the value. */
    private static final int SEALED_KEY = 512;

    @Override
    public void judge(Tree tree, Findings findings) {
        Map<Path, Manifest> sealed = Sources.below(tree, "sealed-secrets");
        var listed = new TreeMap<Path, JsonNode>();
        for (JsonNode entry :
                Yaml.read(tree.root().resolve(INVENTORY)).getFirst().path("secrets")) {
            Path file =
                    Path.of(entry.path("folder").asText(), entry.path("name").asText() + ".yaml");
            findings.require(listed.put(file, entry) == null, INVENTORY, file.toString(), "is listed twice");
            entry(tree, findings, file, entry, sealed.get(file));
        }
        sealed.forEach((file, manifest) -> {
            findings.require(
                    manifest.kind().equals("SealedSecret"),
                    file,
                    manifest.id(),
                    "is not sealed: only SealedSecrets are kept here");
            findings.require(
                    listed.containsKey(file), file, manifest.id(), "is in no inventory: who uses and changes it?");
            strict(findings, file, manifest);
        });
        references(tree, findings, listed);
        plain(tree, findings);
    }

    private static void entry(
            Tree tree,
            Findings findings,
            Path file,
            JsonNode entry,
            @org.jspecify.annotations.Nullable Manifest manifest) {
        String name =
                entry.path("namespace").asText() + "/" + entry.path("name").asText();
        int age = entry.path("maxAgeDays").asInt();
        findings.require(age > 0 && age <= 180, INVENTORY, name, "may become " + age + " days old: 1 to 180");
        findings.require(!entry.path("consumers").isEmpty(), INVENTORY, name, "is used by nothing");
        String heading = "## " + entry.path("rotation").asText();
        Path procedures = tree.root().resolve("docs/platform/secrets.md");
        findings.require(
                Files.exists(procedures)
                        && tree.read("docs/platform/secrets.md").lines().anyMatch(heading::equals),
                INVENTORY,
                name,
                "is changed by a procedure that docs/platform/secrets.md lacks: "
                        + entry.path("rotation").asText());
        if (manifest == null) {
            findings.add(file, name + ": is listed and not sealed");
            return;
        }
        findings.require(
                manifest.namespace().equals(entry.path("namespace").asText())
                        && manifest.name().equals(entry.path("name").asText()),
                file,
                manifest.id(),
                "is not what the inventory calls it, " + name);
        Set<String> keys = new TreeSet<>(Sources.texts(entry.path("keys")));
        Set<String> there = new TreeSet<>();
        manifest.at("/spec/encryptedData").fieldNames().forEachRemaining(there::add);
        findings.require(
                keys.equals(there), file, manifest.id(), "has the keys " + there + ", and the inventory " + keys);
        findings.require(
                manifest.annotation("vitals.io/owner")
                        .equals(entry.path("owner").asText()),
                file,
                manifest.id(),
                "belongs to somebody other than the inventory says");
        String cluster = entry.path("cluster").asText();
        findings.require(
                manifest.annotation("vitals.io/sealed-for").equals(fingerprint(tree, cluster)),
                file,
                manifest.id(),
                "is not sealed for the certificate of " + cluster);
    }

    private static void strict(Findings findings, Path file, Manifest manifest) {
        for (String scope : List.of("cluster-wide", "namespace-wide")) {
            findings.require(
                    manifest.annotation("sealedsecrets.bitnami.com/" + scope).isEmpty()
                            && manifest.at("/spec/template/metadata/annotations")
                                    .path("sealedsecrets.bitnami.com/" + scope)
                                    .isMissingNode(),
                    file,
                    manifest.id(),
                    "is sealed " + scope + ": strict is the only scope");
        }
        findings.require(
                manifest.text("/spec/template/metadata/name").equals(manifest.name())
                        && manifest.text("/spec/template/metadata/namespace").equals(manifest.namespace()),
                file,
                manifest.id(),
                "makes a secret of another name or namespace");
        findings.require(
                !manifest.annotation("vitals.io/owner").isEmpty(),
                file,
                manifest.id(),
                "does not say who owns it: vitals.io/owner");
        findings.require(
                isDate(manifest.annotation("vitals.io/rotate-by")),
                file,
                manifest.id(),
                "does not say until when it is good: vitals.io/rotate-by");
        manifest.at("/spec/encryptedData")
                .properties()
                .forEach(value -> findings.require(
                        isSealed(value.getValue().asText()),
                        file,
                        manifest.id(),
                        value.getKey() + " is no sealed value"));
    }

    /** Everything that our pods mount, our databases sign in with, and the platform's values name. */
    private static void references(Tree tree, Findings findings, Map<Path, JsonNode> listed) {
        var known = new TreeSet<String>();
        listed.values().forEach(entry -> {
            for (JsonNode key : entry.path("keys")) {
                known.add(entry.path("namespace").asText() + "/"
                        + entry.path("name").asText() + "/" + key.asText());
            }
        });
        var used = new TreeSet<String>();
        tree.rendered()
                .forEach((folder, manifests) -> manifests.forEach(manifest -> {
                    for (JsonNode volume : manifest.podTemplate().at("/spec/volumes")) {
                        String secret = volume.at("/secret/secretName").asText("");
                        // The operator of the databases makes its authorities itself.
                        if (!secret.isEmpty() && !secret.endsWith("-ca")) {
                            for (JsonNode item : volume.at("/secret/items")) {
                                use(
                                        findings,
                                        known,
                                        used,
                                        folder,
                                        manifest,
                                        secret,
                                        item.path("key").asText());
                            }
                        }
                    }
                    if (manifest.kind().equals("Cluster")) {
                        var secrets = new ArrayList<String>();
                        secrets.add(manifest.text("/spec/bootstrap/initdb/secret/name"));
                        manifest.at("/spec/managed/roles")
                                .forEach(role -> secrets.add(
                                        role.at("/passwordSecret/name").asText("")));
                        for (String secret : secrets) {
                            if (!secret.isEmpty()) {
                                use(findings, known, used, folder, manifest, secret, "username");
                                use(findings, known, used, folder, manifest, secret, "password");
                            }
                        }
                    }
                }));
        String named = String.join(
                "\n",
                tree.read("gitops/platform/kube-prometheus-stack/values.yaml"),
                tree.read("monitoring/alertmanager/alertmanager.yaml"),
                tree.read("gitops/platform/on-call/extras/statefulset.yaml"),
                tree.read("gitops/platform/postgres-exporter/values.yaml"),
                tree.read("argocd/settings/configmap-argocd-cm.yaml"),
                tree.read("argocd/settings/configmap-argocd-notifications-cm.yaml"));
        for (JsonNode entry : listed.values()) {
            String name = entry.path("name").asText();
            boolean platform = entry.path("folder").asText().startsWith("sealed-secrets/platform/");
            for (JsonNode key : entry.path("keys")) {
                boolean mentioned = platform
                        ? named.contains(key.asText())
                                && (named.contains(name) || name.equals("argocd-notifications-secret"))
                        : used.contains(entry.path("namespace").asText() + "/" + name + "/" + key.asText());
                findings.require(
                        mentioned,
                        INVENTORY,
                        entry.path("namespace").asText() + "/" + name,
                        key.asText() + " is used by nothing: take it away");
            }
        }
    }

    private static void use(
            Findings findings,
            Set<String> known,
            Set<String> used,
            Path folder,
            Manifest manifest,
            String secret,
            String key) {
        String wanted = manifest.namespace() + "/" + secret + "/" + key;
        used.add(wanted);
        findings.require(
                known.contains(wanted), folder, manifest.id(), "uses " + wanted + ", which is in no inventory");
    }

    /** No secret lies anywhere else in the tree but sealed; Argo CD's description of its own cluster holds none. */
    private static void plain(Tree tree, Findings findings) {
        for (String part : List.of("argocd", "gitops/apps", "gitops/clusters", "gitops/data", "gitops/platform")) {
            Sources.below(tree, part).forEach((file, manifest) -> {
                if (manifest.kind().equals("Secret")) {
                    boolean description = manifest.label("argocd.argoproj.io/secret-type")
                                    .equals("cluster")
                            && manifest.text("/stringData/config").equals("{\"tlsClientConfig\":{\"insecure\":false}}")
                            && manifest.at("/data").isMissingNode();
                    findings.require(description, file, manifest.id(), "is a secret that is not sealed");
                }
            });
        }
    }

    private static String fingerprint(Tree tree, String cluster) {
        try {
            var certificate = CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(tree.read("sealed-secrets/certs/" + cluster + ".pem")
                            .getBytes(StandardCharsets.US_ASCII)));
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (CertificateException | NoSuchAlgorithmException | UncheckedIOException e) {
            return "none: " + e.getClass().getSimpleName();
        }
    }

    private static boolean isDate(String text) {
        try {
            LocalDate.parse(text);
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static boolean isSealed(String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            return bytes.length > SEALED_KEY + 2 && (((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff)) == SEALED_KEY;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
