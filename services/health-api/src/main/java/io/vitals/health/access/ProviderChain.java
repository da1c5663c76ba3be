package io.vitals.health.access;

import com.nimbusds.jose.jwk.JWKSet;
import io.helidon.security.AuthenticationResponse;
import io.helidon.security.EndpointConfig;
import io.helidon.security.Role;
import io.helidon.security.Security;
import io.helidon.security.SecurityContext;
import io.helidon.security.SecurityEnvironment;
import io.helidon.security.SecurityResponse;
import io.helidon.security.Subject;
import io.helidon.security.jwt.jwk.JwkKeys;
import io.helidon.security.providers.oidc.OidcProvider;
import io.helidon.security.providers.oidc.common.OidcConfig;
import jakarta.json.Json;
import jakarta.json.JsonReader;

import java.io.StringReader;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Helidon's OIDC provider as the judge of bearer tokens: it verifies the signature by the issuer's keys and builds the
 * subject with its roles out of the {@code groups} claim. It is used for nothing else: no redirects, no cookies, no
 * tokens in parameters, and no calls of its own, because everything that it would fetch is given to it. It loads keys
 * only once, so a new key set means a new chain.
 */
final class ProviderChain {
    private final Security security;

    private ProviderChain(Security security) {
        this.security = security;
    }

    /** What the provider found in a token that it accepted. */
    record Accepted(String subject, Set<String> groups) {}

    static ProviderChain of(OidcSettings settings, JWKSet keys) {
        OidcConfig.Builder oidc = OidcConfig.builder();
        // The end points are never called; without them the provider would ask the issuer for its metadata at once.
        URI never = URI.create(settings.issuer() + "/never-called");
        oidc.identityUri(settings.issuer());
        oidc.issuer(settings.issuer().toString());
        oidc.clientId(settings.clientId());
        oidc.clientSecret("unused");
        oidc.oidcMetadataWellKnown(false);
        oidc.authorizationEndpointUri(never);
        oidc.tokenEndpointUri(never);
        oidc.logoutEndpointUri(never);
        oidc.checkAudience(true);
        oidc.audience(settings.audience());
        oidc.signJwk(helidonKeys(keys));
        oidc.validateJwtWithJwk(true);
        OidcConfig config = oidc.redirect(false)
                .useHeader(true)
                .useParam(false)
                .useCookie(false)
                .tokenSignatureValidation(true)
                // Cookies are not used, but the provider would write a generated password for them into the work
                // folder.
                .cookieEncryptionEnabled(false)
                .cookieEncryptionEnabledIdToken(false)
                .cookieEncryptionEnabledRefreshToken(false)
                .cookieEncryptionEnabledTenantName(false)
                .cookieEncryptionEnabledState(false)
                .build();
        OidcProvider provider = OidcProvider.builder()
                .oidcConfig(config)
                .useJwtGroups(true)
                .optional(false)
                .propagate(false)
                .discoverTenantConfigProviders(false)
                .discoverTenantIdProviders(false)
                .build();
        return new ProviderChain(
                Security.builder().addAuthenticationProvider(provider, "oidc").build());
    }

    private static JwkKeys helidonKeys(JWKSet keys) {
        try (JsonReader reader = Json.createReader(new StringReader(keys.toString()))) {
            return JwkKeys.create(reader.readObject());
        }
    }

    /** What the provider says of the token; empty when it refuses. The rest describes the request to it. */
    Optional<Accepted> judge(String token, String requestId, String method, URI target) {
        SecurityContext context = security.contextBuilder(requestId)
                .env(SecurityEnvironment.builder(security.serverTime())
                        .method(method)
                        .path(target.getPath())
                        .targetUri(target)
                        .transport("http")
                        .header("Authorization", "Bearer " + token)
                        .build())
                .endpointConfig(EndpointConfig.create())
                .build();
        AuthenticationResponse response = context.atnClientBuilder().buildAndGet();
        if (response.status() != SecurityResponse.SecurityStatus.SUCCESS) {
            return Optional.empty();
        }
        return response.user().map(ProviderChain::accepted);
    }

    private static Accepted accepted(Subject user) {
        Set<String> groups =
                user.grants(Role.class).stream().map(Role::getName).collect(Collectors.toUnmodifiableSet());
        return new Accepted(user.principal().id(), groups);
    }
}
