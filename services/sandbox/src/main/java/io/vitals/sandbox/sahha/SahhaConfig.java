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
        return copy(otherProfile, port, place, webhookTarget, webhookSecret, profilesFile, announceEvery);
    }

    public SahhaConfig at(Place otherPlace) {
        return copy(profile, port, otherPlace, webhookTarget, webhookSecret, profilesFile, announceEvery);
    }

    public SahhaConfig onPort(int otherPort) {
        return copy(profile, otherPort, place, webhookTarget, webhookSecret, profilesFile, announceEvery);
    }

    public SahhaConfig withWebhooks(URI target, String secret) {
        return copy(profile, port, place, Optional.of(target), secret, profilesFile, announceEvery);
    }

    public SahhaConfig withProfilesFile(Path file) {
        return copy(profile, port, place, webhookTarget, webhookSecret, Optional.of(file), announceEvery);
    }

    public SahhaConfig announcingEvery(Duration interval) {
        return copy(profile, port, place, webhookTarget, webhookSecret, profilesFile, Optional.of(interval));
    }

    private SahhaConfig copy(
            String newProfile,
            int newPort,
            Place newPlace,
            Optional<URI> target,
            String secret,
            Optional<Path> file,
            Optional<Duration> interval) {
        return new SahhaConfig(
                newProfile, newPort, newPlace, clientId, clientSecret, target, secret, people, clock, file, interval);
    }

    @Override
    public String toString() {
        return "SahhaConfig[port=" + port + ", clientId=" + clientId + ", webhookTarget=" + webhookTarget + "]";
    }
}
