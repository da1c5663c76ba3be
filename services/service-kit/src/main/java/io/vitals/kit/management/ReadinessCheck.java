package io.vitals.kit.management;

import io.vitals.kit.config.ManagementSettings;
import io.vitals.kit.config.Settings;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Asks the process that runs beside this one, by the same configuration, whether it is ready. For images, which hold no
 * other program that could: it is started every few seconds, so it reads and loads as little as it can.
 */
public final class ReadinessCheck {
    private static final int CONNECT_MILLIS = (int) Duration.ofSeconds(1).toMillis();
    private static final int ANSWER_MILLIS = (int) Duration.ofSeconds(3).toMillis();

    /** What of a service's settings is needed for it. */
    record Part(ManagementSettings management) {}

    private ReadinessCheck() {}

    /**
     * Asks once.
     *
     * @return why it is not ready, or empty
     */
    public static Optional<String> ask(Map<String, String> environment) throws IOException {
        ManagementSettings management = Settings.part(Part.class, environment).management();
        InetAddress bound = InetAddress.getByName(management.host());
        InetAddress asked = bound.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : bound;
        URI uri = URI.create("http://" + literal(asked) + ":" + management.port() + "/health/ready");
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(ANSWER_MILLIS);
        connection.setInstanceFollowRedirects(false);
        try {
            int status = connection.getResponseCode();
            return status == 200 ? Optional.empty() : Optional.of("not ready, the answer is " + status);
        } catch (IOException e) {
            return Optional.of("not ready, there is no answer on port " + management.port());
        } finally {
            connection.disconnect();
        }
    }

    private static String literal(InetAddress address) {
        return address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
    }
}
