package io.vitals.sandbox.whoop;

import io.vitals.sandbox.member.Member;
import io.vitals.sandbox.member.Profile;

import java.util.List;
import java.util.stream.Collectors;

/** The page on which a simulated WHOOP member lets an app in; no script and nothing from elsewhere. */
final class ConsentPage {
    private static final String STYLE = """
            :root{color-scheme:light dark;--bg:#f3f5f7;--card:#fff;--ink:#12181f;--mute:#5a6673;--line:#dde2e8;--go:#00875f;--on:#fff}
            @media(prefers-color-scheme:dark){:root{--bg:#0b0f14;--card:#151b22;--ink:#eef2f6;--mute:#97a3b0;--line:#28323d;--go:#16ec9b;--on:#04140d}}
            *{box-sizing:border-box}
            body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.25rem;background:var(--bg);color:var(--ink);
            font:16px/1.5 system-ui,sans-serif}
            main{width:min(27rem,100%);background:var(--card);border:1px solid var(--line);border-radius:1rem;padding:1.75rem;
            box-shadow:0 1.5rem 3rem -1.5rem #0005}
            .brand{letter-spacing:.28em;font-weight:700;font-size:.8rem;color:var(--mute);margin:0}
            .brand b{color:var(--ink)}
            h1{font-size:1.35rem;line-height:1.25;margin:.6rem 0 1.1rem}
            label{display:block;font-size:.85rem;color:var(--mute);margin-bottom:.3rem}
            select{width:100%;font:inherit;color:inherit;background:var(--bg);border:1px solid var(--line);border-radius:.6rem;padding:.6rem .7rem}
            ul{list-style:none;margin:1.2rem 0;padding:0;border-top:1px solid var(--line)}
            li{padding:.6rem 0 .6rem 1.6rem;border-bottom:1px solid var(--line);font-size:.93rem;position:relative}
            li::before{content:"";position:absolute;left:.2rem;top:1.05rem;width:.5rem;height:.5rem;border-radius:50%;background:var(--go)}
            .row{display:flex;gap:.75rem}
            button{flex:1;font:inherit;font-weight:600;padding:.7rem 1rem;border-radius:.6rem;border:1px solid var(--line);
            background:transparent;color:inherit;cursor:pointer}
            button.go{background:var(--go);border-color:var(--go);color:var(--on)}
            :focus-visible{outline:3px solid var(--go);outline-offset:2px}
            .note{color:var(--mute);font-size:.8rem;margin:1.1rem 0 0}
            """;

    private ConsentPage() {}

    static String ask(Authorizer.Consent consent, List<Member> members, int chosen) {
        String options = members.stream()
                .map(Member::profile)
                .map(profile -> option(profile, profile.number() == chosen))
                .collect(Collectors.joining());
        String scopes = consent.scopes().stream()
                .map(scope -> "<li>" + Authorizer.SCOPES.get(scope) + "</li>")
                .collect(Collectors.joining());
        return page("Allow access?", """
                <h1>Vitals wants to read your WHOOP data</h1>
                <form method="post" action="/oauth/oauth2/auth/decision">
                <input type="hidden" name="request" value="%s">
                <label for="member">WHOOP account</label>
                <select id="member" name="member">%s</select>
                <ul>%s</ul>
                <div class="row">
                <button name="decision" value="deny">Deny</button>
                <button class="go" name="decision" value="allow">Allow</button>
                </div>
                </form>
                <p class="note">You can take this back at any time. This is a simulator with made-up people.</p>
                """.formatted(consent.id(), options, scopes));
    }

    static String error(String error, String why) {
        return page("Error", "<h1>%s</h1><p>%s</p>".formatted(error, why));
    }

    private static String option(Profile profile, boolean chosen) {
        return "<option value=\"%d\"%s>%s %s · %s</option>"
                .formatted(
                        profile.number(),
                        chosen ? " selected" : "",
                        profile.firstName(),
                        profile.lastName(),
                        profile.home().getId().replace('_', ' '));
    }

    private static String page(String title, String content) {
        return """
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
                <title>%s · simulated WHOOP</title><style>%s</style></head>
                <body><main><p class="brand"><b>WHOOP</b> SIMULATOR</p>%s</main></body></html>
                """.formatted(title, STYLE, content);
    }
}
