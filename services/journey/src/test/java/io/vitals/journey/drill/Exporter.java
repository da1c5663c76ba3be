package io.vitals.journey.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vitals.journey.stack.Part;
import io.vitals.journey.stack.Tools;
import io.vitals.sandbox.postgres.SandboxPostgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/**
 * An exporter beside the run's PostgreSQL that asks what CloudNativePG's asks: the queries are those of the operator's own release, and
 * their metrics get the prefix that it gives them.
 */
public final class Exporter {
    /** What the rules look at. */
    static final List<String> QUERIES =
            List.of("backends", "pg_database", "pg_replication", "pg_settings", "pg_stat_database");

    private static final String USER = "drill_exporter";
    /** Of a role that sees figures only, in a server that lives for minutes. */
    private static final String PASSWORD = "for-figures";

    private Exporter() {}

    /**
     * Starts it.
     *
     * @param names of the operator's queries
     */
    public static Part start(SandboxPostgres server, Path folder, List<String> names) throws IOException {
        try (Connection postgres = server.superuser("postgres");
                Statement statement = postgres.createStatement()) {
            statement.execute("CREATE ROLE " + USER + " LOGIN PASSWORD '" + PASSWORD + "' IN ROLE pg_monitor");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        Path queries =
                Files.writeString(folder.resolve("queries.json"), new JsonMapper().writeValueAsString(queries(names)));
        return new Part(
                folder.resolve("exporter.log"),
                Map.of(
                        "DATA_SOURCE_URI", "127.0.0.1:" + server.port() + "/postgres?sslmode=disable&connect_timeout=2",
                        "DATA_SOURCE_USER", USER,
                        "DATA_SOURCE_PASS", PASSWORD),
                address -> List.of(
                        Tools.program("postgres-exporter").toString(),
                        "--web.listen-address=" + address,
                        "--disable-default-metrics",
                        "--disable-settings-metrics",
                        "--extend.query-path=" + queries));
    }

    private static ObjectNode queries(List<String> names) throws IOException {
        Path tool = Tools.ROOT.resolve("tools/cloudnative-pg");
        String module = Tools.said(tool, "go", "mod", "download", "-json", "github.com/cloudnative-pg/cloudnative-pg");
        Path folder = Path.of(new JsonMapper().readTree(module).path("Dir").asText());
        var yaml = new YAMLMapper();
        JsonNode all = yaml.readTree(yaml.readTree(
                        folder.resolve("config/manager/default-monitoring.yaml").toFile())
                .at("/data/queries")
                .asText());
        ObjectNode ours = yaml.createObjectNode();
        for (String name : names) {
            ours.set("cnpg_" + name, all.required(name));
        }
        return ours;
    }
}
