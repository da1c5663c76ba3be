package io.vitals.sandbox.postgres;

import io.vitals.sandbox.http.Place;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a server listens, how it is called there, and who may log in from where. */
record Access(Place place, int port) {
    private static final String LOOPBACK = "127.0.0.1";

    /** On the given port, or on any free one for 0. */
    static Access at(Place place, int port) throws IOException {
        if (port != 0) {
            return new Access(place, port);
        }
        try (var socket = new ServerSocket(0, 1, place.address())) {
            return new Access(place, socket.getLocalPort());
        }
    }

    void requireFree() {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(place.address(), port));
        } catch (IOException e) {
            throw new PostgresFailure("Port " + port + " is taken: PostgreSQL cannot start", e);
        }
    }

    /** Loopback in any case: the superuser comes from there. */
    String listenAddresses() {
        InetAddress address = place.address();
        return address.isLoopbackAddress() || address.isAnyLocalAddress()
                ? place.bind()
                : LOOPBACK + "," + place.bind();
    }

    /** PostgreSQL's own list of them. The superuser comes from this machine only, others from its networks too. */
    Path writeLogins(Path file) throws IOException {
        String here = "host all all " + LOOPBACK + "/32 scram-sha-256\n";
        String others = """
                host all postgres all     reject
                host all all      samenet scram-sha-256
                """;
        return Files.writeString(file, place.address().isLoopbackAddress() ? here : here + others);
    }

    String url(String database) {
        return url(place.programs(), database);
    }

    String urlFromHere(String database) {
        return url(LOOPBACK, database);
    }

    private String url(String host, String database) {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database;
    }
}
