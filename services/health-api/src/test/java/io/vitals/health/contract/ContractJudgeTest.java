package io.vitals.health.contract;

import io.vitals.health.contract.ContractJudge.Exchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URI;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** The judge lets through what keeps the contract, and nothing else. */
class ContractJudgeTest {
    private static final String CONSENTS = "/api/v1/users/me/consents";
    private static final String GOOD = "{\"health_data\":{\"granted\":false}}";

    private final ContractJudge judge = new ContractJudge(Contract.read());

    @Test
    void an_answer_as_declared_passes() {
        assertThat(violations("GET", CONSENTS, "", 200, "application/json", GOOD))
                .isEmpty();
        assertThat(violations("PUT", CONSENTS, "{\"health_data\":true}", 200, "application/json; charset=utf-8", GOOD))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "an undeclared status | 418 | application/json | {\"health_data\":{\"granted\":false}}",
                "another type | 200 | text/plain | {\"health_data\":{\"granted\":false}}",
                "a missing field | 200 | application/json | {\"health_data\":{}}",
                "an undeclared field | 200 | application/json | {\"health_data\":{\"granted\":false,\"mood\":1}}",
                "an undeclared field at the top | 200 | application/json | {\"health_data\":{\"granted\":false},\"a\":1}",
                "a wrong type | 200 | application/json | {\"health_data\":{\"granted\":\"no\"}}",
                "a bad time | 200 | application/json | {\"health_data\":{\"granted\":true,\"at\":\"today\"}}",
                "no JSON | 200 | application/json | {",
                "a problem without a title | 401 | application/problem+json | {\"type\":\"urn:vitals:problem:x\"}"
            })
    void an_answer_that_breaks_the_contract_is_found(String what, int status, String type, String body) {
        assertThat(violations("GET", CONSENTS, "", status, type, body)).as(what).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/v1/users/me/days?limit=0",
                "/api/v1/users/me/days?limit=many",
                "/api/v1/users/me/days?from=yesterday",
                "/api/v1/users/me/days?form=2026-11-22",
                "/api/v1/users/me/days?limit=7&limit=7"
            })
    void a_request_that_the_contract_refuses_may_not_succeed(String path) {
        String body = "{\"days\":[],\"next_cursor\":null}";
        assertThat(violations("GET", path, "", 200, "application/json", body))
                .singleElement()
                .asString()
                .contains("took a request");
        assertThat(violations("GET", "/api/v1/users/me/days?limit=7", "", 200, "application/json", body))
                .isEmpty();
    }

    @Test
    void whom_a_provider_sends_back_may_bring_more() {
        assertThat(violations("GET", "/api/v1/links/whoop/callback?scope=offline", "", 303, null, ""))
                .isEmpty();
    }

    @Test
    void a_body_that_the_contract_refuses_may_not_succeed() {
        assertThat(violations("PUT", CONSENTS, "{\"health_data\":1}", 200, "application/json", GOOD))
                .isNotEmpty();
    }

    @Test
    void what_has_no_contract_may_not_be_served() {
        assertThat(violations("GET", "/api/v1/secret", "", 200, "application/json", "{}"))
                .isNotEmpty();
        assertThat(violations("GET", "/api/v1/secret", "", 404, "application/problem+json", "{}"))
                .isEmpty();
    }

    private List<String> violations(
            String method, String path, String request, int status, @Nullable String type, String body) {
        return judge.violations(new Exchange(
                method, URI.create("http://localhost" + path), "application/json", request, status, type, body));
    }
}
