package io.vitals.sandbox.launcher;

import io.vitals.sandbox.http.Place;

import java.net.URI;

/**
 * Where WHOOP, Sahha and the issuer find Vitals.
 *
 * @param page origin of the members' page, as browsers name it
 * @param whoopWebhooks where WHOOP delivers
 * @param sahhaWebhooks where Sahha delivers
 */
record VitalsAddresses(String page, URI whoopWebhooks, URI sahhaWebhooks) {
    private static final String WHOOP_PATH = "/webhooks/whoop";
    private static final String SAHHA_PATH = "/api/v1/webhooks/sahha";

    /** Of services that run beside the simulators. */
    static VitalsAddresses onLoopback(Ports ports) {
        return new VitalsAddresses(
                Place.LOOPBACK.forBrowsers(ports.healthPublic()).toString(),
                Place.LOOPBACK.forPrograms(ports.whoopPublic()).resolve(WHOOP_PATH),
                Place.LOOPBACK.forPrograms(ports.healthPublic()).resolve(SAHHA_PATH));
    }

    /** Of services behind a gateway: one origin for the page and Sahha's webhooks, one for WHOOP's. */
    static VitalsAddresses behind(URI page, URI whoopWebhooks) {
        return new VitalsAddresses(page.toString(), whoopWebhooks.resolve(WHOOP_PATH), page.resolve(SAHHA_PATH));
    }

    String whoopRedirectUri() {
        return page + "/api/v1/links/whoop/callback";
    }
}
