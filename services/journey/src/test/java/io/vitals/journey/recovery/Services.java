package io.vitals.journey.recovery;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vitals.journey.process.MemberSession;
import io.vitals.probe.browser.Answer;
import io.vitals.sandbox.launcher.ServiceProcess;
import io.vitals.sandbox.launcher.Stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the services say of a restored database: their own commands, as procedures name them, and themselves. */
final class Services {
    static final List<String> NAMES = List.of("health-api", "whoop-service");
    private static final String CHECKPOINTS = ".checkpoints.jsonl";
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration STOP = Duration.ofSeconds(45);

    private final Stack stack;

    Services(Stack stack) {
        this.stack = stack;
    }

    private Barman.Outcome command(String service, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                Path.of("..", service, "target", service + ".jar").toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("VITALS_"));
        builder.environment()
                .put(
                        "VITALS_CONFIG",
                        stack.directory()
                                .resolve("config")
                                .resolve(service + ".yaml")
                                .toString());
        return Calls.run(builder);
    }

    /** Verifies the audit log of a service against the checkpoints that a directory holds. */
    Barman.Outcome verify(String service, Path checkpoints) {
        return command(
                service,
                "audit",
                "verify",
                "--checkpoints",
                checkpoints.toString(),
                "--keys",
                stack.directory().resolve("secrets/audit.jwks.json").toString());
    }

    /** All checkpoints, which are kept outside of the database, and the ledger of erasures. */
    Path outside() {
        return stack.directory().resolve("audit");
    }

    /** A copy of the checkpoints that were signed until then: of what came later a restored database knows nothing. */
    Path checkpointsUntil(Instant time, Path copy) throws IOException {
        Files.createDirectories(copy);
        try (Stream<Path> files = Files.list(outside())) {
            for (Path file :
                    files.filter(any -> any.toString().endsWith(CHECKPOINTS)).toList()) {
                var kept = new ArrayList<String>();
                for (String line : Files.readAllLines(file)) {
                    Instant signed =
                            Instant.parse(JSON.readTree(line).required("at").asText());
                    if (!signed.isAfter(time)) {
                        kept.add(line);
                    }
                }
                if (!kept.isEmpty()) {
                    Files.write(copy.resolve(file.getFileName()), kept);
                }
            }
        }
        return copy;
    }

    /** Forgets again whom the ledger outside of the database names. */
    Barman.Outcome replayErasures() {
        return command("health-api", "erasure", "replay", "--ledger", outside().toString());
    }

    void start() {
        for (ServiceProcess service : List.of(stack.whoopService(), stack.healthApi())) {
            service.start();
            service.awaitReady(PATIENCE);
        }
    }

    void stop() {
        for (ServiceProcess service : List.of(stack.healthApi(), stack.whoopService())) {
            service.stop(STOP);
        }
    }

    /** A member signs in and reads their days. */
    Answer days(String account) {
        return MemberSession.signIn(stack, account).get("/api/v1/users/me/days");
    }
}
