package io.vitals.whoop.internal;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.vitals.kit.db.Database;
import io.vitals.kit.http.CommonFailure;
import io.vitals.kit.http.Replies;
import io.vitals.kit.http.Routes;
import io.vitals.kit.json.Json;
import io.vitals.kit.personal.PersonalData;
import io.vitals.whoop.erasure.Erasure;
import io.vitals.whoop.model.MemberId;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** All that the service holds about a member: to hand out table by table, and to erase. */
public final class MemberRoutes {
    private static final int PAGE = 200;

    private final Database database;
    private final Erasure erasure;

    public MemberRoutes(Database database, Erasure erasure) {
        this.database = database;
        this.erasure = erasure;
    }

    private record Tables(List<String> tables) {}

    private record Rows(List<JsonNode> rows, @Nullable Long next) {}

    public void routes(Routes routes) {
        routes.get("/internal/v1/members/{member}/tables", this::tables)
                .get("/internal/v1/members/{member}/tables/{table}", this::rows)
                .delete("/internal/v1/members/{member}", this::erase);
    }

    private void tables(ServerRequest request, ServerResponse response) {
        Input.member(request);
        Replies.json(response, 200, new Tables(PersonalData.tables(database)));
    }

    private void rows(ServerRequest request, ServerResponse response) {
        MemberId member = Input.member(request);
        String table = request.path().pathParameters().get("table");
        if (!PersonalData.tables(database).contains(table)) {
            throw new CommonFailure.NotFound().toException();
        }
        String after = Input.text(request, "after", "0");
        if (!after.matches("[0-9]{1,9}")) {
            throw Input.refuse("after", "is not a cursor of this table");
        }
        long skip = Long.parseLong(after);
        List<JsonNode> rows = PersonalData.rows(database, member.value(), table, skip, PAGE).stream()
                .map(row -> Json.tree(row.getBytes(StandardCharsets.UTF_8)))
                .toList();
        Replies.json(response, 200, new Rows(rows, rows.size() < PAGE ? null : skip + PAGE));
    }

    private void erase(ServerRequest request, ServerResponse response) {
        Erasure.Progress progress = erasure.erase(
                Input.member(request),
                request.query().first("receipt").asOptional().map(text -> Input.uuid("receipt", text)));
        Replies.json(response, progress.done() ? 200 : 202, progress);
    }
}
