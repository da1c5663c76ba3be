package io.vitals.loadtest.profile;

import io.vitals.kit.config.Settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How the requests of a day spread over its hours; only proportions count. A member who connects sends several requests and counts once.
 *
 * @param connect 24 weights, from midnight on, as all the others
 */
public record DayShape(
        List<String> connect,
        List<String> overview,
        List<String> readDays,
        List<String> refresh,
        List<String> webhook) {
    private static final int HOURS = 24;

    public DayShape {
        connect = weights("connect", connect);
        overview = weights("overview", overview);
        readDays = weights("read-days", readDays);
        refresh = weights("refresh", refresh);
        webhook = weights("webhook", webhook);
        if (readDays.stream().mapToDouble(Double::parseDouble).sum() == 0) {
            throw new IllegalArgumentException("read-days: a day on which nobody reads is none");
        }
    }

    private static List<String> weights(String key, List<String> weights) {
        try {
            if (weights.size() == HOURS
                    && weights.stream()
                            .mapToDouble(Double::parseDouble)
                            .allMatch(weight -> weight >= 0 && weight < 1e6)) {
                return List.copyOf(weights);
            }
        } catch (NumberFormatException _) {
            // Told below, without the text.
        }
        throw new IllegalArgumentException(key + ": 24 numbers of 0 or more are needed");
    }

    /**
     * Reads a file.
     *
     * @throws io.vitals.kit.config.ConfigException naming each key that is missing, unknown or of a wrong kind
     */
    public static DayShape read(Path file) {
        return Settings.file(DayShape.class, file);
    }

    /**
     * What comes in each hour when the whole day has so many arrivals. Rounding is carried on, so that none is lost over the day.
     */
    public List<List<Request>> hours(int arrivals) {
        Map<Request, List<String>> weights = new EnumMap<>(Request.class);
        weights.put(Request.READ_DAYS, readDays);
        weights.put(Request.OVERVIEW, overview);
        weights.put(Request.REFRESH, refresh);
        weights.put(Request.CONNECT, connect);
        weights.put(Request.WEBHOOK, webhook);
        double all = weights.values().stream()
                .flatMap(List::stream)
                .mapToDouble(Double::parseDouble)
                .sum();
        Map<Request, Double> due = new EnumMap<>(Request.class);
        List<List<Request>> hours = new ArrayList<>();
        for (int hour = 0; hour < HOURS; hour++) {
            List<Request> sent = new ArrayList<>();
            for (Map.Entry<Request, List<String>> kind : weights.entrySet()) {
                double owed = due.getOrDefault(kind.getKey(), 0.0)
                        + arrivals * Double.parseDouble(kind.getValue().get(hour)) / all;
                // A hair more: sums of fractions end just below the whole number.
                int now = (int) Math.floor(owed + 1e-6);
                due.put(kind.getKey(), owed - now);
                for (int i = 0; i < now; i++) {
                    sent.add(kind.getKey());
                }
            }
            hours.add(spread(sent));
        }
        return hours;
    }

    /** How many of those come in each second when the whole day takes so many; within an hour they come evenly. */
    public static List<Integer> perSecond(List<List<Request>> hours, int seconds) {
        int[] counts = new int[seconds];
        for (int hour = 0; hour < hours.size(); hour++) {
            int arrivals = hours.get(hour).size();
            for (int i = 0; i < arrivals; i++) {
                double share = (hour + (i + 0.5) / arrivals) / hours.size();
                counts[(int) (share * seconds)]++;
            }
        }
        return Arrays.stream(counts).boxed().toList();
    }

    /** Kinds by turns instead of one after the other. */
    private static List<Request> spread(List<Request> grouped) {
        Map<Request, List<Request>> left = new EnumMap<>(Request.class);
        grouped.forEach(
                request -> left.computeIfAbsent(request, _ -> new ArrayList<>()).add(request));
        List<Request> spread = new ArrayList<>();
        while (spread.size() < grouped.size()) {
            left.values().stream().filter(some -> !some.isEmpty()).forEach(some -> spread.add(some.removeLast()));
        }
        return spread;
    }
}
