package io.vitals.gitops.scaling;

import java.util.ArrayList;
import java.util.List;

/**
 * A service under a load, second by second. Its pods share the load; the use of processor time is seen as metrics-server shows it, late and
 * as a mean, and new pods are of no use until they are ready.
 *
 * @param request cores that a pod asks for
 * @param limit cores that it gets at most
 * @param timing how late everything is
 */
record Simulation(Scaler scaler, double request, double limit, Timing timing) {
    /** A change that is taken back within this time was none worth making. */
    static final int FLAP_SECONDS = 600;

    /** @param startSeconds from the order of a pod to its first request */
    record Timing(int metricsSeconds, int autoscalerSeconds, int startSeconds, double tolerance) {}

    /**
     * @param scaleOut seconds from the moment at which a sudden load needs most until so many pods are ready
     * @param beyond seconds, the longest stretch in which the load was, on the whole, more than what the ready pods ask for
     * @param changes how often the number changed
     * @param flaps changes that took back the one before within {@link #FLAP_SECONDS}
     * @param overloaded seconds in which requests waited for a processor
     */
    record Outcome(int scaleOut, int beyond, int changes, int flaps, int overloaded, int most) {}

    private record Pod(int ready) {}

    private record Seen(List<Double> use, int unready) {}

    Outcome under(Load load) {
        var autoscaler = new Autoscaler(scaler, timing.tolerance());
        List<Pod> pods = new ArrayList<>();
        int needed = needed(load.mean()[0]);
        for (int i = 0; i < Math.clamp(needed, scaler.least(), scaler.most()); i++) {
            pods.add(new Pod(0));
        }
        double[] use = new double[load.seconds()];
        var seen = new Seen(List.of(), 0);
        int peak = Math.min(scaler.most(), needed(load.most()));
        int scaleOut = 0;
        boolean isThere = !load.sudden();
        int lacking = 0;
        int beyond = 0;
        int overloaded = 0;
        int changes = 0;
        int flaps = 0;
        int last = 0;
        int direction = 0;
        int most = pods.size();
        double waiting = 0;
        for (int second = 0; second < load.seconds(); second++) {
            int ready = ready(pods, second);
            double wanted = load.cores()[second] + waiting;
            double served = Math.min(wanted, ready * limit);
            waiting = wanted - served;
            overloaded += waiting > 1e-9 ? 1 : 0;
            use[second] = served / ready;
            double mean = load.mean()[second];
            isThere |= ready >= peak;
            scaleOut += !isThere && needed(mean) >= peak ? 1 : 0;
            lacking = mean > ready * request ? lacking + 1 : 0;
            beyond = Math.max(beyond, lacking);
            if (second > 0 && second % timing.metricsSeconds() == 0) {
                seen = seen(pods, use, second);
            }
            // The autoscaler and metrics-server know nothing of each other's beat.
            if (second % timing.autoscalerSeconds() == timing.autoscalerSeconds() / 2) {
                int current = pods.size();
                int next = autoscaler.replicas(
                        second, current, seen.use(), current - seen.use().size());
                if (next != current) {
                    int to = Integer.signum(next - current);
                    flaps += direction == -to && second - last <= FLAP_SECONDS ? 1 : 0;
                    direction = to;
                    last = second;
                    changes++;
                    seen = scaled(pods, next, second, seen);
                    most = Math.max(most, next);
                }
            }
        }
        return new Outcome(scaleOut, beyond, changes, flaps, overloaded, most);
    }

    /** The fewest pods that the autoscaler would leave alone. */
    private int needed(double cores) {
        return (int) Math.ceil(cores / (request * scaler.target() / 100 * (1 + timing.tolerance())) - 1e-9);
    }

    /** They became ready in the order in which they were ordered. */
    private static int ready(List<Pod> pods, int second) {
        int ready = pods.size();
        while (ready > 0 && pods.get(ready - 1).ready() > second) {
            ready--;
        }
        return ready;
    }

    /** The means of the time since the sample before; one that began while a pod was not ready says nothing of it. */
    private Seen seen(List<Pod> pods, double[] use, int second) {
        int from = second - timing.metricsSeconds();
        double mean = 0;
        for (int at = from; at < second; at++) {
            mean += use[at] / timing.metricsSeconds();
        }
        int measured = ready(pods, from);
        List<Double> all = new ArrayList<>();
        for (int pod = 0; pod < measured; pod++) {
            all.add(mean / request);
        }
        return new Seen(all, pods.size() - measured);
    }

    /** The youngest go first. */
    private Seen scaled(List<Pod> pods, int next, int second, Seen seen) {
        while (pods.size() > next) {
            pods.removeLast();
        }
        while (pods.size() < next) {
            pods.add(new Pod(second + timing.startSeconds()));
        }
        return new Seen(
                seen.use().subList(0, Math.min(next, seen.use().size())),
                next - Math.min(next, seen.use().size()));
    }
}
