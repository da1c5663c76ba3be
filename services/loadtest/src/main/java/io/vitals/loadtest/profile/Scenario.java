package io.vitals.loadtest.profile;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What is sent for a while, in the order in which a run goes through it. */
public enum Scenario {
    READ_DAYS,
    OVERVIEW,
    REFRESH,
    CONNECT,
    WEBHOOK_STORM,
    MIXED_DAY,
    /** Last: what guards Vitals against a WHOOP that does not answer needs a while to trust it again. */
    FALLBACK;

    /** What it sends. */
    public List<Request> requests() {
        return switch (this) {
            case READ_DAYS -> List.of(Request.READ_DAYS);
            case OVERVIEW -> List.of(Request.OVERVIEW);
            case REFRESH -> List.of(Request.REFRESH);
            case CONNECT -> List.of(Request.CONNECT, Request.CONNECTION_STATUS);
            case WEBHOOK_STORM -> List.of(Request.WEBHOOK);
            case MIXED_DAY ->
                List.of(
                        Request.READ_DAYS,
                        Request.OVERVIEW,
                        Request.REFRESH,
                        Request.CONNECT,
                        Request.CONNECTION_STATUS,
                        Request.WEBHOOK);
            case FALLBACK -> List.of(Request.FALLBACK);
        };
    }

    /** As files, commands and tables call it. */
    public String named() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** How a request of it is called in reports. */
    public String named(Request request) {
        return requests().size() == 1 ? named() : named() + ": " + request.named();
    }

    /** The one that is called so. */
    public static Scenario of(String name) {
        return Arrays.stream(values())
                .filter(scenario -> scenario.named().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no such scenario; there are " + all()));
    }

    private static List<String> all() {
        return Arrays.stream(values()).map(Scenario::named).toList();
    }
}
