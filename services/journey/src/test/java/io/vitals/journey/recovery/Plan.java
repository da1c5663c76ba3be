package io.vitals.journey.recovery;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Moments of the lost database, chosen by a seed, and which commits each of them has to bring back. */
final class Plan {
    private final Original.Written written;
    private final Random random;
    private final Map<Long, CommitLog.End> ends = new TreeMap<>();
    private final List<CommitLog.End> archived;

    Plan(Original.Written written, long seed) {
        this.written = written;
        this.random = new Random(seed);
        written.log().ends().forEach(end -> ends.put(end.transaction(), end));
        this.archived = written.log().ends().stream()
                .filter(end -> end.end() <= written.archived() && end.at().isAfter(written.usable()))
                .sorted(Comparator.comparingLong(CommitLog.End::end))
                .toList();
        if (archived.size() < 2) {
            throw new IllegalStateException("the archive has nothing after the first base backup");
        }
    }

    /** So many, one of each kind among the first, and the end of the archive. */
    List<Target> targets(int number) {
        var targets = new ArrayList<Target>();
        for (int i = 0; i < number; i++) {
            if (i == 1 && written.named().position() <= written.archived()) {
                targets.add(Target.name(
                        Original.RESTORE_POINT,
                        written.named().position(),
                        written.named().at()));
            } else if (i % 5 == 2) {
                targets.add(Target.lsn(anyCommit()));
            } else {
                targets.add(Target.time(anyTime(), written.log()));
            }
        }
        targets.add(end());
        return targets;
    }

    /** As far as the archive goes. */
    Target end() {
        return Target.end(written.archived(), archived.getLast().at());
    }

    private CommitLog.End anyCommit() {
        List<CommitLog.End> commits =
                archived.stream().filter(CommitLog.End::committed).toList();
        return commits.get(random.nextInt(commits.size()));
    }

    /** Something has to have ended behind it, or the server could not know that it is there. */
    private Instant anyTime() {
        Duration span = Duration.between(written.usable(), archived.getLast().at());
        return written.usable()
                .plus(random.nextLong(span.toNanos() / 1_000), ChronoUnit.MICROS)
                .truncatedTo(ChronoUnit.MICROS);
    }

    /** By the log: the exact answer. */
    SortedSet<String> expected(Target target) {
        var expected = new TreeSet<String>();
        for (Ledger.Commit commit : written.commits()) {
            CommitLog.End end = ends.get(commit.transaction());
            if (end == null || !end.committed()) {
                throw new IllegalStateException(commit.entry() + " was acknowledged and is not in the log");
            }
            if (target.includes(end)) {
                expected.add(commit.entry());
            }
        }
        return expected;
    }

    /** By the clock of those who wrote, for a time: what was acknowledged before it is there, what was begun after it is not. */
    List<String> promised(Target target, Set<String> found) {
        if (target.kind() != Target.Kind.TIME) {
            return List.of();
        }
        var findings = new ArrayList<String>();
        for (Ledger.Commit commit : written.commits()) {
            if (commit.acknowledged().isBefore(target.at()) && !found.contains(commit.entry())) {
                findings.add(commit.entry() + " was acknowledged before and is lost");
            }
            if (commit.begun().isAfter(target.at()) && found.contains(commit.entry())) {
                findings.add(commit.entry() + " was begun later and is there");
            }
        }
        return findings;
    }
}
