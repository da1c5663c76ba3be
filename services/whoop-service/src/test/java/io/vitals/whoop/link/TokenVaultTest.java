package io.vitals.whoop.link;

import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Envelope;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.support.Keys;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;

class TokenVaultTest {
    private static final int SWAPS = Integer.getInteger("vitals.chaos.swaps", 10_000);
    private static final List<String> COLUMNS = List.of(TokenVault.ACCESS, TokenVault.REFRESH, TokenVault.VERIFIER);

    private record Place(MemberId member, String column, byte[] sealed) {}

    @Test
    void aCiphertextThatIsMovedToAnyOtherRowOrColumnDoesNotOpen() {
        TokenVault vault = new TokenVault(Envelope.fromKeyset(Keys.keyset()));
        var random = new Random(20_261_127);
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            MemberId member = new MemberId(new UUID(random.nextLong(), random.nextLong()));
            for (String column : COLUMNS) {
                places.add(new Place(member, column, vault.seal(member, column, Secret.of("canary"))));
            }
        }

        int opened = 0;
        for (int i = 0; i < SWAPS; i++) {
            Place from = places.get(random.nextInt(places.size()));
            Place to = places.get(random.nextInt(places.size()));
            if (!from.equals(to) && opens(vault, to.member(), to.column(), from.sealed())) {
                opened++;
            }
        }

        assertThat(opened).isZero();
        assertThat(places)
                .as("in its own place each opens")
                .allMatch(place -> opens(vault, place.member(), place.column(), place.sealed()));
    }

    private static boolean opens(TokenVault vault, MemberId member, String column, byte[] sealed) {
        try {
            return vault.open(member, column, sealed).reveal().equals("canary");
        } catch (UnreadableTokenException _) {
            return false;
        }
    }
}
