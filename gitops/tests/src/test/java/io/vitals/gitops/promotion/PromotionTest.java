package io.vitals.gitops.promotion;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;

import static org.assertj.core.api.Assertions.assertThat;

class PromotionTest {
    private static final String STAGING = "gitops/apps/health-api/overlays/staging/";
    private static final String DEV = "gitops/apps/health-api/overlays/dev/";
    private static final String[] PROMOTE = {"tools/promotion", "promote", "dev", "staging", "health-api"};

    private Scratch scratch;
    private String running;

    @BeforeEach
    void dev(@TempDir Path folder) {
        scratch = new Scratch(folder);
        running = scratch.release();
        scratch.set("staging", running);
        scratch.set("production", running);
        scratch.later(Duration.ofDays(1));
    }

    /** A release in dev that nothing speaks against. */
    private String candidate() {
        String release = scratch.release();
        scratch.verified("dev");
        return release;
    }

    private static String[] promote() {
        return PROMOTE.clone();
    }

    @Test
    void copiesTheReleaseAndItsSettingsAndNothingElse() {
        scratch.write(
                DEV + "settings.yaml",
                scratch.read(DEV + "settings.yaml").replace("per-minute: 100", "per-minute: 90"));
        String release = candidate();
        String digest = scratch.digest('a');
        scratch.write("Makefile", "promote:\n\t@tools/promotion promote \"$(FROM)\" \"$(TO)\" \"$(APP)\"\n");
        scratch.commit("how it is called");

        String out = scratch.make("promote", "FROM=dev", "TO=staging", "APP=health-api")
                .orThrow();

        assertThat(scratch.changed()).containsExactly(STAGING + "settings.yaml", STAGING + "version.yaml");
        assertThat(scratch.read(STAGING + "version.yaml")).isEqualTo(scratch.read(DEV + "version.yaml"));
        assertThat(scratch.read(STAGING + "settings.yaml")).isEqualTo(scratch.read(DEV + "settings.yaml"));
        assertThat(scratch.git("branch", "--show-current")).isEqualTo("promote/health-api-staging-" + release + "\n");
        assertThat(out).contains("+++ b/staging/health-api.yaml").doesNotContain("production/health-api.yaml");
        assertThat(out)
                .contains("+        image: registry.example/vitals/health-api@" + digest)
                .contains("per-minute: 90");
        assertThat(scratch.run("tools/promotion", "check", "main").orThrow())
                .isEqualTo("health-api may be promoted from dev to staging\n");
    }

    @Test
    void aReleaseMovesOneEnvironmentAtATime() {
        candidate();
        scratch.refused(
                "production is promoted to from staging alone",
                "tools/promotion",
                "promote",
                "dev",
                "production",
                "health-api");
        scratch.refused("no environment is called prod", "tools/promotion", "promote", "staging", "prod", "health-api");
        scratch.refused("no application is called ../..", "tools/promotion", "promote", "dev", "staging", "../..");
    }

    @Test
    void whatHasNotRunLongEnoughStays() {
        scratch.now();
        candidate();
        scratch.refused("health-api has run in dev for 0 minutes, before staging it is 60", promote());
    }

    @Test
    void whatNobodyHasVerifiedStays() {
        String release = scratch.release();
        String message = "health-api: nobody has verified " + release
                + " with this digest in dev: tools/promotion verified dev health-api COMMAND";
        scratch.refused(message, promote());

        scratch.verified("dev");
        String file = "gitops/apps/health-api/verifications/dev-" + release + ".yaml";
        scratch.write(file, scratch.read(file).replace(scratch.digest('a'), scratch.digest('c')));
        scratch.commit("another image was tried out");
        scratch.refused(message, promote());
    }

    @Test
    void whatDoesNotPassIsNotRecorded() {
        scratch.release();
        scratch.refused(
                "health-api: it did not pass in dev: false",
                "tools/promotion",
                "verified",
                "dev",
                "health-api",
                "false");
    }

