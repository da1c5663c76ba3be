package io.vitals.kit.audit;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.vitals.kit.crypto.SignatureKey;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/**
 * What all chains looked like at a time, signed. The checkpoints of one run of a process are numbered from 1 and linked.
 *
 * @param heads those that changed since the checkpoint before; {@code root} is over all
 * @param root Merkle root over the heads of all shards
 * @param previous SHA-256 of the line before; empty in the first
 * @param signature Ed25519 over everything but the heads, which the root stands for
 */
@JsonNaming(SnakeCaseStrategy.class)
record Checkpoint(
        String service,
        String run,
        long number,
        Instant at,
        List<Head> heads,
        String root,
        String previous,
        String key,
        String signature) {

    static Checkpoint sign(
            String service,
            String run,
            long number,
            Instant at,
            List<Head> changed,
            String root,
            String previous,
            SignatureKey key) {
        Checkpoint unsigned = new Checkpoint(service, run, number, at, changed, root, previous, key.id(), "");
        return new Checkpoint(
                service,
                run,
                number,
                at,
                changed,
                root,
                previous,
                key.id(),
                Base64.getEncoder().encodeToString(key.sign(unsigned.signed())));
    }

    /** The bytes under the signature. */
    byte[] signed() {
        return String.join(
                        "\n",
                        "vitals audit checkpoint 1",
                        service,
                        run,
                        Long.toString(number),
                        at.toString(),
                        root,
                        previous,
                        key)
                .getBytes(StandardCharsets.UTF_8);
    }
}
