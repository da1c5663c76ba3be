package io.vitals.kit.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * How a service's audit log stands, as the replica that answers knows it.
 *
 * @param state sound or broken at the last verification, unknown before the first has ended
 * @param shards chains there are
 * @param shardsUsed chains with entries
 * @param written entries that were ever written
 * @param verifiedAt end of the last verification
 * @param verified entries that it walked
 * @param findings places where the log was not what it had been
 * @param checkpoints whether checkpoints are written outside the database
 * @param checkpointedAt when this replica signed its last checkpoint
 * @param checkpointAgeSeconds since then
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ChainOverview(
        String state,
        int shards,
        int shardsUsed,
        long written,
        @Nullable Instant verifiedAt,
        @Nullable Long verified,
        @Nullable Integer findings,
        boolean checkpoints,
        @Nullable Instant checkpointedAt,
        @Nullable Long checkpointAgeSeconds) {}
