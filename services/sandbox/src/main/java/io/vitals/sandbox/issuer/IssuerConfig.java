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
        return new IssuerConfig(
                otherProfile,
                port,
                place,
                clientId,
                clientSecret,
                redirectUris,
                postLogoutRedirectUris,
                audience,
                accessTokenLifetime,
                accounts,
                keyFile,
                clock);
    }

    public IssuerConfig at(Place otherPlace) {
        return new IssuerConfig(
                profile,
                port,
                otherPlace,
                clientId,
                clientSecret,
                redirectUris,
                postLogoutRedirectUris,
                audience,
                accessTokenLifetime,
                accounts,
                keyFile,
                clock);
    }

    public IssuerConfig onPort(int otherPort) {
        return new IssuerConfig(
                profile,
                otherPort,
                place,
                clientId,
                clientSecret,
                redirectUris,
                postLogoutRedirectUris,
                audience,
                accessTokenLifetime,
                accounts,
                keyFile,
                clock);
    }

    public IssuerConfig withKeyFile(Path file) {
        return new IssuerConfig(
                profile,
                port,
                place,
                clientId,
                clientSecret,
                redirectUris,
                postLogoutRedirectUris,
                audience,
                accessTokenLifetime,
                accounts,
                Optional.of(file),
                clock);
    }

    public IssuerConfig withAccounts(List<Account> others) {
        return new IssuerConfig(
                profile,
                port,
                place,
                clientId,
                clientSecret,
                redirectUris,
                postLogoutRedirectUris,
                audience,
                accessTokenLifetime,
                List.copyOf(others),
                keyFile,
                clock);
    }

    public IssuerConfig withAccessTokenLifetime(Duration lifetime) {
        return new IssuerConfig(
                profile,
                port,
                place,
                clientId,
                clientSecret,
                redirectUris,
                postLogoutRedirectUris,
                audience,
                lifetime,
                accounts,
                keyFile,
                clock);
    }

    @Override
    public String toString() {
        return "IssuerConfig[port=" + port + ", clientId=" + clientId + ", audience=" + audience + "]";
    }
}
