package io.vitals.health.access;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

class LocalTargetTest {

    @ParameterizedTest
    @ValueSource(strings = {"/", "/day", "/days/2026-11-22", "/?link=connected", "/a/b.html?x=1&y=2", "/a/"})
    void a_path_of_this_site_passes(String target) {
        assertThat(LocalTarget.of(target)).contains(target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "day",
                "//evil.test",
                "///evil.test",
                "/\\evil.test",
                "\\\\evil.test",
                "/\t/evil.test",
                "/\n/evil.test",
                "/%2f/evil.test",
                "/%2Fevil.test",
                "/%5Cevil.test",
                "/%09/evil.test",
                "/./evil.test",
                "/../evil.test",
                "/.//evil.test",
                "/a//b",
                "https://evil.test",
                "http:evil.test",
                "javascript:alert(1)",
                "/@evil.test",
                "/;@evil.test",
                "/a?to=//evil.test",
                "/a#frag",
                "/ü",
                "/auth/logout",
                "/auth/login?to=/"
            })
    void anything_that_could_lead_elsewhere_is_refused(String target) {
        assertThat(LocalTarget.of(target)).isEmpty();
    }

    @Property
    void what_passes_stays_on_the_site(
            @ForAll
                    @StringLength(max = 30)
                    @Chars({'/', '\\', '.', '?', '#', '%', '@', ':', ';', '2', 'f', 'a', '\t', '\n', ' ', '&', '='})
                    String target) {
        LocalTarget.of(target).ifPresent(passed -> {
            URI resolved = URI.create("http://localhost:8080/x").resolve(passed);
            assertThat(resolved.getAuthority()).isEqualTo("localhost:8080");
            assertThat(passed).doesNotContain("//", "\\", "%");
        });
    }

    @Property(tries = 50)
    void a_long_target_costs_nothing(
            @ForAll @StringLength(min = 5000, max = 20_000) @CharRange(from = 'a', to = 'z') String text) {
        assertThatCode(() -> assertThat(LocalTarget.of("/" + text + "!")).isEmpty())
                .doesNotThrowAnyException();
    }
}
