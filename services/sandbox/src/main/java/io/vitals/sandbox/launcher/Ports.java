package io.vitals.sandbox.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** The TCP ports of one run, all on loopback. */
public record Ports(
        int healthPublic,
        int whoopPublic,
        int whoopInternal,
        int whoopSimulator,
        int sahhaSimulator,
        int issuer,
        int control,
        int healthManagement,
        int whoopManagement,
        int postgres) {
    private static final int COUNT = 10;

    /** The ports that the documentation names. */
    public static Ports standard() {
        return new Ports(8080, 8081, 8082, 8090, 8091, 8092, 8093, 9090, 9091, 54380);
    }

    /** Ten ports in a row. */
    public static Ports from(int first) {
        if (first < 1024 || first > 65_536 - COUNT) {
            throw new LaunchFailure("--ports-from takes a number from 1024 to " + (65_536 - COUNT));
        }
        return new Ports(
                first, first + 1, first + 2, first + 3, first + 4, first + 5, first + 6, first + 7, first + 8,
                first + 9);
    }

    /** Ten free ports in a row, below those that the system hands out by itself. */
    public static Ports free(RandomGenerator random) {
        return from(freeRow(random, COUNT));
    }

    /** The first of so many free ports in a row. */
    static int freeRow(RandomGenerator random, int count) {
        for (int attempt = 0; attempt < 100; attempt++) {
            int first = random.nextInt(15_000, 30_000);
            if (IntStream.range(first, first + count).noneMatch(Ports::isTaken)) {
                return first;
            }
        }
        throw new LaunchFailure("No " + count + " free ports in a row were found");
    }

    /** What each port is for, in the order of a member's way in. */
    Map<String, Integer> byUse() {
        var uses = new LinkedHashMap<String, Integer>();
        uses.put("the page and the API of health-api", healthPublic);
        uses.put("the webhooks of whoop-service", whoopPublic);
        uses.put("the internal API of whoop-service", whoopInternal);
        uses.put("the WHOOP simulator", whoopSimulator);
        uses.put("the Sahha simulator", sahhaSimulator);
        uses.put("the sign-in issuer", issuer);
        uses.put("the control page", control);
        uses.put("the management of health-api", healthManagement);
        uses.put("the management of whoop-service", whoopManagement);
        uses.put("PostgreSQL", postgres);
        return uses;
    }

    /** One line for each port that something else holds. */
    List<String> taken() {
        return byUse().entrySet().stream()
                .filter(use -> isTaken(use.getValue()))
                .map(use -> "Port " + use.getValue() + " is taken, but " + use.getKey() + " needs it")
                .toList();
    }

    private static boolean isTaken(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
