package io.vitals.sandbox.issuer;

import io.vitals.sandbox.http.Place;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the issuer serves and whom.
 *
 * @param profile the profile the process runs under; "production" is refused
 * @param port 0 for any free one; it stands in the issuer identifier
 * @param place the issuer identifier names it as browsers do
 * @param redirectUris compared as exact texts
 * @param postLogoutRedirectUris compared as exact texts
 * @param audience the {@code aud} of access tokens
 * @param keyFile where the signing key is kept; empty for a fresh key at every start
 */
public record IssuerConfig(
        String profile,
        int port,
        Place place,
        String clientId,
        String clientSecret,
        List<String> redirectUris,
        List<String> postLogoutRedirectUris,
        String audience,
        Duration accessTokenLifetime,
        List<Account> accounts,
        Optional<Path> keyFile,
        Clock clock) {

    /** The client, audience and redirect URI of Vitals with its page at {@code publicOrigin}; any port, fresh key. */
    public static IssuerConfig forVitals(String publicOrigin, String clientSecret, Clock clock) {
        return new IssuerConfig(
                "sandbox",
                0,
                Place.LOOPBACK,
                "vitals-web",
                clientSecret,
                List.of(publicOrigin + "/auth/callback"),
                List.of(publicOrigin + "/"),
                "vitals-api",
                Duration.ofMinutes(15),
                Account.SANDBOX,
                Optional.empty(),
                clock);
    }

    public IssuerConfig withProfile(String otherProfile) {
        return copy(otherProfile, port, place, accessTokenLifetime, accounts, keyFile);
    }

    public IssuerConfig at(Place otherPlace) {
        return copy(profile, port, otherPlace, accessTokenLifetime, accounts, keyFile);
    }

    public IssuerConfig onPort(int otherPort) {
        return copy(profile, otherPort, place, accessTokenLifetime, accounts, keyFile);
    }

    public IssuerConfig withKeyFile(Path file) {
        return copy(profile, port, place, accessTokenLifetime, accounts, Optional.of(file));
    }

    public IssuerConfig withAccounts(List<Account> others) {
        return copy(profile, port, place, accessTokenLifetime, List.copyOf(others), keyFile);
    }

    public IssuerConfig withAccessTokenLifetime(Duration lifetime) {
        return copy(profile, port, place, lifetime, accounts, keyFile);
    }

    private IssuerConfig copy(
            String newProfile,
            int newPort,
            Place newPlace,
            Duration lifetime,
            List<Account> newAccounts,
            Optional<Path> file) {
        return new IssuerConfig(
                newProfile,
                newPort,
                newPlace,
                clientId,
                clientSecret,
                redirectUris,
                postLogoutRedirectUris,
                audience,
                lifetime,
                newAccounts,
                file,
                clock);
    }

    @Override
    public String toString() {
        return "IssuerConfig[port=" + port + ", clientId=" + clientId + ", audience=" + audience + "]";
    }
}
