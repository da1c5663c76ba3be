package io.vitals.gitops.cluster;

import io.vitals.gitops.Program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Clients outside the cluster, each with an address of its own: curl in the network that tools/cluster/node makes beside the node, whose
 * packets come to the edge as from a load balancer that passes connections on.
 */
enum Outside {
    WORLD("203.0.113.10"),
    NEIGHBOUR("203.0.113.11"),
    STRANGER("203.0.113.12"),
    /** In {@code adminCidrs} of the cluster. */
    PRIVATE("10.89.0.50");

    /** The address that tools/cluster/platform gives the edge. */
    private static final String EDGE = "192.0.2.80";
    /** What curl ends with when there is an answer. */
    private static final int ANSWERED = 0;

    private final String address;

    Outside(String address) {
        this.address = address;
    }

    String address() {
        return address;
    }

    /** What came back; without an answer, the status is 0 and {@code error} says why. */
    record Answer(int status, Map<String, String> headers, String body, String error) {
        String header(String name) {
            return headers.getOrDefault(name, "");
        }

        String contentType() {
            return header("content-type");
        }
    }

    /** Asks once; what the URL says goes to the edge whatever the host's name is. */
    Answer ask(String url, String... options) {
        try {
            Path head = Files.createTempFile("head", null);
            Path body = Files.createTempFile("body", null);
            try {
                List<String> more =
                        new ArrayList<>(List.of("--dump-header", head.toString(), "--output", body.toString()));
                more.addAll(Arrays.asList(options));
                more.add(url);
                var answer = curl(more);
                if (answer.code() != ANSWERED) {
                    return new Answer(
                            0,
                            Map.of(),
                            "",
                            "curl ended with " + answer.code() + ": "
                                    + answer.err().strip());
                }
                return answer(Files.readString(head), Files.readString(body));
            } finally {
                Files.delete(head);
                Files.delete(body);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks as often as the URL's range says, many times at once over few connections; how often each answer came. */
    Map<String, Integer> flood(String url) {
        return outcomes(curl(atOnce(url)));
    }

    /** The same as many addresses that are not its own, each for the URL's range. */
    Map<String, Integer> floodAsMany(String url, String... options) {
        List<String> all = new ArrayList<>();
        for (int host = 1; host <= 250; host++) {
            all.addAll(host == 1 ? List.of() : List.of("--next"));
            all.addAll(common());
            all.addAll(List.of("--header", "X-Forwarded-For: 198.51.100." + host));
            all.addAll(Arrays.asList(options));
            all.addAll(atOnce(url));
        }
        return outcomes(run(all));
    }

    /** Runs a program where these clients are. */
    static ProcessBuilder process(String... command) {
        List<String> all = new ArrayList<>(List.of("nsenter", "--net=/run/netns/outside"));
        all.addAll(Arrays.asList(command));
        return new ProcessBuilder(all);
    }

    private static List<String> atOnce(String url) {
        return List.of(
                "--no-progress-meter",
                "--parallel",
                "--parallel-max",
                "300",
                "--output",
                "/dev/null",
                "--write-out",
                "%{http_code} %header{content-type}\\n",
                url);
    }

    private Program.Answer curl(List<String> options) {
        List<String> all = new ArrayList<>(common());
        all.addAll(options);
        return run(all);
    }

    private List<String> common() {
        return List.of(
                "--silent",
                "--show-error",
                "--max-time",
                "60",
                "--interface",
                address,
                "--cacert",
                Cluster.state().resolve("pki/ca.crt").toString(),
                "--connect-to",
                ":443:" + EDGE + ":443",
                "--connect-to",
                ":80:" + EDGE + ":80");
    }

    private static Program.Answer run(List<String> options) {
        List<String> command = new ArrayList<>(List.of("nsenter", "--net=/run/netns/outside", "curl"));
        command.addAll(options);
        return Program.run(Cluster.state(), command.toArray(String[]::new));
    }

    private static Map<String, Integer> outcomes(Program.Answer curl) {
        var outcomes = new TreeMap<String, Integer>();
        curl.out().lines().forEach(line -> outcomes.merge(line.strip(), 1, Integer::sum));
        return outcomes;
    }

    private static Answer answer(String head, String body) {
        // After 100 Continue there is a second one.
        String[] blocks = head.strip().split("\r\n\r\n", -1);
        String[] lines = blocks[blocks.length - 1].split("\r\n", -1);
        var headers = new TreeMap<String, String>();
        for (String line : Arrays.asList(lines).subList(1, lines.length)) {
            int colon = line.indexOf(':');
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (first, second) -> first + ", " + second);
        }
        return new Answer(Integer.parseInt(lines[0].split(" ", -1)[1]), headers, body, "");
    }
}
