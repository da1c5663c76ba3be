package io.vitals.oncall;

import com.fasterxml.jackson.annotation.JsonProperty;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Whether an incident needed anybody: one that never does should wake nobody. */
enum Action {
    @JsonProperty("taken")
    TAKEN,
    @JsonProperty("none")
    NONE;

    static Optional<Action> of(String code) {
        return Arrays.stream(values())
                .filter(action -> action.code().equals(code))
                .findFirst();
    }

    String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
