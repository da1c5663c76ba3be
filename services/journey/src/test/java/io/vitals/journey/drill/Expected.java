package io.vitals.journey.drill;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An alert that a fault has to raise.
 *
 * @param way who is to be told
 * @param slo of a promise, else empty
 */
record Expected(String alert, String service, Way way, String slo) {
    /** Who is told of an alert of a kind; what is not here is told to nobody. */
    enum Way {
        /** Whoever is on call is woken by a text message, gets the mail, and the chat of incidents shows it. */
        PAGE,
        TICKET,
        SECURITY
    }

    static Expected page(String alert, String service) {
        return new Expected(alert, service, Way.PAGE, "");
    }

    static Expected burn(String service, String slo) {
        return new Expected("SLOBudgetBurn", service, Way.PAGE, slo);
    }

    static Expected ticket(String alert, String service) {
        return new Expected(alert, service, Way.TICKET, "");
    }

    static Expected security(String alert, String service) {
        return new Expected(alert, service, Way.SECURITY, "");
    }

    Watch.Firing firing() {
        return new Watch.Firing(alert, service, way == Way.PAGE ? "critical" : "warning");
    }

    private String title(String severity) {
        return severity + ": " + alert + ", " + service + " in production";
    }

    /** When everybody had been told, or nothing while somebody has not. */
    Optional<Instant> told(Sinks sinks, Instant since) {
        return switch (way) {
            case PAGE ->
                latest(List.of(
                        chat(sinks, "#vitals-incidents", title("CRITICAL"), since),
                        page(sinks, "firing", since),
                        mail(sinks, "on-call@vitals.example", "<td>" + alert + "</td>", since)));
            case TICKET ->
                latest(List.of(
                        chat(sinks, "#vitals-alerts", title("WARNING"), since),
                        mail(sinks, "tickets@vitals.example", title("WARNING"), since)));
            case SECURITY ->
                latest(List.of(
                        chat(sinks, "#vitals-alerts", title("WARNING"), since),
                        mail(sinks, "security@vitals.example", title("WARNING"), since)));
        };
    }

    /** When those who had been told had heard that it is over. */
    Optional<Instant> over(Sinks sinks, Instant since) {
        return way == Way.PAGE
                ? latest(
                        List.of(chat(sinks, "#vitals-incidents", title("OVER"), since), page(sinks, "resolved", since)))
                : chat(sinks, "#vitals-alerts", title("OVER"), since);
    }

    private static Optional<Instant> chat(Sinks sinks, String channel, String title, Instant since) {
        return sinks.told(channel, since).stream()
                .filter(told -> told.title().equals(title))
                .map(Sinks.Told::at)
                .findFirst();
    }

    private Optional<Instant> page(Sinks sinks, String status, Instant since) {
        String title = String.join("/", status + " production", service, slo);
        return sinks.told("primary", since).stream()
                .filter(told -> told.title().equals(title))
                .map(Sinks.Told::at)
                .findFirst();
    }

    private static Optional<Instant> mail(Sinks sinks, String to, String about, Instant since) {
        return sinks.told(to, since).stream()
                .filter(told -> told.title().contains(about) || told.all().contains(about))
                .map(Sinks.Told::at)
                .findFirst();
    }

    private static Optional<Instant> latest(List<Optional<Instant>> times) {
        return times.stream().allMatch(Optional::isPresent)
                ? times.stream().flatMap(Optional::stream).max(Instant::compareTo)
                : Optional.empty();
    }

    @Override
    public String toString() {
        return alert + " of " + service + (slo.isEmpty() ? "" : "/" + slo) + " ("
                + way.name().toLowerCase(Locale.ROOT) + ")";
    }
}
