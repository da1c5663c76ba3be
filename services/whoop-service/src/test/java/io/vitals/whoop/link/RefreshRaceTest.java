package io.vitals.whoop.link;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.sandbox.whoop.WhoopEndpoint;
import io.vitals.sandbox.whoop.WhoopFault;
import io.vitals.whoop.model.MemberId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Four processes that all want the token of every member the moment it has expired, against a WHOOP that ends a family on reuse. */
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefreshRaceTest {
    private static final int PROCESSES = 4;
    private static final int MEMBERS = 25;
    private static final int EXPIRIES = Integer.getInteger("vitals.chaos.races", 500);

    private final List<Racer> racers = new ArrayList<>();
    private final List<MemberId> members = new ArrayList<>();
    private SimulatedLinks links;

    private record Racer(Process process, BufferedReader out, BufferedWriter in) {
        /** The next line of ours; a library's chatter is passed over. */
        String answer() throws IOException {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith("racer: ")) {
                    return line.substring("racer: ".length());
                }
            }
            throw new AssertionError("a racer has ended");
        }

        void go() throws IOException {
            in.write("go\n");
            in.flush();
        }
    }

    @BeforeAll
    void start() throws IOException {
        links = SimulatedLinks.start(MEMBERS);
        for (int account = 1; account <= MEMBERS; account++) {
            members.add(links.connect(account));
        }
        for (int i = 0; i < PROCESSES; i++) {
            racers.add(launch());
        }
        for (Racer racer : racers) {
            assertThat(racer.answer()).isEqualTo("up");
        }
    }

    @AfterAll
    void stop() {
        racers.forEach(racer -> racer.process().destroyForcibly());
        links.close();
    }

    @Test
    void everyExpiryIsRefreshedExactlyOnceAndWithoutTheLeaseItWouldNot() throws IOException {
        long refreshesBefore = links.whoop.control().figures().tokenRefreshes();
        int rounds = Math.ceilDiv(EXPIRIES, MEMBERS);
        int later = 0;
        for (int round = 1; round <= rounds; round++) {
            later += race();
            assertThat(links.whoop.control().figures().tokenRefreshes() - refreshesBefore)
                    .as("refreshes after round %d", round)
                    .isEqualTo((long) round * MEMBERS);
        }

        assertThat(links.whoop.control().figures().familyRevocations()).isZero();
        assertThat(members).allSatisfy(member -> {
            assertThat(links.row(member).state()).isEqualTo(LinkState.ACTIVE);
            assertThat(links.row(member).generation()).isEqualTo(rounds + 1L);
        });
        assertThat(later).as("races that were lost while the winner was busy").isPositive();

        disableTheLease();
        links.whoop
                .control()
                .failFor(
                        Set.of(WhoopEndpoint.TOKEN),
                        Duration.ofMinutes(5),
                        new WhoopFault.Slow(Duration.ofMillis(300)));
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            race();
            return links.whoop.control().figures().familyRevocations() > 0;
        });
    }

    /** Lets all tokens expire and all racers loose; how often one of them was told to come back later. */
    private int race() throws IOException {
        links.database.execute(
                Sql.named(
                        "test-expire-all",
                        "UPDATE link SET access_expires_at = now(), refresh_due_at = now() WHERE state = 'active'"),
                Params.none());
        for (Racer racer : racers) {
            racer.go();
        }
        int later = 0;
        for (Racer racer : racers) {
            String[] answer = racer.answer().split(" ", -1);
            assertThat(answer[0]).isEqualTo("raced");
            later += Integer.parseInt(answer[2]);
        }
        return later;
    }

    /** Whoever takes it loses it at once. */
    private void disableTheLease() {
        links.asOwner("""
                CREATE FUNCTION no_lease() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN NEW.lease_until := NULL; RETURN NEW; END $$""");
        links.asOwner("CREATE TRIGGER no_lease BEFORE UPDATE ON link FOR EACH ROW EXECUTE FUNCTION no_lease()");
    }

    private Racer launch() throws IOException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                RefreshRacer.class.getName(),
                links.sandbox.url(),
                links.whoop.authorizeUrl().toString(),
                links.whoop.apiBaseUrl().toString(),
                links.whoop.tokenUrl().toString()));
        members.forEach(member -> line.add(member.value().toString()));
        var builder = new ProcessBuilder(line).redirectError(Redirect.INHERIT);
        builder.environment().put("RACE_PASSWORD", links.sandbox.app().password());
        builder.environment().put("RACE_KEYSET", links.keyset.reveal());
        Process process = builder.start();
        return new Racer(
                process,
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)),
                new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8)));
    }
}
