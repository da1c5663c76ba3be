package io.vitals.runbooks.run;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What is shown to a person, and kept in a terminal for long. */
class MaskerTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Authorization: Bearer abcdefgh.12345 | Authorization: Bearer [redacted:token]",
                "{\"access_token\":\"abcd1234\",\"n\":1} | {\"access_token\":\"[redacted:token]\",\"n\":1}",
                "password = hunter22, next | password = [redacted:token], next",
                "postgresql://app:hunter22@db:5432/health | postgresql://app:[redacted:token]@db:5432/health",
                "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjMifQ.c2ln | [redacted:token]",
                "mail of ada.l@vitals.example | mail of [redacted:address]",
            })
    void whatLooksLikeASecret(String said, String shown) {
        assertThat(new Masker().mask(said)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "count(ALERTS{alertname=\"TokenRefreshFailing\"}) 1",
                "whoop_oauth_tokens{state=\"active\"} 12",
                "3 pods of health-api, 2 ready",
            })
    void whatDoesNot(String said) {
        assertThat(new Masker().mask(said)).isEqualTo(said);
    }

    @Test
    void aKeyOfSeveralLines() {
        String key = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\nabc=\n-----END EC PRIVATE KEY-----";
        assertThat(new Masker().mask("before\n" + key + "\nafter")).isEqualTo("before\n[redacted:token]\nafter");
    }

    @Test
    void whatIsKnownByItsValue() {
        var masker = new Masker();
        masker.know("secret-one");
        masker.know("secret-one-longer");
        masker.know("GITHUB_TOKEN", "by-its-name");
        masker.know("SERVICE", "health-api");
        masker.know("abc");
        assertThat(masker.mask("secret-one-longer secret-one by-its-name health-api abc"))
                .isEqualTo("[redacted:token] [redacted:token] [redacted:token] health-api abc");
    }
}
