package io.vitals.whoop.quota;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Requests of the recent past in slots of equal length. The slot in which the window begins counts in full, so that the sum is never less than
 * what a sliding window of that length holds, at whatever moment it is looked at.
 *
 * @param window a multiple of the slot
 * @param head number of the newest slot since 1970
 * @param counts newest first, without the zeros at the end
 */
record Slots(Duration slot, Duration window, long head, List<Integer> counts) {
    Slots {
        if (window.toMillis() % slot.toMillis() != 0) {
            throw new IllegalArgumentException("the window is no multiple of the slot");
        }
        counts = trimmed(counts, (int) (window.toMillis() / slot.toMillis()) + 1);
    }

    static Slots empty(Duration slot, Duration window) {
        return new Slots(slot, window, 0, List.of());
    }

    private static List<Integer> trimmed(List<Integer> counts, int most) {
        int size = Math.min(counts.size(), most);
        while (size > 0 && counts.get(size - 1) == 0) {
            size--;
        }
        return List.copyOf(counts.subList(0, size));
    }

    /** As seen at a moment. Time does not go back: an earlier moment changes nothing. */
    Slots at(Instant now) {
        long steps = slotOf(now) - head;
        if (steps <= 0) {
            return this;
        }
        int zeros = (int) Math.min(steps, slotsInWindow());
        return new Slots(
                slot,
                window,
                head + steps,
                IntStream.concat(
                                IntStream.generate(() -> 0).limit(zeros),
                                counts.stream().mapToInt(Integer::intValue))
                        .boxed()
                        .toList());
    }

    /** With one request more in the newest slot. */
    Slots plusOne() {
        int newest = counts.isEmpty() ? 0 : counts.getFirst();
        return new Slots(
                slot,
                window,
                head,
                IntStream.concat(
                                IntStream.of(newest + 1),
                                counts.stream().skip(1).mapToInt(Integer::intValue))
                        .boxed()
                        .toList());
    }

    /** The same slots, of which fewer count. */
    Slots narrowed(Duration narrower) {
        return new Slots(slot, narrower, head, counts);
    }

    int total() {
        return newest(counts.size());
    }

    /** Requests since a moment; those of the slot it lies in count. */
    int since(Instant moment) {
        return newest(Math.clamp(head - slotOf(moment) + 1, 0, counts.size()));
    }

    /** When the total falls below a number if nothing is added. */
    Instant below(int number) {
        int kept = counts.size();
        while (kept > 0 && newest(kept) >= number) {
            kept--;
        }
        return Instant.ofEpochMilli((head + slotsInWindow() - kept) * slot.toMillis());
    }

    private int newest(int slots) {
        return counts.stream().limit(slots).mapToInt(Integer::intValue).sum();
    }

    private int slotsInWindow() {
        return (int) (window.toMillis() / slot.toMillis()) + 1;
    }

    private long slotOf(Instant moment) {
        return Math.floorDiv(moment.toEpochMilli(), slot.toMillis());
    }
}
