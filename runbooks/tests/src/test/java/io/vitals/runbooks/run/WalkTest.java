package io.vitals.runbooks.run;

import io.vitals.runbooks.page.Page;
import io.vitals.runbooks.page.Pages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import static io.vitals.runbooks.run.Setting.none;
import static io.vitals.runbooks.run.Setting.step;
import static org.assertj.core.api.Assertions.assertThat;

/** A person is shown the page, and nothing that changes something is run without a yes. */
class WalkTest {
    private static final String LOOK = step("sh rb id=look phase=diagnose", "echo looked");
    private static final String REPAIR =
            step("sh rb id=repair phase=mitigate risk=write confirm=yes", "touch repaired");
    private static final String DROP =
            step("sh rb id=drop phase=mitigate risk=destructive confirm=yes", "touch dropped");
    private static final String BREAK = step("sh rb id=break phase=inject only=drill", "touch broken");
    private static final String WELL = step("sh rb id=well phase=healthy", "touch well");

    @TempDir
    Path folder;

    private static final class Person implements Console {
        private final ArrayDeque<String> answers;
        private final List<String> seen = new ArrayList<>();

        Person(String... answers) {
            this.answers = new ArrayDeque<>(List.of(answers));
        }

        @Override
        public void say(String text) {
            seen.addAll(text.lines().toList());
        }

        @Override
        public Optional<String> ask(String question) {
            seen.add(question);
            return Optional.ofNullable(answers.poll());
        }
    }

    private Person walk(Place place, boolean dry, Person person, String... steps) throws InterruptedException {
        Page page = Pages.of(String.join("", steps));
        var _ = new Walk(page, none(folder, "HOME", "/"), place, dry, person).walk();
        return person;
    }

    @Test
    void whatLooksIsRunAndWhatChangesIsAskedFor() throws InterruptedException {
        Person person = walk(Place.PRODUCTION, false, new Person("yes"), LOOK, REPAIR);
        assertThat(person.seen)
                .contains(
                        "# Example",
                        "Somebody waits. [PoolTimeouts](PoolTimeouts.md) is near.",
                        "look, diagnose:",
                        "    echo looked",
                        "  looked",
                        "→ look: passed",
                        "repair, mitigate, changes something:",
                        "Run repair on production? Type yes: ",
                        "→ repair: passed",
                        "Changed by: repair")
                .endsWith("2 passed, 0 failed, 0 skipped");
        assertThat(folder.resolve("repaired")).exists();
    }

    @Test
    void withoutAYesNothingIsChanged() throws InterruptedException {
        for (Person person : List.of(new Person("y"), new Person("no"), new Person(""), new Person())) {
            assertThat(walk(Place.STAGING, false, person, REPAIR).seen)
                    .contains("→ repair: skipped, not confirmed", "Nothing was changed.")
                    .endsWith("0 passed, 0 failed, 1 skipped");
        }
        assertThat(folder.resolve("repaired")).doesNotExist();
    }

    @Test
    void inProductionWhatDestroysIsRefusedUnlessTheNameIsTyped() throws InterruptedException {
        assertThat(walk(Place.PRODUCTION, false, new Person("yes"), DROP).seen)
                .contains(
                        "drop, mitigate, destructive:",
                        "Run drop on production? Type Example: ",
                        "→ drop: skipped, not confirmed");
        assertThat(folder.resolve("dropped")).doesNotExist();
        assertThat(walk(Place.PRODUCTION, false, new Person("Example"), DROP).seen)
                .contains("→ drop: passed");
        assertThat(folder.resolve("dropped")).exists();
        assertThat(walk(Place.STAGING, false, new Person("yes"), DROP).seen)
                .contains("Run drop on staging? Type yes: ", "→ drop: passed");
    }

    @Test
    void inProductionADrillIsNotOffered() throws InterruptedException {
        assertThat(walk(Place.PRODUCTION, false, new Person("yes"), BREAK).seen)
                .noneMatch(line -> line.contains("break"))
                .endsWith("0 passed, 0 failed, 0 skipped");
        assertThat(folder.resolve("broken")).doesNotExist();
        assertThat(walk(Place.LOCAL, false, new Person("no"), BREAK).seen).contains("→ break: skipped, not confirmed");
        assertThat(walk(Place.LOCAL, false, new Person("yes"), BREAK).seen).contains("→ break: passed");
    }

    @Test
    void whatIsForASystemThatIsWellIsNotForNow() throws InterruptedException {
        String before = step("sh rb id=before phase=diagnose when=healthy", "touch before");
        assertThat(walk(Place.LOCAL, false, new Person(), WELL, before).seen).endsWith("0 passed, 0 failed, 0 skipped");
        assertThat(Files.exists(folder.resolve("well")) || Files.exists(folder.resolve("before")))
                .isFalse();
    }

    @Test
    void whatAStepLacksIsAskedFor() throws InterruptedException {
        String pod = step("sh rb id=pod phase=diagnose env=POD", "echo \"pod is $POD\"");
        String again = step("sh rb id=again phase=diagnose env=POD", "echo \"still $POD\"");
        assertThat(walk(Place.PRODUCTION, false, new Person("pod-3"), pod, again).seen)
                .contains("  pod is pod-3", "  still pod-3")
                .containsOnlyOnce("POD = ");
        assertThat(walk(Place.PRODUCTION, false, new Person(" "), pod).seen)
                .contains("→ pod: skipped, POD is not given");
    }

    @Test
    void aDryWalkRunsNothingAndAsksNothing() throws InterruptedException {
        String pod = step("sh rb id=pod phase=diagnose env=POD", "touch \"$POD\"");
        String kubectl = step("sh rb id=pods phase=diagnose needs=kubectl", "kubectl get pods");
        Person person = walk(Place.PRODUCTION, true, new Person("yes"), LOOK, pod, kubectl, REPAIR, DROP, BREAK);
        assertThat(person.seen)
                .contains(
                        "    touch repaired",
                        "→ look: would run",
                        "→ pod: would ask for POD, then run",
                        "→ pods: would be skipped: there is no kubectl here",
                        "→ repair: would run when yes is typed",
                        "→ drop: would run when Example is typed")
                .endsWith("0 passed, 0 failed, 5 skipped")
                .noneMatch(line -> line.contains("? Type"));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aProcedureChangesNothingWhileWhatItBeginsWithIsNotSo() throws InterruptedException {
        String head = Pages.procedure().replaceAll("(?s)## Before you begin.*", "## Before you begin\n");
        Page page = Page.parse("example", head + step("sh rb id=well phase=healthy", "test -e well") + LOOK + REPAIR);
        var person = new Person("yes", "yes");
        var _ = new Walk(page, none(folder, "HOME", "/"), Place.PRODUCTION, false, person).walk();
        assertThat(person.seen)
                .contains(
                        "→ look: passed",
                        "→ repair: skipped, what has to be true before is not: well",
                        "Nothing was changed.")
                .endsWith("1 passed, 1 failed, 1 skipped");
        touch(folder.resolve("well"));
        var _ = new Walk(page, none(folder, "HOME", "/"), Place.PRODUCTION, false, person).walk();
        assertThat(person.seen).contains("→ repair: passed").endsWith("3 passed, 0 failed, 0 skipped");
    }

    private static void touch(Path file) {
        try {
            Files.createFile(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
