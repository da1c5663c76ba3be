package io.vitals.health.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitals.health.access.Call;
import io.vitals.health.access.Role;
import io.vitals.health.privacy.Consents;
import io.vitals.health.whoop.WhoopService;
import io.vitals.health.whoop.WhoopUnavailableException;
import io.vitals.kit.http.Replies;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.UUID;

/** Who the caller is. */
final class MeRoutes {
    private final WhoopService whoop;
    private final Consents consents;

    MeRoutes(WhoopService whoop, Consents consents) {
        this.whoop = whoop;
        this.consents = consents;
    }

    private record Links(String whoop) {}

    @JsonInclude(JsonInclude.Include.ALWAYS)
    private record Me(UUID member, @Nullable String name, List<String> roles, Links links, ConsentView.All consents) {}

    void me(Call call) {
        UUID member = call.caller().member();
        List<String> roles =
                call.caller().roles().stream().sorted().map(Role::wire).toList();
        Replies.json(
                call.response(),
                200,
                new Me(
                        member,
                        call.caller().name(),
                        roles,
                        new Links(linkState(member)),
                        ConsentView.of(consents, member)));
    }

    /** The page must open while whoop-service is away, so then the state is just not known. */
    private String linkState(UUID member) {
        try {
            return whoop.link(member).state().wire();
        } catch (WhoopUnavailableException e) {
            return "unknown";
        }
    }
}
