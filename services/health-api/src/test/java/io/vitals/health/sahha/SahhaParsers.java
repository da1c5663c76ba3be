package io.vitals.health.sahha;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.health.testing.Parser;
import io.vitals.kit.config.Secret;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.RowMapper;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.json.Json;
import io.vitals.kit.limits.ClientAddresses;
import io.vitals.kit.limits.SourceLimits;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What reads Sahha's events and answers. */
public final class SahhaParsers {
    private static final Instant RECEIVED = Instant.parse("2026-11-22T12:00:00Z");
    private static final WebhookIntake INTAKE = new WebhookIntake(
            new NoRows(),
            Secret.of("secret"),
            new ClientAddresses(List.of()),
            new SourceLimits(1, 1, 1, 1).limiter(System::nanoTime, new Random(1)),
            Clock.systemUTC(),
            () -> {},
            new SimpleMeterRegistry());

    private SahhaParsers() {}

    public static List<Parser> all() {
        return List.of(
                bytes -> Normaliser.score(Json.tree(bytes), RECEIVED),
                bytes -> Normaliser.biomarker(Json.tree(bytes), RECEIVED),
                bytes -> INTAKE.signed(new byte[0], Optional.of(new String(bytes, StandardCharsets.ISO_8859_1))),
                bytes -> INTAKE.externalId(INTAKE.event(bytes), Optional.of("00000000-0000-4000-8000-000000000000")));
    }

    public static Parser dataLogs() {
        return bytes -> Normaliser.sessions(Json.tree(bytes), RECEIVED);
    }

    /** Nothing that is fuzzed here gets as far as the database. */
    private static final class NoRows implements SqlExecutor {
        @Override
        public <T> List<T> list(Sql sql, Params params, RowMapper<T> mapper) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T> Optional<T> first(Sql sql, Params params, RowMapper<T> mapper) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long execute(Sql sql, Params params) {
            throw new UnsupportedOperationException();
        }
    }
}
