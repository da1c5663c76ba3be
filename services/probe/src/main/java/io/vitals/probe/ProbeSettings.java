package io.vitals.probe;

import io.vitals.kit.config.DataSize;
import io.vitals.kit.config.ManagementSettings;
import io.vitals.kit.config.Secret;
import io.vitals.probe.browser.FormFields;
import io.vitals.probe.browser.Origin;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * Everything the probe can be told. Defaults are in application.yaml.
 *
 * @param target where browsers find the Vitals that is looked at
 * @param issuer an address at the place where people sign in there; the account is filled in nowhere else
 * @param journeys what is walked, in this order
 * @param interval from the end of a round to the start of the next
 * @param account who signs in
 * @param apiKey of the account, with scope days:read
 * @param connect where WHOOP may be connected
 */
record ProbeSettings(
        Profile profile,
        URI target,
        URI issuer,
        List<String> journeys,
        Duration interval,
        Limits limits,
        Optional<Account> account,
        Optional<Secret> apiKey,
        Optional<Connect> connect,
        ManagementSettings management) {
    private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);

    enum Profile {
        PRODUCTION,
        SANDBOX
    }

    /**
     * How long things may take.
     *
     * @param call one request with its answer
     * @param journey all steps of a journey
     * @param maxBody the largest answer that is read
     */
    record Limits(Duration call, Duration journey, DataSize maxBody) {
        Limits {
            if (call.isZero() || journey.compareTo(call) < 0) {
                throw new IllegalArgumentException("call is nothing, or more than journey");
            }
        }
    }

    /**
     * A synthetic account.
     *
     * @param form what it fills into the issuer's page, a line {@code name=value} a field
     */
    record Account(Secret form) {
        Account {
            checkForm(form);
        }

        FormFields fields() {
            return FormFields.parse(form.reveal());
        }
    }

    /**
     * A WHOOP that lets a synthetic account be connected: the simulator.
     *
     * @param whoop an address at the place where it asks for consent
     * @param form what is filled in there, a line {@code name=value} a field
     */
    record Connect(URI whoop, Secret form) {
        Connect {
            origin("whoop", whoop);
            checkForm(form);
        }

        FormFields fields() {
            return FormFields.parse(form.reveal());
        }
    }

    ProbeSettings {
        boolean targetSecure = origin("target", target).secure();
        boolean issuerSecure = origin("issuer", issuer).secure();
        boolean whoopSecure =
                connect.isEmpty() || Origin.of(connect.get().whoop()).secure();
        if (profile == Profile.PRODUCTION && !(targetSecure && issuerSecure && whoopSecure)) {
            throw new IllegalArgumentException(
                    "target, issuer or connect.whoop is not https, which the production profile asks for");
        }
        if (!(target.getPath().isEmpty() || target.getPath().equals("/"))
                || target.getRawQuery() != null
                || target.getRawFragment() != null) {
            throw new IllegalArgumentException("target is more than scheme, host and port");
        }
        if (journeys.isEmpty() || new LinkedHashSet<>(journeys).size() != journeys.size()) {
            throw new IllegalArgumentException("journeys names none, or one twice");
        }
        if (!Journeys.NAMES.containsAll(journeys)) {
            throw new IllegalArgumentException("journeys names another than " + Journeys.NAMES);
        }
        if (interval.compareTo(SHORTEST_INTERVAL) < 0) {
            throw new IllegalArgumentException("interval is less than a second");
        }
    }

    private static Origin origin(String key, URI uri) {
        try {
            return Origin.of(uri);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + " " + e.getMessage(), e);
        }
    }

    private static void checkForm(Secret form) {
        try {
            FormFields.parse(form.reveal());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("form-file: " + e.getMessage(), e);
        }
    }
}
