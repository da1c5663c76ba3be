package io.vitals.health;

import io.vitals.sandbox.fuzz.Mutation;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The inputs that are kept for {@link ParsersFuzz}, and mutations of them, without the fuzzer. */
class ParsersTest {
    private static final Parsers PARSERS = new Parsers();

    static List<Path> kept() throws IOException, URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(ParsersTest.class.getResource("ParsersFuzzInputs/parsers"))
                .toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kept")
    void what_is_kept_is_read_or_refused(Path file) throws IOException {
        PARSERS.read(Files.readAllBytes(file));
    }

    /** Each parser has an input that begins where good ones begin. */
    @Test
    void every_parser_has_an_input() throws IOException, URISyntaxException {
        BitSet met = new BitSet();
        for (Path file : kept()) {
            met.set(Math.floorMod(Files.readAllBytes(file)[0] - 'a', PARSERS.count()));
        }
        assertThat(met.cardinality()).isEqualTo(PARSERS.count());
    }

    @Property(tries = 3_000)
    void mutations_are_read_or_refused(@ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int changes)
            throws IOException, URISyntaxException {
        List<Path> files = kept();
        Random random = new Random(seed);
        byte[] input = Files.readAllBytes(files.get(random.nextInt(files.size())));
        for (int i = 0; i < changes; i++) {
            input = Mutation.of(input, random);
        }
        PARSERS.read(input);
    }

    /** A parser that throws anything else is found. */
    @Test
    void a_fault_is_none_of_the_refusals() {
        Parsers faulty = new Parsers();
        faulty.add(bytes -> Integer.parseInt(new String(bytes, java.nio.charset.StandardCharsets.US_ASCII)));
        byte[] input = {(byte) ('a' + faulty.count() - 1), 'x'};
        assertThatThrownBy(() -> faulty.read(input)).isInstanceOf(NumberFormatException.class);
    }
}
