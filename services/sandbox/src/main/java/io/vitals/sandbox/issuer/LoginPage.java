package io.vitals.sandbox.issuer;

import io.helidon.webserver.http.ServerResponse;
import io.vitals.sandbox.http.Answers;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The page that asks who signs in: a click, no password. */
final class LoginPage {
    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: light-dark(#16202a, #e8edf2); --soft: light-dark(#5b6875, #9aa7b4);
              --line: light-dark(#d8dfe6, #2d3742); --card: light-dark(#fff, #171e26); --ground: light-dark(#f3f5f8, #0e1318);
              --accent: light-dark(#0b6e4f, #4fd1a1); }
            body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--ground);
              color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
            main { width: min(24rem, calc(100vw - 2rem)); background: var(--card); border: 1px solid var(--line);
              border-radius: 16px; padding: 1.75rem; box-sizing: border-box; }
            h1 { font-size: 1.25rem; margin: 0 0 .25rem; }
            p { margin: 0 0 1.25rem; color: var(--soft); }
            button { display: flex; justify-content: space-between; width: 100%; padding: .8rem 1rem; margin: 0 0 .6rem;
              font: inherit; color: inherit; background: none; border: 1px solid var(--line); border-radius: 10px;
              cursor: pointer; }
            button:hover, button:focus-visible { border-color: var(--accent); outline: 2px solid var(--accent); }
            button small { color: var(--soft); }
            button.cancel { justify-content: center; border-color: transparent; color: var(--soft); margin: 0; }
            """;

    private LoginPage() {}

    static void send(
            ServerResponse response, List<Account> accounts, Map<String, String> parameters, String redirectUri) {
        String hidden = parameters.entrySet().stream()
                .filter(parameter -> !"account".equals(parameter.getKey()))
                .map(parameter -> "<input type=\"hidden\" name=\"%s\" value=\"%s\">"
                        .formatted(Answers.escape(parameter.getKey()), Answers.escape(parameter.getValue())))
                .collect(Collectors.joining("\n"));
        String buttons = accounts.stream()
                .map(account -> "<button name=\"account\" value=\"%s\"><span>%s</span> <small>%s</small></button>"
                        .formatted(
                                Answers.escape(account.subject()),
                                Answers.escape(account.name()),
                                Answers.escape(String.join(", ", account.groups()))))
                .collect(Collectors.joining("\n"));
        URI target = URI.create(redirectUri);
        // Browsers apply form-action to the redirect that follows the form, too.
        String origin = target.getScheme() + "://" + target.getAuthority();
        page(response, 200, "'self' " + origin, """
                <h1>Sign in to Vitals</h1>
                <p>Sandbox accounts. Pick one; there is no password.</p>
                <form method="post" action="/authorize">
                %s
                %s
                <button class="cancel" name="account" value="">Cancel</button>
                </form>
                """.formatted(hidden, buttons));
    }

    static void sendRefusal(ServerResponse response, String why) {
        page(response, 400, "'none'", """
                <h1>This sign-in cannot go on</h1>
                <p>%s</p>
                """.formatted(Answers.escape(why)));
    }

    static void sendSignedOut(ServerResponse response) {
        page(response, 200, "'none'", """
                <h1>Signed out</h1>
                <p>You may close this page.</p>
                """);
    }

    private static void page(ServerResponse response, int status, String formAction, String content) {
        String policy = "default-src 'none'; style-src '" + StyleHash.OF_STYLE + "'; form-action " + formAction
                + "; frame-ancestors 'none'; base-uri 'none'";
        Answers.html(response, status, policy, """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>Vitals sandbox sign-in</title>
                <style>%s</style>
                </head>
                <body><main>
                %s</main></body>
                </html>
                """.formatted(STYLE, content));
    }

    private static final class StyleHash {
        static final String OF_STYLE = of(STYLE);

        private static String of(String style) {
            try {
                byte[] digest = java.security.MessageDigest.getInstance("SHA-256")
                        .digest(style.getBytes(java.nio.charset.StandardCharsets.UTF_8));
                return "sha256-" + java.util.Base64.getEncoder().encodeToString(digest);
            } catch (java.security.NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
