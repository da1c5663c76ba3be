package io.vitals.whoop;

import io.vitals.kit.lifecycle.Options;
import io.vitals.kit.lifecycle.UsageException;
import io.vitals.whoop.webhook.WebhookReplay;
import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.Set;

/** The command {@code replay}: puts webhook events back into the queue of the running replicas. */
final class ReplayCommand {
    static final String USAGE = "(--trace ID | --from TIME --to TIME [--state dead|parked|done]) [--dry-run]";
    static final Options.Syntax SYNTAX = new Options.Syntax(Set.of("trace", "from", "to", "state"), Set.of("dry-run"));

    private ReplayCommand() {}

    static WebhookReplay.Selection selection(Options options) throws UsageException {
        Optional<String> trace = options.value("trace");
        Optional<String> state = options.value("state");
        if (trace.isPresent() && state.isPresent()) {
            throw new UsageException("--state goes with a range, not with --trace");
        }
        Set<WebhookReplay.State> states = trace.isPresent()
                ? Set.of(WebhookReplay.State.values())
                : Set.of(WebhookReplay.State.of(state.orElse("dead"))
                        .orElseThrow(() -> new UsageException("--state is none of dead, parked and done")));
        try {
            return new WebhookReplay.Selection(trace.orElse(null), time(options, "from"), time(options, "to"), states);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable Instant time(Options options, String name) throws UsageException {
        Optional<String> text = options.value(name);
        try {
            return text.isPresent() ? OffsetDateTime.parse(text.get()).toInstant() : null;
        } catch (DateTimeException _) {
            throw new UsageException("--" + name + " is not a time such as 2026-01-31T06:00:00Z");
        }
    }

    /** Does it, and returns what to tell. */
    static String run(WebhookReplay replay, WebhookReplay.Selection selection, Options options) {
        return options.flag("dry-run")
                ? replay.count(selection) + " events would be replayed"
                : replay.replay(selection) + " events replayed";
    }
}