    @Test
    void nothingMovesWhileNobodyLooks() {
        candidate();
        LocalDate today = LocalDate.now(java.time.ZoneId.of("Europe/Zurich"));
        String dates = today.minusDays(1) + " to " + today.plusDays(1);
        freeze("  dates:\n    - " + dates.replace(" to", "") + " a holiday\n");
        scratch.refused("nothing is promoted from " + dates + ": a holiday", promote());

        // One ends where the other begins, so whatever the time is, it is in one of them.
        freeze("  weekly:\n    - Mon 00:00 Thu 12:00 one half\n    - Thu 12:00 Mon 00:00 the other half\n  dates:\n");
        var answer = scratch.run(promote());
        assertThat(answer.code()).isEqualTo(1);
        assertThat(answer.err())
                .containsPattern(
                        "nothing is promoted from (Mon 00:00 to Thu 12:00: one|Thu 12:00 to Mon 00:00: the other) half");

        freeze("  weekly:\n  dates:\n    - 2001-01-01 2001-01-02 long ago\n");
        assertThat(scratch.run(promote()).code()).isZero();
    }

    private void freeze(String windows) {
        String rules = scratch.read("gitops/promotion.yaml");
        scratch.write("gitops/promotion.yaml", rules.substring(0, rules.indexOf("freeze:\n")) + "freeze:\n" + windows);
        scratch.commit("other windows");
    }

    @Test
    void whatIsNotCommittedIsNotTakenAlong() {
        candidate();
        scratch.write("gitops/apps/health-api/base/extra.yaml", "kind: Nothing\n");
        var answer = scratch.run(promote());
        assertThat(answer.code()).isEqualTo(1);
        assertThat(answer.err())
                .isEqualTo(
                        "vitals: there are changes that are not committed: gitops/apps/health-api/base/extra.yaml\n");
    }

