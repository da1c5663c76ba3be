package io.vitals.health.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.helidon.http.HeaderNames;
import io.vitals.health.access.Call;
import io.vitals.health.access.Role;
import io.vitals.health.keys.ApiKey;
import io.vitals.health.keys.ApiKeys;
import io.vitals.health.keys.NewKey;
import io.vitals.health.keys.Scope;
import io.vitals.health.reply.Query;
import io.vitals.kit.http.Bodies;
import io.vitals.kit.http.CommonFailure;
import io.vitals.kit.http.Replies;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** API keys of the caller; an admin sees and ends everybody's, but never gets a value. */
final class KeyRoutes {
    private static final int PAGE = 100;
    private static final Pattern PRINTABLE = Pattern.compile("[^\\p{Cntrl}]+");

    private final ApiKeys keys;

    KeyRoutes(ApiKeys keys) {
        this.keys = keys;
    }

    private record Wanted(
            @Nullable String name,
            @Nullable List<String> scopes,
            @JsonProperty("expires_in_days") @Nullable Integer expiresInDays) {}

    @JsonInclude(JsonInclude.Include.ALWAYS)
    private record View(
            UUID id,
            UUID member,
            String name,
            String hint,
            List<String> scopes,
            @JsonProperty("created_at") Instant createdAt,
            @JsonProperty("expires_at") Instant expiresAt,
            @JsonProperty("last_used_at") @Nullable Instant lastUsedAt,
            @JsonProperty("previous_until") @Nullable Instant previousUntil) {
        static View of(ApiKey key) {
            return new View(
                    key.id(),
                    key.member(),
                    key.name(),
                    key.hint(),
                    key.scopes().stream().map(Scope::wire).sorted().toList(),
                    key.createdAt(),
                    key.expiresAt(),
                    key.lastUsedAt(),
                    key.previousUntil());
        }
    }

    /** The one answer that holds a value. */
    private record IssuedView(String value, View key) {}

    @JsonInclude(JsonInclude.Include.ALWAYS)
    private record Page(
            List<View> keys,
            @JsonProperty("next_cursor") @Nullable String nextCursor) {}

    void create(Call call) {
        issued(call, 201, keys.create(call.caller().member(), wanted(Bodies.json(call.request(), Wanted.class))));
    }

    private static NewKey wanted(Wanted body) {
        String name = body.name() == null ? "" : body.name().strip();
        if (name.isEmpty()
                || name.length() > NewKey.LONGEST_NAME
                || !PRINTABLE.matcher(name).matches()) {
            throw invalid("name", "must be 1 to " + NewKey.LONGEST_NAME + " printable characters");
        }
        List<String> named = body.scopes() == null ? List.of() : body.scopes();
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String scope : named) {
            scopes.add(Scope.of(scope).orElseThrow(() -> invalid("scopes", "holds one that does not exist")));
        }
        if (scopes.isEmpty()) {
            throw invalid("scopes", "must name at least one");
        }
        int days = body.expiresInDays() == null ? NewKey.USUAL_DAYS : body.expiresInDays();
        if (days < 1 || days > NewKey.MOST_DAYS) {
            throw invalid("expires_in_days", "must be 1 to " + NewKey.MOST_DAYS);
        }
        return new NewKey(name, scopes, days);
    }

    void list(Call call) {
        if (!admin(call)) {
            List<ApiKey> own = keys.of(call.caller().member());
            Replies.json(
                    call.response(), 200, new Page(own.stream().map(View::of).toList(), null));
            return;
        }
        Optional<UUID> after = Query.text(call.request(), "cursor")
                .map(text -> id(text).orElseThrow(() -> invalid("cursor", "is none of ours")));
        List<ApiKey> page = keys.page(after, PAGE + 1);
        boolean more = page.size() > PAGE;
        List<View> shown = page.stream().limit(PAGE).map(View::of).toList();
        Replies.json(
                call.response(),
                200,
                new Page(shown, more ? shown.getLast().id().toString() : null));
    }

    void rotate(Call call) {
        issued(
                call,
                200,
                idOf(call)
                        .flatMap(id -> keys.rotate(call.caller().member(), id))
                        .orElseThrow(() -> new CommonFailure.NotFound().toException()));
    }

    void revoke(Call call) {
        boolean done = idOf(call)
                .filter(id -> admin(call)
                        ? keys.revokeAny(id)
                        : keys.revoke(call.caller().member(), id))
                .isPresent();
        if (!done) {
            throw new CommonFailure.NotFound().toException();
        }
        Replies.empty(call.response(), 204);
    }

    private static void issued(Call call, int status, ApiKey.Issued issued) {
        call.response().header(HeaderNames.CACHE_CONTROL, "no-store");
        Replies.json(call.response(), status, new IssuedView(issued.value(), View.of(issued.key())));
    }

    private static boolean admin(Call call) {
        return call.caller().roles().contains(Role.ADMIN);
    }

    private static Optional<UUID> idOf(Call call) {
        return id(call.request().path().pathParameters().get("id"));
    }

    private static Optional<UUID> id(String text) {
        try {
            return text.length() == 36 ? Optional.of(UUID.fromString(text)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static io.vitals.kit.http.FailureException invalid(String field, String why) {
        return new CommonFailure.InvalidInput(field, why).toException();
    }
}
