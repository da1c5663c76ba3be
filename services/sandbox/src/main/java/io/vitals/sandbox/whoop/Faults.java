package io.vitals.sandbox.whoop;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Faults that were ordered and are not used up yet; the oldest that fits a call is used. */
final class Faults {
    private final Clock clock;
    private final List<Order> orders = new ArrayList<>();

    private static final class Order {
        final Set<WhoopEndpoint> endpoints;
        final WhoopFault fault;
        final @Nullable Instant until;
        int good;
        int calls;

        Order(Set<WhoopEndpoint> endpoints, WhoopFault fault, int good, int calls, @Nullable Instant until) {
            this.endpoints = Set.copyOf(endpoints);
            this.fault = fault;
            this.good = good;
            this.calls = calls;
            this.until = until;
        }

        boolean over(Instant now) {
            return until == null ? calls <= 0 : !now.isBefore(until);
        }
    }

    Faults(Clock clock) {
        this.clock = clock;
    }

    synchronized void after(int good, Set<WhoopEndpoint> endpoints, int calls, WhoopFault fault) {
        orders.add(new Order(endpoints, fault, good, calls, null));
    }

    synchronized void during(Set<WhoopEndpoint> endpoints, Duration period, WhoopFault fault) {
        orders.add(new Order(endpoints, fault, 0, 0, clock.instant().plus(period)));
    }

    synchronized void clear() {
        orders.clear();
    }

    synchronized Optional<WhoopFault> take(WhoopEndpoint endpoint) {
        Instant now = clock.instant();
        for (Iterator<Order> i = orders.iterator(); i.hasNext(); ) {
            Order order = i.next();
            if (order.over(now)) {
                i.remove();
            } else if (order.endpoints.contains(endpoint) && order.good > 0) {
                order.good--;
                return Optional.empty();
            } else if (order.endpoints.contains(endpoint)) {
                order.calls--;
                return Optional.of(order.fault);
            }
        }
        return Optional.empty();
    }

    /** What is still ordered, in words. */
    synchronized List<String> describe() {
        Instant now = clock.instant();
        orders.removeIf(order -> order.over(now));
        return orders.stream()
                .map(o -> o.fault + " for " + o.endpoints
                        + (o.until == null ? ", " + o.calls + " calls" : " until " + o.until))
                .toList();
    }
}
