package io.vitals.sandbox.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells from inside the same container whether what {@code serve} started can be used: each of its ports takes connections. */
final class ServeHealth {
    private static final int DEADLINE_MILLIS = 2000;

    private final RunMarks marks;
    private final Ports ports;
    private final InetAddress address;
    private final PrintStream out;

    ServeHealth(RunMarks marks, Ports ports, InetAddress bind, PrintStream out) {
        this.marks = marks;
        this.ports = ports;
        this.address = bind.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : bind;
        this.out = out;
    }

    /** The exit code: 0 when ready, else 1, and one line that says why. */
    int check() {
        if (marks.running().filter(process -> marks.isReady(process.pid())).isEmpty()) {
            out.println("not ready: the sandbox has not started");
            return 1;
        }
        for (Map.Entry<String, Integer> use : served().entrySet()) {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, use.getValue()), DEADLINE_MILLIS);
            } catch (IOException e) {
                out.println("not ready: " + use.getKey() + " does not answer");
                return 1;
            }
        }
        out.println("ready");
        return 0;
    }

    private Map<String, Integer> served() {
        var served = new LinkedHashMap<String, Integer>();
        served.put("PostgreSQL", ports.postgres());
        served.put("the WHOOP simulator", ports.whoopSimulator());
        served.put("the Sahha simulator", ports.sahhaSimulator());
        served.put("the sign-in issuer", ports.issuer());
        served.put("the control page", ports.control());
        return served;
    }
}
