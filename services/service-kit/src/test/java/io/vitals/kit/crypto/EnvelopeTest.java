package io.vitals.kit.crypto;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.vitals.kit.config.Secret;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EnvelopeTest {
    private static final int FLIPS = Integer.getInteger("vitals.chaos.flips", 100_000);
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

    @Test
    void anyFlippedBitIsNoticed() {
        byte[] intact = ENVELOPE.seal("a token".getBytes(StandardCharsets.UTF_8), PLACE);
        assertThat(opens(intact)).isTrue();
        var random = new Random(20_261_127);
        int opened = 0;
        for (int i = 0; i < FLIPS; i++) {
            byte[] flipped = intact.clone();
            int bit = i < intact.length * 8 ? i : random.nextInt(intact.length * 8);
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            // Beyond the single bits: two of them.
            int second = i < intact.length * 8 ? bit : random.nextInt(intact.length * 8);
            flipped[second / 8] ^= (byte) (second == bit ? 0 : 1 << (second % 8));
            if (opens(flipped)) {
                opened++;
            }
        }
        assertThat(opened).isZero();
    }

    @Test
    void afterARotationAValueIsSealedAnewWithoutBeingOpened() throws Exception {
        KeysetHandle old = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, AeadConfig2026.get());
        KeysetHandle both = KeysetHandle.newBuilder()
                .addEntry(KeysetHandle.importKey(old.getPrimary().getKey()))
                .addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                        .withRandomId()
                        .makePrimary())
                .build();
        KeysetHandle newOnly = KeysetHandle.newBuilder()
                .addEntry(KeysetHandle.importKey(both.getPrimary().getKey()).makePrimary())
                .build();
        Envelope before = Envelope.fromKeyset(serialized(old));
        Envelope during = Envelope.fromKeyset(serialized(both));
        Envelope after = Envelope.fromKeyset(serialized(newOnly));
        byte[] sealed = before.seal(Secret.of("token"), PLACE);

        assertThat(before.isCurrent(sealed)).isTrue();
        assertThat(during.isCurrent(sealed)).isFalse();
        assertThat(Arrays.copyOfRange(sealed, 4, 9)).isEqualTo(before.keyPrefix());
        assertThatThrownBy(() -> after.open(sealed, PLACE)).isInstanceOf(GeneralSecurityException.class);

        byte[] rewrapped = during.rewrap(sealed);
        assertThat(during.isCurrent(rewrapped)).isTrue();
        assertThat(after.openSecret(rewrapped, PLACE).reveal()).isEqualTo("token");
        assertThatThrownBy(() -> after.open(rewrapped, Envelope.place("member-2", "whoop", "refresh_token")))
                .isInstanceOf(GeneralSecurityException.class);
        assertThat(during.rewrap(rewrapped)).isEqualTo(rewrapped);
        assertThatThrownBy(() -> after.rewrap(sealed)).isInstanceOf(GeneralSecurityException.class);
    }

    @Property(tries = 500)
    void whatIsNoEnvelopeIsNotSealedAnew(@ForAll @Size(max = 200) byte[] bytes) {
        assertThat(ENVELOPE.isCurrent(bytes)).isFalse();
        assertThatThrownBy(() -> ENVELOPE.rewrap(bytes)).isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void aKeysetThatDoesNotMarkWhatItSealsIsRefused() throws Exception {
        AesGcmParameters unmarked = AesGcmParameters.builder()
                .setKeySizeBytes(32)
                .setIvSizeBytes(12)
                .setTagSizeBytes(16)
                .setVariant(AesGcmParameters.Variant.NO_PREFIX)
                .build();
        Secret keyset = serialized(KeysetHandle.generateNew(unmarked, AeadConfig2026.get()));

        assertThatThrownBy(() -> Envelope.fromKeyset(keyset))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not mark");
    }

    private static boolean opens(byte[] sealed) {
        try {
            ENVELOPE.open(sealed, PLACE);
            return true;
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    private static Secret serialized(KeysetHandle handle) throws GeneralSecurityException {
        return Secret.of(
                TinkJsonProtoKeysetFormat.serializeKeyset(handle, AeadConfig2026.get(), InsecureSecretKeyAccess.get()));
    }

    static Secret newKeyset() {
        try {
            AeadConfig.register();
            return serialized(KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, AeadConfig2026.get()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
