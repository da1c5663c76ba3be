package io.vitals.whoop.link;

import io.vitals.kit.config.Secret;

import java.net.URI;
import java.util.List;

/** The WHOOP app. */
public record OAuthSettings(URI authorizeUrl, String clientId, Secret clientSecret, URI redirectUri, boolean pkce) {
    /** Singular and plural as WHOOP has them; {@code offline} is what makes it issue a refresh token. */
    static final List<String> SCOPES = List.of(
            "read:recovery",
            "read:cycles",
            "read:workout",
            "read:sleep",
            "read:profile",
            "read:body_measurement",
            "offline");
}
