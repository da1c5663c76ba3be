package io.vitals.gitops.platform;

import io.vitals.gitops.Program;

import java.nio.file.Path;

/** Keys of a controller that seals, as tests make them. */
final class SealingKeys {
    private SealingKeys() {}

    /** Makes a key and its certificate, which ends after so many days. */
    static void make(Path key, Path certificate, int days) {
        Program.run(
                        Program.ROOT,
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "rsa:4096",
                        "-nodes",
                        "-days",
                        Integer.toString(days),
                        "-subj",
                        "/CN=test",
                        "-keyout",
                        key.toString(),
                        "-out",
                        certificate.toString())
                .orThrow();
    }

    /** What kubeseal says when it opens a sealed secret with a key and without a cluster. */
    static Program.Answer open(Path key, Path sealed) {
        return Program.run(
                Program.ROOT,
                "bash",
                "-c",
                "exec \"$0\" --recovery-unseal --recovery-private-key \"$1\" <\"$2\"",
                Program.tool("kubeseal"),
                key.toString(),
                sealed.toString());
    }
}
