package io.vitals.whoop.internal;

import io.vitals.kit.db.Database;
import io.vitals.sandbox.postgres.SandboxDatabase;
import io.vitals.whoop.support.TestDatabases;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

class NoncesTest {
    @Test
    void aNonceIsTakenByOneReplicaOnceHoweverManyTryAtTheSameMoment() {
        SandboxDatabase shared = TestDatabases.migrated();
        try (Database one = TestDatabases.open(shared);
                Database other = TestDatabases.open(shared)) {
            List<Nonces> replicas = List.of(new Nonces(one), new Nonces(other));
            Instant expires = Instant.parse("2100-01-01T00:00:00Z");
            for (int round = 0; round < 20; round++) {
                String nonce = UUID.randomUUID().toString().substring(0, 22);
                long first = IntStream.range(0, 8)
                        .parallel()
                        .filter(i -> replicas.get(i % 2).firstUse(nonce, expires))
                        .count();
                assertThat(first).isEqualTo(1);
            }

            // The control: what the database does not share is taken again.
            try (Database apart = TestDatabases.open(TestDatabases.migrated())) {
                String nonce = "abcdefghijklmnopqrstuv";
                assertThat(replicas.getFirst().firstUse(nonce, expires)).isTrue();
                assertThat(new Nonces(apart).firstUse(nonce, expires)).isTrue();
                assertThat(replicas.getLast().firstUse(nonce, expires)).isFalse();
            }
        }
    }
}
