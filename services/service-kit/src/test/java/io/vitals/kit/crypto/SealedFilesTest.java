package io.vitals.kit.crypto;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SealedFilesTest {
    private static final byte[] KEY_PLACE = Envelope.place("export", "a");
    private static final byte[] PLACE = Envelope.place("a", "sleep");

    /** More than two of its segments. */
    private final byte[] plain = new byte[2_500_000];

    private final Envelope envelope = Envelope.fromKeyset(EnvelopeTest.newKeyset());
    private final SealedFiles files = SealedFiles.fresh(envelope, KEY_PLACE);

    SealedFilesTest() {
        new Random(7).nextBytes(plain);
    }

    @Test
    void what_was_sealed_opens_with_the_same_key_at_another_time() throws Exception {
        byte[] sealed = sealed();
        SealedFiles later = SealedFiles.open(envelope, files.sealedKey(), KEY_PLACE);
        assertThat(opened(later, sealed, PLACE)).isEqualTo(plain);
        assertThat(sealed()).as("never twice the same").isNotEqualTo(sealed);
    }

    @Test
    void it_opens_nowhere_else() throws Exception {
        byte[] sealed = sealed();
        assertThatThrownBy(() -> opened(files, sealed, Envelope.place("a", "cycle")))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> opened(SealedFiles.fresh(envelope, KEY_PLACE), sealed, PLACE))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> SealedFiles.open(envelope, files.sealedKey(), Envelope.place("export", "b")))
                .isInstanceOf(GeneralSecurityException.class);
        Envelope other = Envelope.fromKeyset(EnvelopeTest.newKeyset());
        assertThatThrownBy(() -> SealedFiles.open(other, files.sealedKey(), KEY_PLACE))
                .isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void a_changed_bit_and_a_missing_end_are_seen() throws Exception {
        byte[] sealed = sealed();
        Random random = new Random(11);
        for (int i = 0; i < 30; i++) {
            byte[] changed = sealed.clone();
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
            assertThatThrownBy(() -> opened(files, changed, PLACE)).isInstanceOf(IOException.class);
            byte[] shorter = Arrays.copyOf(sealed, random.nextInt(sealed.length));
            assertThatThrownBy(() -> opened(files, shorter, PLACE)).isInstanceOf(IOException.class);
        }
        // Where one segment ends nothing is cut in two, and the end is missed all the same.
        assertThatThrownBy(() -> opened(files, Arrays.copyOf(sealed, 2 << 20), PLACE))
                .isInstanceOf(IOException.class);
    }

    private byte[] sealed() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = files.sealing(bytes, PLACE)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    private static byte[] opened(SealedFiles files, byte[] sealed, byte[] place) throws IOException {
        try (InputStream in = files.opening(new ByteArrayInputStream(sealed), place)) {
            return in.readAllBytes();
        }
    }
}
