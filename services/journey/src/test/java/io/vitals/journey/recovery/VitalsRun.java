package io.vitals.journey.recovery;

import io.vitals.journey.process.MemberSession;
import io.vitals.probe.browser.Answer;
import io.vitals.sandbox.launcher.Conditions;
import io.vitals.sandbox.launcher.Ports;
import io.vitals.sandbox.launcher.ServiceProcess;
import io.vitals.sandbox.launcher.Stack;
import io.vitals.sandbox.launcher.StackSettings;
import io.vitals.sandbox.member.Almanac;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Both services and their members on a database that is lost. */
final class VitalsRun implements AutoCloseable {
    static final String STAYS = "mira";
    private static final String LEAVES = "jonas";
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    /** Tests connect in minutes as often as members in an hour. */
    private static final Conditions CONDITIONS =
            new Conditions(4, 1_000, 100_000, 1, 1, 1, Optional.empty(), Map.of(), Map.of());

    private final Stack stack;
    private final Original original;
    private @Nullable Erased erased;

    /** A member who was forgotten, and when that was asked for. */
    record Erased(UUID member, Instant at) {}

    VitalsRun(Path folder) throws IOException, SQLException {
        stack = new Stack(
                new StackSettings(
                        Path.of("../.."),
                        folder.resolve("vitals"),
                        Ports.free(new SecureRandom()),
                        Almanac.pinned(LocalDate.now(ZoneOffset.UTC)),
                        _ -> {}),
                CONDITIONS,
                _ -> {});
        stack.startAfresh();
        try {
            original = new Original(stack.postgres(), stack.directory().resolve("postgres"), folder);
            for (ServiceProcess service : List.of(stack.healthApi(), stack.whoopService())) {
                service.awaitReady(PATIENCE);
            }
        } catch (IOException | SQLException | RuntimeException e) {
            stack.close();
            throw e;
        }
    }

    /** Members come, one of them leaves, others write all the time; then all is lost. */
    void liveAndDie(Duration each) throws Exception {
        MemberSession.signIn(stack, STAYS).connect(1);
        MemberSession leaves = MemberSession.signIn(stack, LEAVES);
        leaves.connect(2);
        await("days of both")
                .atMost(PATIENCE)
                .until(() -> "2".equals(original.value("health", "SELECT count(DISTINCT member) FROM daily_record")));
        original.backup();
        Thread.sleep(each);
        original.nameTheMoment();
        Thread.sleep(each);
        Instant at = Instant.now();
        Answer answer = leaves.call("DELETE", "/api/v1/users/me", "");
        assertThat(answer.status()).as(answer.text()).isIn(200, 202);
        erased = new Erased(UUID.fromString(answer.json().path("member").asText()), at);
        original.backup();
        Thread.sleep(each);
        original.lose();
        new Services(stack).stop();
    }

    Stack stack() {
        return stack;
    }

    Original original() {
        return original;
    }

    Erased erased() {
        if (erased == null) {
            throw new IllegalStateException("nobody has left");
        }
        return erased;
    }

    @Override
    public void close() {
        stack.close();
        original.close();
    }
}
