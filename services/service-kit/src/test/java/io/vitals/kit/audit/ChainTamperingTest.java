package io.vitals.kit.audit;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;

/** Random tampering with a chain of which a checkpoint has seen all but the last few entries. */
class ChainTamperingTest {
    private static final int TAMPERINGS = Integer.getInteger("vitals.audit.tamperings", 100_000);
    private static final int ENTRIES = 14;
    private static final int SIGNED = 10;
    private static final Instant SIGNED_AT = Instant.parse("2026-11-22T05:06:07Z");
    private static final List<String> WORDS = List.of("day.read", "export.read", "link.connected", "a", "ab");

    @Test
    void everyTamperingIsFoundAndAnUntouchedChainIsSound() {
        Random random = new Random(20261122);
        for (int i = 0; i < TAMPERINGS; i++) {
            List<ChainEntry> chain = chain(random, ENTRIES, new byte[0]);
            NavigableMap<Long, ChainVerifier.Signed> signed = signedAt(chain, SIGNED);
            assertThat(findings(chain, signed))
                    .as("untouched chain of round " + i)
                    .isEmpty();
            Tampering tampering = Tampering.values()[i % Tampering.values().length];
            List<ChainEntry> changed = tampering.apply(new ArrayList<>(chain), random);
            if (same(chain, changed)) {
                continue;
            }
            assertThat(findings(changed, signed))
                    .as(tampering + " of round " + i)
                    .isNotEmpty();
        }
    }

    @Test
    void whatNoCheckpointHasSeenCanBeCutOffUnseen() {
        List<ChainEntry> chain = chain(new Random(1), ENTRIES, new byte[0]);
        assertThat(findings(chain.subList(0, SIGNED), signedAt(chain, SIGNED))).isEmpty();
        assertThat(findings(chain.subList(0, SIGNED - 1), signedAt(chain, SIGNED)))
                .extracting(Finding::kind)
                .containsExactly(Finding.Kind.TRUNCATED);
    }

    @Test
    void theBeginningMayBeGoneOnlyUpToWhatWasSignedLongAgo() {
        List<ChainEntry> chain = chain(new Random(2), ENTRIES, new byte[0]);
        NavigableMap<Long, ChainVerifier.Signed> signed = signedAt(chain, 4);
        signed.putAll(signedAt(chain, SIGNED));
        Instant later = SIGNED_AT.plus(Duration.ofDays(1));
        assertThat(findings(chain.subList(4, ENTRIES), signed, later)).isEmpty();
        assertThat(findings(chain.subList(4, ENTRIES), signed, SIGNED_AT))
                .extracting(Finding::kind)
                .contains(Finding.Kind.MISSING);
        assertThat(findings(chain.subList(5, ENTRIES), signed, later))
                .extracting(Finding::kind)
                .contains(Finding.Kind.MISSING);
    }

    /** What somebody could do who may write the table, some of them with all hashes made to fit again. */
    private enum Tampering {
        EDIT {
            @Override
            List<ChainEntry> apply(List<ChainEntry> chain, Random random) {
                int at = random.nextInt(chain.size());
                chain.set(at, edited(chain.get(at), random));
                return chain;
            }
        },
        EDIT_AND_REHASH {
            @Override
            List<ChainEntry> apply(List<ChainEntry> chain, Random random) {
                int at = random.nextInt(SIGNED);
                chain.set(at, edited(chain.get(at), random));
                return rehash(chain);
            }
        },
        DELETE {
            @Override
            List<ChainEntry> apply(List<ChainEntry> chain, Random random) {
                chain.remove(random.nextInt(chain.size() - 1));
                return chain;
            }
        },
        DELETE_AND_REHASH {
            @Override
            List<ChainEntry> apply(List<ChainEntry> chain, Random random) {
                chain.remove(random.nextInt(SIGNED));
                return rehash(renumber(chain));
            }
        },
        INSERT {
            @Override
            List<ChainEntry> apply(List<ChainEntry> chain, Random random) {
                chain.add(random.nextInt(chain.size()), edited(chain.get(random.nextInt(chain.size())), random));
                return chain;
            }
        },
        INSERT_AND_REHASH {
            @Override
            List<ChainEntry> apply(List<ChainEntry> chain, Random random) {
                chain.add(random.nextInt(SIGNED), edited(chain.get(random.nextInt(chain.size())), random));
                return rehash(renumber(chain));
            }
        },
        REORDER {
            @Override
            List<ChainEntry> apply(List<ChainEntry> chain, Random random) {
                int one = random.nextInt(chain.size());
                int other = random.nextInt(chain.size());
                ChainEntry first = chain.get(one);
                // In a table the order is what the number says, so the numbers change places.
                chain.set(one, numbered(chain.get(other), first.seq()));
                chain.set(other, numbered(first, other + 1L));
                return chain;
            }
        },
        TRUNCATE {
            @Override
            List<ChainEntry> apply(List<ChainEntry> chain, Random random) {
                return chain.subList(0, random.nextInt(SIGNED));
            }
        },
        BEHEAD {
            @Override
            List<ChainEntry> apply(List<ChainEntry> chain, Random random) {
                return chain.subList(1 + random.nextInt(chain.size() - 1), chain.size());
            }
        };

