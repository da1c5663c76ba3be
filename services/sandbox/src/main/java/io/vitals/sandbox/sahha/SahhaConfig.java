package io.vitals.sandbox.sahha;

import io.vitals.sandbox.http.Place;
import io.vitals.sandbox.member.Person;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the simulator knows and whom it tells.
 *
 * @param profile the profile the process runs under; "production" is refused
 * @param port 0 for any free one
 * @param place where it listens and how programs reach it
 * @param webhookTarget where events go; empty for nowhere
 * @param webhookSecret key of the signature, used as its UTF-8 text
 * @param people the first registered profile gets the data of the first person, and so on in a circle
 * @param profilesFile where registrations are kept; empty to forget them
 * @param announceEvery how often fresh scores and biomarkers of today are sent by themselves; empty for never
 */
public record SahhaConfig(
        String profile,
        int port,
        Place place,
        String clientId,
        String clientSecret,
        Optional<URI> webhookTarget,
        String webhookSecret,
        List<Person> people,
        Clock clock,
        Optional<Path> profilesFile,
        Optional<Duration> announceEvery) {

    /** Any free port, no webhooks, nothing kept. */
    public static SahhaConfig of(String clientId, String clientSecret, List<Person> people, Clock clock) {
        return new SahhaConfig(
                "sandbox",
                0,
                Place.LOOPBACK,
                clientId,
                clientSecret,
                Optional.empty(),
                "unused",
                people,
                clock,
                Optional.empty(),
                Optional.empty());
    }

    public SahhaConfig withProfile(String otherProfile) {
        return new SahhaConfig(
                otherProfile,
                port,
                place,
                clientId,
                clientSecret,
                webhookTarget,
                webhookSecret,
                people,
                clock,
                profilesFile,
                announceEvery);
    }

    public SahhaConfig at(Place otherPlace) {
        return new SahhaConfig(
                profile,
                port,
                otherPlace,
                clientId,
                clientSecret,
                webhookTarget,
                webhookSecret,
                people,
                clock,
                profilesFile,
                announceEvery);
    }

    public SahhaConfig onPort(int otherPort) {
        return new SahhaConfig(
                profile,
                otherPort,
                place,
                clientId,
                clientSecret,
                webhookTarget,
                webhookSecret,
                people,
                clock,
                profilesFile,
                announceEvery);
    }

    public SahhaConfig withWebhooks(URI target, String secret) {
        return new SahhaConfig(
                profile,
                port,
                place,
                clientId,
                clientSecret,
                Optional.of(target),
                secret,
                people,
                clock,
                profilesFile,
                announceEvery);
    }

    public SahhaConfig withProfilesFile(Path file) {
        return new SahhaConfig(
                profile,
                port,
                place,
                clientId,
                clientSecret,
                webhookTarget,
                webhookSecret,
                people,
                clock,
                Optional.of(file),
                announceEvery);
    }

    public SahhaConfig announcingEvery(Duration interval) {
        return new SahhaConfig(
                profile,
                port,
                place,
                clientId,
                clientSecret,
                webhookTarget,
                webhookSecret,
                people,
                clock,
                profilesFile,
                Optional.of(interval));
    }

    @Override
    public String toString() {
        return "SahhaConfig[port=" + port + ", clientId=" + clientId + ", webhookTarget=" + webhookTarget + "]";
    }
}
