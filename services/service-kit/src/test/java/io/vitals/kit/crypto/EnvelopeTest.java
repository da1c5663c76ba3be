package io.vitals.kit.crypto;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.vitals.kit.config.Secret;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EnvelopeTest {
    private static final byte[] PLACE = Envelope.place("member-1", "whoop", "refresh_token");
    private static final Envelope ENVELOPE = Envelope.fromKeyset(newKeyset());

    @Test
    void aSealedValueOpensInItsPlaceOnly() throws Exception {
        byte[] sealed = ENVELOPE.seal(Secret.of("token"), PLACE);
        assertThat(ENVELOPE.openSecret(sealed, PLACE).reveal()).isEqualTo("token");
        assertThatThrownBy(() -> ENVELOPE.open(sealed, Envelope.place("member-2", "whoop", "refresh_token")))
                .isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> ENVELOPE.open(sealed, Envelope.place("member-1", "whoop", "access_token")))
                .isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void theSameValueIsNeverSealedTheSameWay() {
        assertThat(ENVELOPE.seal(Secret.of("token"), PLACE)).isNotEqualTo(ENVELOPE.seal(Secret.of("token"), PLACE));
    }

    @Test
    void partsOfAPlaceDoNotRunTogether() {
        assertThat(Envelope.place("ab", "c")).isNotEqualTo(Envelope.place("a", "bc"));
    }

    @Test
    void anotherKeysetCannotOpen() {
        byte[] sealed = ENVELOPE.seal(Secret.of("token"), PLACE);
        assertThatThrownBy(() -> Envelope.fromKeyset(newKeyset()).open(sealed, PLACE))
                .isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void aBrokenKeysetIsRefusedWithoutQuotingIt() {
        assertThatThrownBy(() -> Envelope.fromKeyset(Secret.of("{\"key\":\"swordfish\"}")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .hasMessageNotContaining("swordfish");
    }

    @Property(tries = 500)
    void anyFlippedBitIsNoticed(@ForAll @IntRange(max = 100_000) int bit) {
        byte[] sealed = ENVELOPE.seal("a token".getBytes(StandardCharsets.UTF_8), PLACE);
        int at = bit % (sealed.length * 8);
        sealed[at / 8] ^= (byte) (1 << (at % 8));
        assertThatThrownBy(() -> ENVELOPE.open(sealed, PLACE)).isInstanceOf(GeneralSecurityException.class);
    }

    private static Secret newKeyset() {
        try {
            AeadConfig.register();
            return Secret.of(TinkJsonProtoKeysetFormat.serializeKeyset(
                    KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, AeadConfig2026.get()),
                    AeadConfig2026.get(),
                    InsecureSecretKeyAccess.get()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
