package io.vitals.probe;

import io.vitals.kit.config.ConfigException;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import io.vitals.probe.browser.Browser;
import io.vitals.probe.browser.Origin;

import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** The journeys that the settings name. */
final class Journeys {
    private static final EventLog LOG = EventLog.of(Journeys.class);

    /** All there are. */
    static final List<String> NAMES = List.of("page", "sign-in", "connect", "refresh", "day");

    private final ProbeSettings.Limits limits;
    private final List<Journey> journeys;

    Journeys(ProbeSettings.Limits limits, List<Journey> journeys) {
        this.limits = limits;
        this.journeys = journeys;
    }

    /**
     * Makes them.
     *
     * @throws ConfigException if one lacks what it needs
     */
    static Journeys of(ProbeSettings settings, Clock clock) {
        Target target = new Target(settings.target(), Origin.of(settings.issuer()));
        return new Journeys(
                settings.limits(),
                settings.journeys().stream()
                        .map(name -> make(name, settings, target, clock))
                        .toList());
    }

    private static Journey make(String name, ProbeSettings settings, Target target, Clock clock) {
        return switch (name) {
            case "page" -> new PageJourney(target);
            case "sign-in" -> new SignInJourney(signIn(name, settings, target));
            case "refresh" -> new RefreshJourney(target, signIn(name, settings, target));
            case "day" -> new DayJourney(target, needed(settings.apiKey(), "api-key-file", name), clock);
            case "connect" -> {
                ProbeSettings.Connect connect = needed(settings.connect(), "connect.whoop", name);
                yield new ConnectJourney(
                        target, signIn(name, settings, target), Origin.of(connect.whoop()), connect.fields());
            }
            default -> throw new IllegalStateException("no journey " + name);
        };
    }

    private static SignIn signIn(String journey, ProbeSettings settings, Target target) {
        return new SignIn(
                target, needed(settings.account(), "account.form-file", journey).fields());
    }

    private static <T> T needed(Optional<T> setting, String key, String journey) {
        return setting.orElseThrow(
                () -> new ConfigException(List.of(key + ": is missing, which the journey " + journey + " needs")));
    }

    List<Journey> all() {
        return journeys;
    }

    /** Walks one in a browser of its own. A fault of ours outside its steps counts as one of the first: it must not pass for silence. */
    Outcome walk(Journey journey) {
        try (Browser browser = new Browser(limits.call(), limits.maxBody())) {
            return Walk.of(journey, browser, limits.journey());
        } catch (RuntimeException e) {
            LOG.error("journey_broke", e, LogField.OPERATION.of(journey.name()));
            return Outcome.broken(journey);
        }
    }
}
