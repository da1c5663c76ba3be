package io.vitals.whoop.sync;

import io.vitals.whoop.model.RecordType;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Records that WHOOP no longer has, too many to be deleted without somebody's word.
 *
 * @param run the reconciliation by whose id they are confirmed
 * @param counts how many of each kind
 */
public record HeldDeletions(UUID run, Map<RecordType, Integer> counts) {
    public HeldDeletions {
        counts = Map.copyOf(counts);
    }

    static HeldDeletions of(UUID run, List<SuspectRepository.Suspect> held) {
        Map<RecordType, Integer> counts = new EnumMap<>(RecordType.class);
        held.forEach(suspect -> counts.merge(suspect.type(), 1, Integer::sum));
        return new HeldDeletions(run, counts);
    }
}
