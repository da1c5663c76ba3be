package io.vitals.sandbox.issuer;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.vitals.sandbox.http.Answers;
import io.vitals.sandbox.http.Form;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Asks who signs in and gives a code. Only what names a known client and redirect URI is ever sent back there. */
final class AuthorizeEndpoint {
    private static final Set<String> KNOWN_SCOPES = Set.of("openid", "profile", "offline_access");

    private final IssuerConfig config;
    private final String issuer;
    private final Grants grants;

    AuthorizeEndpoint(IssuerConfig config, String issuer, Grants grants) {
        this.config = config;
        this.issuer = issuer;
        this.grants = grants;
    }

    /** GET /authorize: the login page. */
    void ask(ServerRequest request, ServerResponse response) {
        Form form = Form.ofQuery(request);
        if (acceptable(form, response)) {
            LoginPage.send(response, config.accounts(), form.firsts(), form.text("redirect_uri"));
        }
    }

    /** POST /authorize: the request again, with the account that was picked. */
    void answer(ServerRequest request, ServerResponse response) {
        Form form = Form.ofBody(request);
        // The page's form is same-origin; a browser says when it is not. Others send no such header.
        String from = request.headers()
                .first(io.helidon.http.HeaderNames.create("Sec-Fetch-Site"))
                .orElse("same-origin");
        if (!"same-origin".equals(from)) {
            LoginPage.sendRefusal(response, "The form came from another site.");
            return;
        }
        if (!acceptable(form, response)) {
            return;
        }
        Optional<Account> account = Account.bySubject(config.accounts(), form.text("account"));
        if (account.isEmpty()) {
            refuse(response, form, "access_denied", "nobody signed in");
            return;
        }
        String code = grants.code(
                account.get(),
                form.text("redirect_uri"),
                form.text("code_challenge"),
                scopes(form),
                form.first("nonce"));
        back(response, form, Map.of("code", code));
    }

    /** Answers with the fault, if there is one. */
    private boolean acceptable(Form form, ServerResponse response) {
        if (!form.repeated().isEmpty()) {
            LoginPage.sendRefusal(response, "A parameter came twice.");
            return false;
        }
        if (!config.clientId().equals(form.text("client_id"))) {
            LoginPage.sendRefusal(response, "The application is not known here.");
            return false;
        }
        if (!config.redirectUris().contains(form.text("redirect_uri"))) {
            LoginPage.sendRefusal(response, "The application's return address is not registered.");
            return false;
        }
        if (!"code".equals(form.text("response_type"))) {
            return refuse(response, form, "unsupported_response_type", "only code");
        }
        if (!Set.of("", "query").contains(form.text("response_mode"))) {
            return refuse(response, form, "invalid_request", "only response_mode query");
        }
        if (form.first("request").isPresent() || form.first("request_uri").isPresent()) {
            return refuse(response, form, "request_not_supported", "no request objects");
        }
        Set<String> scopes = scopes(form);
        if (!scopes.contains("openid") || !KNOWN_SCOPES.containsAll(scopes)) {
            return refuse(response, form, "invalid_scope", "openid, and at most profile and offline_access");
        }
        if (form.text("state").isEmpty() || form.text("nonce").isEmpty()) {
            return refuse(response, form, "invalid_request", "state and nonce are required");
        }
        if (!"S256".equals(form.text("code_challenge_method"))
                || !form.text("code_challenge").matches("[A-Za-z0-9_-]{43}")) {
            return refuse(response, form, "invalid_request", "a PKCE challenge with S256 is required");
        }
        if (List.of(form.text("prompt").split(" ")).contains("none")) {
            return refuse(response, form, "login_required", "nobody stays signed in here");
        }
        return true;
    }

    private static Set<String> scopes(Form form) {
        var scopes = new TreeSet<>(List.of(form.text("scope").split(" ")));
        scopes.remove("");
        return scopes;
    }

    private boolean refuse(ServerResponse response, Form form, String error, String description) {
        back(response, form, Map.of("error", error, "error_description", description));
        return false;
    }

    private void back(ServerResponse response, Form form, Map<String, String> result) {
        var fields = new LinkedHashMap<>(result);
        form.first("state").ifPresent(state -> fields.put("state", state));
        fields.put("iss", issuer);
        String redirectUri = form.text("redirect_uri");
        Answers.redirect(response, redirectUri + (redirectUri.contains("?") ? "&" : "?") + Form.encode(fields));
    }
}