    @Test
    void whatRunsAlreadyIsNotPromotedAgain() {
        scratch.verified("dev");
        scratch.refused("staging runs that already", promote());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ALTER TABLE day DROP COLUMN note;       | takes away note, which RUNNING still uses in Days.java",
                "DROP TABLE IF EXISTS day;               | takes away day, which RUNNING still uses in Days.java",
                "ALTER TABLE day RENAME COLUMN score TO points; | takes away score, which RUNNING still uses in Days.java",
                "ALTER TABLE day ALTER COLUMN score TYPE bigint; | changes the type of a column under RUNNING",
                "ALTER TABLE day ALTER COLUMN note SET NOT NULL; | asks for a value that RUNNING may not write: SET NOT NULL",
                "ALTER TABLE day ADD COLUMN zone text NOT NULL; | adds a column that RUNNING does not write: NOT NULL without a default",
            })
    void aMigrationThatTheRunningVersionCannotBearStays(String sql, String message) {
        scratch.migration("V002__next.sql", sql);
        scratch.code("Days.java", "SELECT member FROM elsewhere");
        candidate();
        scratch.refused("health-api: V002__next.sql " + message.replace("RUNNING", running), promote());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE day ADD COLUMN zone text;",
                "ALTER TABLE day ADD COLUMN zone text NOT NULL DEFAULT 'UTC';",
                "CREATE TABLE week (member text NOT NULL);",
                "ALTER TABLE day DROP COLUMN forgotten;",
            })
    void aMigrationThatItCanBearGoesOn(String sql) {
        scratch.migration("V002__next.sql", sql);
        candidate();
        assertThat(scratch.run(promote()).code()).isZero();
    }

    @Test
    void aMigrationThatHasRunStaysWhatItWas() {
        scratch.migration("V001__first.sql", "CREATE TABLE day (member text);");
        candidate();
        scratch.refused("health-api: V001__first.sql has run already and is not what it was", promote());
    }

    @Test
    void aReleaseOfAnUnknownCommitStays() {
        scratch.set("dev", "2026-11-01-0123456789ab");
        scratch.verified("dev");
        scratch.refused("the commit of release 2026-11-01-0123456789ab is not in this repository", promote());
    }

    @Test
    void aForeignFileKeepsAPromotionFromBeingMerged() {
        candidate();
        scratch.run(promote()).orThrow();
        scratch.write("gitops/apps/health-api/overlays/staging/sizing.yaml", "kind: Sizing\n");
        scratch.commit("and something else");
        scratch.refused(
                "more than version.yaml and settings.yaml would change: gitops/apps/health-api/overlays/staging/sizing.yaml",
                "tools/promotion",
                "check",
                "main");
    }

    @Test
    void aVersionWrittenByHandKeepsItFromBeingMerged() {
        String release = candidate();
        scratch.git("switch", "-q", "-c", "by-hand");
        scratch.write(
                STAGING + "version.yaml",
                scratch.read(DEV + "version.yaml").replace(release, release.replace("11-01", "11-02")));
        scratch.commit("by hand");
        scratch.refused(
                "staging has never run release " + release.replace("11-01", "11-02") + " of health-api",
                "tools/promotion",
                "check",
                "main");
    }

    @Test
    void settingsOfAnotherKindKeepItFromBeingMerged() {
        candidate();
        scratch.run(promote()).orThrow();
        scratch.write(STAGING + "settings.yaml", scratch.read(STAGING + "settings.yaml") + "    # more\n");
        scratch.commit("other settings");
        scratch.refused("the settings are not those of dev", "tools/promotion", "check", "main");
    }

    @Test
    void changesThatMoveNoReleaseAreNobodysBusinessHere() {
        scratch.git("switch", "-q", "-c", "other");
        scratch.write("docs/other.md", "# Other\n");
        scratch.commit("a page");
        assertThat(scratch.run("tools/promotion", "check", "main").orThrow()).isEqualTo("no release moves\n");
        assertThat(scratch.run("tools/promotion", "diff", "main").orThrow())
                .isEqualTo("nothing that is rendered changes\n");
    }

    @Test
    void rollbackTakesTheEarlierReleaseWithItsSettingsAndNothingElse() {
        String settings = scratch.read(STAGING + "settings.yaml");
        String version = scratch.read(STAGING + "version.yaml");
        scratch.write(STAGING + "settings.yaml", settings.replace("per-minute: 100", "per-minute: 90"));
        scratch.migration("V002__next.sql", "ALTER TABLE day ADD COLUMN zone text;");
        scratch.set("staging", candidate());
        freeze("  weekly:\n    - Mon 00:00 Thu 12:00 always\n    - Thu 12:00 Mon 00:00 always\n  dates:\n");
        scratch.write("Makefile", "rollback:\n\t@tools/promotion rollback \"$(ENV)\" \"$(APP)\" \"$(TO)\"\n");
        scratch.commit("how it is called");

        String out = scratch.make("rollback", "ENV=staging", "APP=health-api", "TO=" + running)
                .orThrow();

        assertThat(scratch.changed()).containsExactly(STAGING + "settings.yaml", STAGING + "version.yaml");
        assertThat(scratch.read(STAGING + "version.yaml")).isEqualTo(version);
        assertThat(scratch.read(STAGING + "settings.yaml")).isEqualTo(settings);
        assertThat(out).contains("+++ b/staging/health-api.yaml").doesNotContain("b/dev/");
        assertThat(scratch.run("tools/promotion", "check", "main").orThrow())
                .isEqualTo("health-api may go back to " + running + " in staging\n");
    }

    @Test
    void thereIsNoWayBackToWhatNeverRan() {
        String never = scratch.release();
        scratch.refused(
                "production has never run release " + never + " of health-api",
                "tools/promotion",
                "rollback",
                "production",
                "health-api",
                never);
    }

    @Test
    void thereIsNoWayBackToWhatCannotBearTheSchema() {
        scratch.migration("V002__next.sql", "ALTER TABLE day DROP COLUMN note;");
        scratch.code("Days.java", "SELECT member, score FROM day");
        scratch.set("staging", candidate());
        scratch.refused(
                "health-api: V002__next.sql takes away note, which " + running + " still uses in Days.java",
                "tools/promotion",
                "rollback",
                "staging",
                "health-api",
                running);
    }
}
