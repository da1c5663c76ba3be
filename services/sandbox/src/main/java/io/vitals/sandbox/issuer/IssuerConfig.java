package io.vitals.sandbox.issuer;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the issuer serves and whom.
 *
 * @param profile the profile the process runs under; "production" is refused
 * @param port 0 for any free one; the issuer identifier is {@code http://localhost:<port>}
 * @param redirectUris compared as exact texts
 * @param postLogoutRedirectUris compared as exact texts
 * @param audience the {@code aud} of access tokens
 * @param keyFile where the signing key is kept; empty for a fresh key at every start
 */
public record IssuerConfig(
        String profile,
        int port,
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
