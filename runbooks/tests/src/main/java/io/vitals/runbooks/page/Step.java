package io.vitals.runbooks.page;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A fence that can be run.
 *
 * @param line of its page
 * @param when of a look
 * @param drillOnly it is nothing for a system that members use
 * @param confirm whether a person is asked before
 * @param set name of the variable that later steps find its answer in
 * @param env names of the variables that it may read; the parameter $1 of SQL is the first of them
 * @param database which one, if it is not the one of the page's service
 */
public record Step(
        String id,
        Phase phase,
        Language language,
        int line,
        Set<When> when,
        boolean drillOnly,
        Risk risk,
        boolean confirm,
        Duration timeout,
        Retry retry,
        Optional<String> set,
        Expectation expect,
        Set<Capability> needs,
        List<String> env,
        Optional<String> database,
        String text)
        implements Block {
    public Step {
        when = Set.copyOf(when);
        needs = Set.copyOf(needs);
        env = List.copyOf(env);
    }

    @Override
    public String toString() {
        return id + " (" + phase + ")";
    }
}
