package io.vitals.health.api;

import io.vitals.health.access.Role;
import io.vitals.health.access.Rule;
import io.vitals.health.testing.Door;
import io.vitals.health.testing.Visitors;
import io.vitals.sandbox.issuer.Account;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Every route of the policy with every kind of caller: what they get follows from the rule alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessMatrixTest {
    private static final int REFUSED = 401;
    private static final int FORBIDDEN = 403;
    private static final int ABSENT = 404;
    /** Stands for every answer of the route itself. */
    private static final int LET_IN = 0;

    private static final String ERASE = "DELETE /api/v1/users/{user}";

    private Door door;
    private Visitors visitors;

    @BeforeAll
    void open() {
        door = Door.open();
        visitors = new Visitors(door);
    }

    @AfterAll
    void close() {
        door.close();
    }

    /** Who calls; always about Mira's data. */
    enum Caller {
        OWNER,
        OWNER_BY_SESSION,
        OWNER_BY_KEY,
        OTHER_MEMBER,
        OTHER_MEMBER_BY_SESSION,
        OTHER_MEMBER_BY_KEY,
        ADMIN,
        AUDITOR,
        ANONYMOUS,
        EXPIRED,
        WRONG_AUDIENCE,
        WRONG_SCOPE,
        REVOKED_KEY,
        EXPIRED_KEY
    }

    @ParameterizedTest
    @EnumSource(Caller.class)
    void everyRouteAnswersAsItsRuleSays(Caller caller) {
        for (Rule rule : Policy.TABLE) {
            if (!rule.entry().open() && !rule.route().equals(ERASE)) {
                assertAnswer(rule, caller);
            }
        }
    }

    /** Whoever is let in leaves no member behind for the other routes, so this one goes by itself. */
    @ParameterizedTest
    @EnumSource(Caller.class)
    void theRouteThatErasesAnswersAsItsRuleSays(Caller caller) {
        close();
        open();
        Rule erase = Policy.TABLE.stream()
                .filter(rule -> rule.route().equals(ERASE))
                .findFirst()
                .orElseThrow();
        assertAnswer(erase, caller);
    }

    private void assertAnswer(Rule rule, Caller caller) {
        int status = visitors.status(rule, member(), proof(caller, rule));
        int expected = expected(rule, caller);
        if (expected == LET_IN) {
            assertThat(status).as("%s by %s", rule.route(), caller).isNotIn(REFUSED, FORBIDDEN, ABSENT);
            assertThat(status).as("%s by %s", rule.route(), caller).isLessThan(500);
        } else {
            assertThat(status).as("%s by %s", rule.route(), caller).isEqualTo(expected);
        }
    }

    @Test
    void theMatrixKnowsRoutesThatLetInAndRoutesThatDoNot() {
        assertThat(Policy.TABLE)
                .anyMatch(rule -> expected(rule, Caller.OWNER) == LET_IN)
                .anyMatch(rule -> expected(rule, Caller.ADMIN) == LET_IN)
                .anyMatch(rule -> expected(rule, Caller.ADMIN) == FORBIDDEN)
                .anyMatch(rule -> expected(rule, Caller.OWNER_BY_KEY) == LET_IN)
                .anyMatch(rule -> expected(rule, Caller.OTHER_MEMBER) == ABSENT);
    }

    private static int expected(Rule rule, Caller caller) {
        boolean session = caller == Caller.OWNER_BY_SESSION || caller == Caller.OTHER_MEMBER_BY_SESSION;
        if (rule.entry() == Rule.Entry.SESSION && !session) {
            return REFUSED;
        }
        return switch (caller) {
            case ANONYMOUS, EXPIRED, WRONG_AUDIENCE, REVOKED_KEY, EXPIRED_KEY -> REFUSED;
            case WRONG_SCOPE -> FORBIDDEN;
            case ADMIN -> rule.roles().contains(Role.ADMIN) ? elevated(rule) : FORBIDDEN;
            case AUDITOR -> rule.roles().contains(Role.AUDITOR) ? elevated(rule) : FORBIDDEN;
            case OWNER, OWNER_BY_SESSION -> asMember(rule, LET_IN);
            case OWNER_BY_KEY -> rule.scope().isEmpty() ? FORBIDDEN : asMember(rule, LET_IN);
            case OTHER_MEMBER, OTHER_MEMBER_BY_SESSION -> asMember(rule, others(rule));
            case OTHER_MEMBER_BY_KEY -> rule.scope().isEmpty() ? FORBIDDEN : asMember(rule, others(rule));
        };
    }

    private static int asMember(Rule rule, int answer) {
        return rule.roles().contains(Role.MEMBER) ? answer : FORBIDDEN;
    }

    private static int elevated(Rule rule) {
        return rule.ownership() == Rule.Ownership.OWN_ROW ? ABSENT : LET_IN;
    }

    private static int others(Rule rule) {
        return rule.ownership() == Rule.Ownership.NONE ? LET_IN : ABSENT;
    }

    private String member() {
        return visitors.memberOf(Account.MIRA);
    }

    private Visitors.Proof proof(Caller caller, Rule rule) {
        return switch (caller) {
            case OWNER -> visitors.token(door.token(Account.MIRA));
            case OWNER_BY_SESSION -> visitors.session(Account.MIRA);
            case OWNER_BY_KEY -> visitors.key(Account.MIRA, rule.scope());
            case OTHER_MEMBER -> visitors.token(door.token(Account.JONAS));
            case OTHER_MEMBER_BY_SESSION -> visitors.session(Account.JONAS);
            case OTHER_MEMBER_BY_KEY -> visitors.key(Account.JONAS, rule.scope());
            case ADMIN -> visitors.token(door.token(Account.ADA));
            case AUDITOR -> visitors.token(door.token(Account.OTTO));
            case ANONYMOUS -> visitors.nothing();
            case EXPIRED -> visitors.token(door.issuer().mint().expiredTokenFor(Account.MIRA));
            case WRONG_AUDIENCE -> visitors.token(door.issuer().mint().tokenForOtherAudience(Account.MIRA));
            case WRONG_SCOPE -> visitors.keyWithout(Account.MIRA, rule.scope());
            case REVOKED_KEY -> visitors.revokedKey(Account.MIRA);
            case EXPIRED_KEY -> visitors.expiredKey(Account.MIRA);
        };
    }
}
