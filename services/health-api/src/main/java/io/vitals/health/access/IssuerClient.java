package io.vitals.health.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWT;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.SerializeException;
import com.nimbusds.oauth2.sdk.TokenErrorResponse;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.TokenRevocationRequest;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.Optional;

/** Our side of the code flow, on Nimbus. Requests travel over {@link IssuerTransport}, never by Nimbus itself. */
final class IssuerClient {
    private static final Scope SCOPE = new Scope("openid", "profile", "offline_access");

    private final OidcSettings settings;
    private final URI redirect;
    private final IssuerMetadata metadata;
    private final SigningKeys keys;
    private final IssuerTransport transport;

    IssuerClient(
            OidcSettings settings, URI redirect, IssuerMetadata metadata, SigningKeys keys, IssuerTransport transport) {
        this.settings = settings;
        this.redirect = redirect;
        this.metadata = metadata;
        this.keys = keys;
        this.transport = transport;
    }

    /** The tokens of a sign-in, whom the id token names, and what the issuer calls the sign-in if it does. */
    record SignIn(String subject, @Nullable String session, SessionTokens tokens) {}

    /** Where the browser signs in. */
    URI authorization(String state, LoginSecrets secrets) {
        return new AuthenticationRequest.Builder(ResponseType.CODE, SCOPE, new ClientID(settings.clientId()), redirect)
                .endpointURI(metadata.get().getAuthorizationEndpointURI())
                .state(new State(state))
                .nonce(new Nonce(secrets.nonce()))
                .codeChallenge(new CodeVerifier(secrets.verifier()), CodeChallengeMethod.S256)
                .build()
                .toURI();
    }

    /** Whether an answer names the right issuer (RFC 9207); when the issuer says that it always does, it must. */
    boolean fromOurIssuer(Optional<String> named) {
        return named.map(settings.issuer().toString()::equals)
                .orElseGet(() -> !metadata.get().supportsAuthorizationResponseIssuerParam());
    }

    /**
     * Exchanges a code and validates what comes back.
     *
     * @return empty when the issuer refuses the code, or its answer does not hold what it must
     */
    Optional<SignIn> exchange(String code, LoginSecrets secrets) {
        AuthorizationGrant grant =
                new AuthorizationCodeGrant(new AuthorizationCode(code), redirect, new CodeVerifier(secrets.verifier()));
        return token(grant).flatMap(response -> {
            JWT idToken = response.getOIDCTokens().getIDToken();
            return idToken == null
                    ? Optional.empty()
                    : validated(idToken, secrets.nonce())
                            .map(claims -> new SignIn(
                                    claims.getSubject().getValue(), sessionOf(claims), tokens(response, null)));
        });
    }

    /**
     * Renews the tokens of a session.
     *
     * @return empty when the issuer says that the refresh token is worth nothing any more
     */
    Optional<SessionTokens> refresh(String refreshToken) {
        return token(new RefreshTokenGrant(new RefreshToken(refreshToken)))
                .map(response -> tokens(response, refreshToken));
    }

    /** Tells the issuer that a refresh token is done with, if it takes that. */
    void revoke(String refreshToken) {
        URI endpoint = metadata.get().getRevocationEndpointURI();
        if (endpoint != null) {
            send(new TokenRevocationRequest(endpoint, client(), new RefreshToken(refreshToken)).toHTTPRequest());
        }
    }

    private static @Nullable String sessionOf(IDTokenClaimsSet claims) {
        return claims.getSessionID() == null ? null : claims.getSessionID().getValue();
    }

    private Optional<IDTokenClaimsSet> validated(JWT idToken, String nonce) {
        JWKSource<SecurityContext> source = (selector, context) -> {
            // Learns a new key first; the selector then decides which of all keys fit.
            String keyId = idToken.getHeader().toJSONObject().get("kid") instanceof String named ? named : "";
            return selector.select(keys.forKey(keyId).keys());
        };
        IDTokenValidator validator = new IDTokenValidator(
                new Issuer(settings.issuer()),
                new ClientID(settings.clientId()),
                new JWSVerificationKeySelector<>(JWSAlgorithm.RS256, source),
                null);
        try {
            return Optional.of(validator.validate(idToken, new Nonce(nonce))).filter(this::madeForUs);
        } catch (BadJOSEException | JOSEException e) {
            return Optional.empty();
        }
    }

    /** OpenID Connect Core 3.1.3.7, which Nimbus leaves to us: of several audiences we must be the one that it was made for. */
    private boolean madeForUs(IDTokenClaimsSet claims) {
        return claims.getAuthorizedParty() == null
                ? claims.getAudience().size() == 1
                : claims.getAuthorizedParty().getValue().equals(settings.clientId());
    }

    private Optional<OIDCTokenResponse> token(AuthorizationGrant grant) {
        TokenRequest request = new TokenRequest.Builder(metadata.get().getTokenEndpointURI(), client(), grant).build();
        HTTPResponse answer = send(request.toHTTPRequest());
        if (answer.getStatusCode() >= 500 || answer.getStatusCode() == 429) {
            throw new IssuerUnavailableException("token end point answered " + answer.getStatusCode(), null);
        }
        try {
            TokenResponse response = OIDCTokenResponseParser.parse(answer);
            if (response.indicatesSuccess()) {
                return Optional.of((OIDCTokenResponse) response.toSuccessResponse());
            }
            return refused(response.toErrorResponse());
        } catch (ParseException e) {
            throw new IssuerUnavailableException("token end point answered something else", e);
        }
    }

    /** Only a bad grant is the grant's fault; a bad client or request is ours and must not end a session. */
    private static Optional<OIDCTokenResponse> refused(TokenErrorResponse response) {
        ErrorObject error = response.getErrorObject();
        String code = error == null || error.getCode() == null ? "unknown" : error.getCode();
        if (code.equals("invalid_grant")) {
            return Optional.empty();
        }
        throw new IssuerUnavailableException("token end point refused us", null);
    }

    private static SessionTokens tokens(OIDCTokenResponse response, @Nullable String before) {
        RefreshToken renewed = response.getOIDCTokens().getRefreshToken();
        return new SessionTokens(
                response.getOIDCTokens().getAccessToken().getValue(), renewed == null ? before : renewed.getValue());
    }

    private ClientSecretBasic client() {
        return new ClientSecretBasic(
                new ClientID(settings.clientId()),
                new Secret(settings.clientSecret().reveal()));
    }

    private HTTPResponse send(HTTPRequest request) {
        try {
            IssuerTransport.Answer answer = transport.post(
                    request.getURI(), java.util.Map.of("Authorization", request.getAuthorization()), request.getBody());
            HTTPResponse response = new HTTPResponse(answer.status());
            if (!answer.contentType().isEmpty()) {
                response.setContentType(answer.contentType());
            }
            response.setBody(answer.body());
            return response;
        } catch (ParseException | SerializeException e) {
            throw new IssuerUnavailableException("token end point answered something else", e);
        }
    }
}
