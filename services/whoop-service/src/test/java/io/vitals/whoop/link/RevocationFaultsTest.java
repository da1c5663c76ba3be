package io.vitals.whoop.link;

import io.vitals.kit.outbound.OutboundClient;
import io.vitals.sandbox.whoop.WhoopEndpoint;
import io.vitals.sandbox.whoop.WhoopFault;
import io.vitals.whoop.model.MemberId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.time.Duration;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

/** WHOOP misbehaves when a member disconnects: the link ends all the same, and the consent is given back as soon as WHOOP can be told. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RevocationFaultsTest {
    private static final Duration SHORT_DEADLINE = Duration.ofMillis(700);

    private SimulatedLinks links;

    @BeforeAll
    void start() {
        links = SimulatedLinks.start(20);
    }

    @AfterAll
    void stop() {
        links.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"429", "500", "503", "slow", "cut", "wrong json", "wrong type", "empty", "redirect", "401"})
    void theConsentIsGivenBackWhateverTheFirstAnswerIs(String kind) {
        int account = links.newAccount();
        MemberId member = links.connect(account);
        links.whoop.control().failNext(Set.of(WhoopEndpoint.ACCESS), 1, fault(kind));

        // A deadline of its own only so that an answer that is late is late soon.
        try (OutboundClient client = SimulatedLinks.client(
                links.whoop.apiBaseUrl(), kind.equals("slow") ? SHORT_DEADLINE : Duration.ofSeconds(5))) {
            assertThat(links.links(client).disconnect(member).state()).isEqualTo(LinkState.REVOKED);
        }
        if (Set.of("429", "500", "503", "redirect").contains(kind)) {
            // WHOOP has refused: the tokens live on for the next try.
            assertThat(links.whoop.control().linked(account)).isTrue();
            assertThat(links.row(member).access()).isNotNull();
        }
        toldInTheEnd(account, member);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no such name", "no tls"})
    void aWhoopThatIsNotThereIsToldLater(String kind) {
        int account = links.newAccount();
        MemberId member = links.connect(account);
        URI nowhere = kind.equals("no tls")
                ? URI.create(links.whoop.apiBaseUrl().toString().replace("http:", "https:"))
                : URI.create("http://whoop.invalid");

        try (OutboundClient client = SimulatedLinks.client(nowhere, SHORT_DEADLINE)) {
            assertThat(links.links(client).disconnect(member).state()).isEqualTo(LinkState.REVOKED);
        }
        assertThat(links.whoop.control().linked(account)).isTrue();
        assertThat(links.row(member).access()).isNotNull();

        toldInTheEnd(account, member);
    }

    private void toldInTheEnd(int account, MemberId member) {
        Links here = links.links(links.tokens());
        // A minute later, as often as it takes; WHOOP's quota is as it was.
        links.asOwner("UPDATE quota SET blocked_until = NULL");
        links.asOwner("UPDATE link SET revocation_due_at = now() WHERE revocation_due_at IS NOT NULL AND member_id = '"
                + member.value() + "'");
        while (here.revokeOverdue()) {
            // On to the next.
        }

        assertThat(links.whoop.control().linked(account)).isFalse();
        assertThat(links.row(member).access()).isNull();
        assertThat(links.row(member).refresh()).isNull();
        assertThat(links.audit(member)).contains("token.destroyed consent_returned");
    }

    private static WhoopFault fault(String kind) {
        return switch (kind) {
            case "slow" -> new WhoopFault.Slow(SHORT_DEADLINE.multipliedBy(2));
            case "cut" -> new WhoopFault.CutBody();
            case "wrong json" -> new WhoopFault.BrokenJson();
            case "wrong type" -> new WhoopFault.WrongShape();
            case "empty" -> new WhoopFault.EmptyBody();
            case "redirect" -> new WhoopFault.Redirect();
            default -> new WhoopFault.Refuse(Integer.parseInt(kind));
        };
    }
}
