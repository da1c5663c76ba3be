package io.vitals.loadtest.gatling;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vitals.loadtest.profile.DayShape;
import io.vitals.loadtest.traffic.Occasion;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * All that the process with Gatling in it has to know. It holds keys and sessions of synthetic members.
 *
 * @param page where members' browsers are, as the origin that they name
 * @param health the public listener of health-api
 * @param whoop the public listener of whoop-service
 * @param control the control page of the simulators
 * @param clientSecret file with the secret that WHOOP signs with
 * @param programs who reads
 * @param connected how many of the programs, from the first on, are of members with WHOOP connected
 * @param browsers who connects and disconnects
 * @param occasions what webhooks tell
 */
public record Plan(
        URI page,
        URI health,
        URI whoop,
        URI control,
        Path clientSecret,
        List<ProgramLogin> programs,
        int connected,
        List<BrowserLogin> browsers,
        List<Occasion> occasions,
        DayShape day,
        List<Phase> phases) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * A member's program.
     *
     * @param lastDay the last of the days that it reads
     * @param address from where it asks
     */
    public record ProgramLogin(String key, String lastDay, String address) {}

    /**
     * A signed-in member.
     *
     * @param whoopMember who they are at WHOOP
     */
    public record BrowserLogin(String cookie, int whoopMember, String address) {}

    public Plan {
        var _ = Loopback.require(page);
        var _ = Loopback.require(health);
        var _ = Loopback.require(whoop);
        var _ = Loopback.require(control);
        programs = List.copyOf(programs);
        browsers = List.copyOf(browsers);
        occasions = List.copyOf(occasions);
        phases = List.copyOf(phases);
    }

    /** The same with other phases. */
    public Plan with(List<Phase> others) {
        return new Plan(
                page, health, whoop, control, clientSecret, programs, connected, browsers, occasions, day, others);
    }

    void write(Path file) throws IOException {
        JSON.writeValue(file.toFile(), this);
    }

    static Plan read(Path file) throws IOException {
        return JSON.readValue(Files.readAllBytes(file), Plan.class);
    }
}