        abstract List<ChainEntry> apply(List<ChainEntry> chain, Random random);
    }

    private static List<ChainEntry> chain(Random random, int length, byte[] start) {
        List<ChainEntry> chain = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            chain.add(entry(random, i));
        }
        chain.sort(Comparator.comparingLong(ChainEntry::seq));
        return rehash(chain, start);
    }

    private static ChainEntry entry(Random random, int i) {
        return new ChainEntry(
                i * 3L + 5,
                7,
                i + 1L,
                1_764_000_000_000_000L + random.nextInt(1_000_000),
                word(random),
                "member",
                random.nextBoolean() ? null : word(random),
                random.nextBoolean() ? null : "0000-" + random.nextInt(100),
                random.nextBoolean() ? null : word(random),
                random.nextBoolean() ? null : word(random),
                word(random),
                random.nextBoolean() ? null : word(random),
                new byte[0]);
    }

    private static ChainEntry edited(ChainEntry e, Random random) {
        int part = random.nextInt(10);
        return new ChainEntry(
                part == 0 ? e.id() + 1 : e.id(),
                e.shard(),
                e.seq(),
                part == 1 ? e.atMicros() + 1 : e.atMicros(),
                part == 2 ? e.action() + "x" : e.action(),
                part == 3 ? "operator" : e.actor(),
                part == 4 ? other(e.actorId()) : e.actorId(),
                part == 5 ? other(e.member()) : e.member(),
                part == 6 ? other(e.purpose()) : e.purpose(),
                part == 7 ? other(e.object()) : e.object(),
                part == 8 ? e.outcome() + "y" : e.outcome(),
                part == 9 ? other(e.reason()) : e.reason(),
                e.hash());
    }

    private static @org.jspecify.annotations.Nullable String other(@org.jspecify.annotations.Nullable String was) {
        return was == null ? "" : null;
    }

    private static String word(Random random) {
        return WORDS.get(random.nextInt(WORDS.size()));
    }

    private static List<ChainEntry> renumber(List<ChainEntry> chain) {
        for (int i = 0; i < chain.size(); i++) {
            chain.set(i, numbered(chain.get(i), i + 1L));
        }
        return chain;
    }

    private static List<ChainEntry> rehash(List<ChainEntry> chain) {
        return rehash(chain, new byte[0]);
    }

    private static List<ChainEntry> rehash(List<ChainEntry> chain, byte[] start) {
        byte[] previous = start;
        for (int i = 0; i < chain.size(); i++) {
            ChainEntry e = chain.get(i);
            previous = e.expected(previous);
            chain.set(i, with(e, e.seq(), previous));
        }
        return chain;
    }

    private static ChainEntry numbered(ChainEntry e, long seq) {
        return with(e, seq, e.hash());
    }

    private static ChainEntry with(ChainEntry e, long seq, byte[] hash) {
        return new ChainEntry(
                e.id(),
                e.shard(),
                seq,
                e.atMicros(),
                e.action(),
                e.actor(),
                e.actorId(),
                e.member(),
                e.purpose(),
                e.object(),
                e.outcome(),
                e.reason(),
                hash);
    }

    private static NavigableMap<Long, ChainVerifier.Signed> signedAt(List<ChainEntry> chain, int number) {
        NavigableMap<Long, ChainVerifier.Signed> signed = new TreeMap<>();
        signed.put(
                (long) number,
                new ChainVerifier.Signed(
                        HexFormat.of().formatHex(chain.get(number - 1).hash()), SIGNED_AT));
        return signed;
    }

    private static List<Finding> findings(List<ChainEntry> chain, NavigableMap<Long, ChainVerifier.Signed> signed) {
        return findings(chain, signed, Instant.MIN);
    }

    private static List<Finding> findings(
            List<ChainEntry> chain, NavigableMap<Long, ChainVerifier.Signed> signed, Instant expired) {
        ChainVerifier verifier = new ChainVerifier(7, signed, expired);
        List<ChainEntry> ordered = new ArrayList<>(chain);
        ordered.sort(Comparator.comparingLong(ChainEntry::seq));
        ordered.forEach(verifier::next);
        return Collections.unmodifiableList(verifier.end());
    }

    private static boolean same(List<ChainEntry> one, List<ChainEntry> other) {
        if (one.size() != other.size()) {
            return false;
        }
        for (int i = 0; i < one.size(); i++) {
            ChainEntry a = one.get(i);
            ChainEntry b = other.get(i);
            if (!a.equals(with(b, b.seq(), a.hash())) || !Arrays.equals(a.hash(), b.hash())) {
                return false;
            }
        }
        return true;
    }
}
