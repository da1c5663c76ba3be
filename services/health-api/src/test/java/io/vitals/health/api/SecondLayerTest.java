package io.vitals.health.api;

import io.vitals.health.access.Rule;
import io.vitals.health.access.Unguarded;
import io.vitals.health.testing.Door;
import io.vitals.health.testing.Visitors;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.sandbox.issuer.Account;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.util.List;
import java.util.Random;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;

/** The routes with the check of ownership switched off: who asks for somebody else's data still gets none of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecondLayerTest {
    private static final int CALLS = Integer.getInteger("vitals.cross-member.http", 300);

    private Door door;
    private Visitors visitors;

    @BeforeAll
    void open() {
        // A refresh that may not note that it runs waits for whoever seems to do it.
        door = Door.hurried();
        visitors = new Visitors(door);
        Unguarded.trustPaths(door.access());
    }

    @AfterAll
    void close() {
        door.close();
    }

    private List<Rule> ofOwners() {
        return Policy.TABLE.stream()
                .filter(rule -> rule.ownership() == Rule.Ownership.OWNER)
                .toList();
    }

    @Test
    void noRouteGivesAwayWhatAnotherMembersRowsHold() {
        String mira = visitors.memberOf(Account.MIRA);
        for (Rule rule : ofOwners()) {
            for (Visitors.Proof proof : List.of(
                    visitors.token(door.token(Account.JONAS)),
                    visitors.session(Account.JONAS),
                    visitors.key(Account.JONAS, rule.scope()))) {
                assertThat(visitors.call(rule, mira, proof).body())
                        .as(rule.route())
                        .doesNotContain(Visitors.marker(Account.MIRA));
            }
        }
    }

    @Test
    void noRouteChangesWhatAnotherMembersRowsHold() {
        String mira = visitors.memberOf(Account.MIRA);
        visitors.call(rule("PUT /api/v1/users/{user}/consents"), mira, visitors.token(door.token(Account.MIRA)));
        String before = rows(mira);
        for (Rule rule : ofOwners()) {
            visitors.call(rule, mira, visitors.session(Account.JONAS));
        }
        String no = "{\"health_data\":false}";
        int status = visitors.call(
                        "PUT", "/api/v1/users/" + mira + "/consents", no, visitors.token(door.token(Account.JONAS)))
                .status();
        assertThat(status).isGreaterThanOrEqualTo(400);
        assertThat(rows(mira)).isEqualTo(before);
    }

    @Test
    void manyRandomCallsAcrossMembersLeakNothing() {
        Random random = new Random(20_261_122);
        List<Rule> rules = ofOwners().stream()
                .filter(rule -> rule.method().equals("GET") && rule.entry() == Rule.Entry.SIGNED_IN)
                .filter(rule -> !rule.pattern().endsWith("/events"))
                .toList();
        List<Account> accounts = List.of(Account.MIRA, Account.JONAS);
        List<Visitors.Proof> proofs = accounts.stream()
                .map(account -> visitors.token(door.token(account)))
                .toList();
        for (int i = 0; i < CALLS; i++) {
            int asker = random.nextInt(2);
            String other = visitors.memberOf(accounts.get(1 - asker));
            Rule rule = rules.get(random.nextInt(rules.size()));
            assertThat(visitors.call(rule, other, proofs.get(asker)).body())
                    .as(rule.route())
                    .doesNotContain(Visitors.marker(accounts.get(1 - asker)));
        }
    }

    /** The positive control: without row-level security the same call shows the other's day, so the switch is off and the marker is seen. */
    @Test
    void withoutTheSecondLayerTheSameCallLeaks() throws Exception {
        try (Door unprotected = Door.open()) {
            Visitors there = new Visitors(unprotected);
            Unguarded.trustPaths(unprotected.access());
            unprotected.database().asOwner("ALTER TABLE daily_record DISABLE ROW LEVEL SECURITY");
            Rule day = rule("GET /api/v1/users/{user}/days/{date}");
            Visitors.Answer answer =
                    there.call(day, there.memberOf(Account.MIRA), there.token(unprotected.token(Account.JONAS)));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).contains(Visitors.marker(Account.MIRA));
        }
    }

    private static Rule rule(String route) {
        return Policy.TABLE.stream()
                .filter(rule -> rule.route().equals(route))
                .findFirst()
                .orElseThrow();
    }

    private String rows(String member) {
        return door.database()
                .database()
                .list(Sql.named("rows", """
                                SELECT CAST(d AS text) AS t FROM daily_record d WHERE member = :member
                                UNION ALL SELECT CAST(c AS text) FROM consent c WHERE member = :member
                                UNION ALL SELECT CAST(k AS text) FROM api_key k WHERE member = :member
                                UNION ALL SELECT CAST(s.id_hash AS text) FROM session s WHERE member = :member
                                ORDER BY t
                                """), Params.of("member", UUID.fromString(member)), row -> row.string("t"))
                .toString();
    }
}
