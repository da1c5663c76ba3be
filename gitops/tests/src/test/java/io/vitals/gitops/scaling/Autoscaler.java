package io.vitals.gitops.scaling;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;

/**
 * The algorithm of the horizontal pod autoscaler as Kubernetes documents it (autoscaling/v2, one metric of a resource): ratio and tolerance,
 * pods that are not ready, stabilization, policies.
 */
final class Autoscaler {
    /** Seconds; no window and no period of a policy may be longer. */
    private static final int LONGEST = 3_600;

    private record At(int second, int value) {}

    private final Scaler scaler;
    private final double tolerance;
    private final List<At> recommendations = new ArrayList<>();
    private final List<At> added = new ArrayList<>();
    private final List<At> removed = new ArrayList<>();

    Autoscaler(Scaler scaler, double tolerance) {
        this.scaler = scaler;
        this.tolerance = tolerance;
    }

    /**
     * How many there shall be from now on.
     *
     * @param use of each pod that is measured, as a share of what it asks for
     * @param unready pods that are not
     */
    int replicas(int second, int current, List<Double> use, int unready) {
        for (List<At> events : List.of(recommendations, added, removed)) {
            events.removeIf(event -> event.second() <= second - LONGEST);
        }
        int wanted = Math.clamp(wanted(current, use, unready), scaler.least(), scaler.most());
        int stable = stable(second, current, wanted);
        int next = limited(second, current, stable);
        if (next > current) {
            added.add(new At(second, next - current));
        } else if (next < current) {
            removed.add(new At(second, current - next));
        }
        return next;
    }

    private int wanted(int current, List<Double> use, int unready) {
        if (use.isEmpty()) {
            return current;
        }
        double sum = use.stream().mapToDouble(Double::doubleValue).sum();
        double ratio = ratio(sum / use.size());
        if (unready == 0 || ratio <= 1) {
            return isTolerated(ratio) ? current : ceil(ratio * use.size());
        }
        // On the way up those that are not ready yet count as idle, so that they are not ordered twice.
        double withThem = ratio(sum / (use.size() + unready));
        if (isTolerated(withThem) || withThem < 1) {
            return current;
        }
        return Math.max(current, ceil(withThem * (use.size() + unready)));
    }

    /** Of whole percents, as Kubernetes reckons. */
    private double ratio(double use) {
        return Math.floor(100 * use) / scaler.target();
    }

    private boolean isTolerated(double ratio) {
        return Math.abs(1 - ratio) <= tolerance;
    }

    private static int ceil(double replicas) {
        return (int) Math.ceil(replicas - 1e-9);
    }

    /** The least of what was wanted lately on the way up, the most of it on the way down. */
    private int stable(int second, int current, int wanted) {
        int up = wanted;
        int down = wanted;
        for (At recommendation : recommendations) {
            if (recommendation.second() > second - scaler.up().stabilizationSeconds()) {
                up = Math.min(up, recommendation.value());
            }
            if (recommendation.second() > second - scaler.down().stabilizationSeconds()) {
                down = Math.max(down, recommendation.value());
            }
        }
        recommendations.add(new At(second, wanted));
        return Math.min(Math.max(current, up), down);
    }

    private int limited(int second, int current, int stable) {
        if (stable > current) {
            int limit = limit(second, current, scaler.up(), 1, Math::max);
            return Math.min(stable, Math.max(current, Math.min(limit, scaler.most())));
        } else if (stable < current) {
            int limit = limit(second, current, scaler.down(), -1, Math::min);
            return Math.max(stable, Math.min(current, Math.max(limit, scaler.least())));
        }
        return current;
    }

    private int limit(int second, int current, Scaler.Behavior behavior, int sign, BinaryOperator<Integer> furthest) {
        if (behavior.select().equals("Disabled")) {
            return current;
        }
        BinaryOperator<Integer> nearest = sign > 0 ? Math::min : Math::max;
        return behavior.policies().stream()
                .map(policy -> {
                    int before =
                            current - sum(added, second - policy.seconds()) + sum(removed, second - policy.seconds());
                    double moved = policy.percent()
                            ? before * (1 + sign * policy.value() / 100.0)
                            : before + (double) sign * policy.value();
                    return sign > 0 ? ceil(moved) : (int) moved;
                })
                .reduce(behavior.select().equals("Min") ? nearest : furthest)
                .orElse(current);
    }

    private static int sum(List<At> events, int after) {
        return events.stream()
                .filter(event -> event.second() > after)
                .mapToInt(At::value)
                .sum();
    }
}
