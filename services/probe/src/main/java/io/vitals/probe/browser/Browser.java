package io.vitals.probe.browser;

import io.vitals.kit.config.DataSize;
import io.vitals.kit.deadline.Deadline;
import org.jspecify.annotations.Nullable;

import javax.net.ssl.SSLException;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A fresh browser without a screen: cookies, redirects and forms over new connections, no script. Every call has a deadline and every answer
 * a size limit; only calls without a usable answer throw, and an answer of any status comes back.
 */
public final class Browser implements AutoCloseable {
    private static final int MOST_HOPS = 10;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    private final Duration deadline;
    private final long maxBody;
    private final HttpClient client;
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * A browser that has been nowhere yet.
     *
     * @param deadline of each call, its body included
     * @param maxBody the largest answer that is read
     */
    public Browser(Duration deadline, DataSize maxBody) {
        this.deadline = deadline;
        this.maxBody = maxBody.bytes();
        this.client = HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .cookieHandler(new BrowserCookies())
                .build();
    }

    /** Goes to an address; a redirect comes back as such. */
    public Answer open(URI uri) {
        return send(request(uri).GET());
    }

    /** Goes on until an answer is no redirect; a GET each time, as the code flow has them. */
    public Answer follow(Answer answer) {
        Answer at = answer;
        for (int hop = 0; at.redirects(); hop++) {
            URI next = at.location();
            boolean downgrade = Origin.of(at.uri()).secure() && !originOf(next).secure();
            if (hop == MOST_HOPS || downgrade) {
                throw new BrowserException(BrowserException.Kind.REDIRECT);
            }
            at = open(next);
        }
        return at;
    }

    /**
     * Fills in the first form of a page and sends it.
     *
     * @param only where page and form must be, so that what is filled in goes nowhere else
     */
    public Answer submit(Answer page, FormFields fields, Origin only) {
        Answer.Form form = page.form();
        if (!originOf(page.uri()).equals(only) || !originOf(form.action()).equals(only)) {
            throw new BrowserException(BrowserException.Kind.FORM);
        }
        return send(request(form.action())
                .header("Origin", only.toString())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(fields.over(form.fields()).encoded())));
    }

    /** A call of a page's script to its own server. */
    public Answer call(String method, URI uri, String json) {
        return send(request(uri)
                .header("Origin", originOf(uri).toString())
                .header("Content-Type", "application/json")
                .method(method, json.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(json)));
    }

    /** A GET with headers of one's own, as programs make it. */
    public Answer get(URI uri, String... headers) {
        return send(request(uri).headers(headers).GET());
    }

    /** The origin of where something leads. */
    public static Origin originOf(URI uri) {
        try {
            return Origin.of(uri);
        } catch (IllegalArgumentException _) {
            throw new BrowserException(BrowserException.Kind.REDIRECT);
        }
    }

    private HttpRequest.Builder request(URI uri) {
        // Asked first, as the JDK's builder refuses other schemes in its own way, with the address in its message.
        boolean secure = originOf(uri).secure();
        // Plain HTTP is spoken as 1.1; asking for more would send an upgrade along with every call.
        return HttpRequest.newBuilder(uri).version(secure ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1);
    }

    private Answer send(HttpRequest.Builder builder) {
        Duration left = Deadline.atMost(deadline);
        if (!left.isPositive()) {
            throw new BrowserException(BrowserException.Kind.TIMEOUT);
        }
        // The client's own timeout ends with the headers; the body may come for ever.
        Future<Answer> call = calls.submit(() -> exchange(builder.timeout(left).build()));
        try {
            return call.get(left.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            call.cancel(true);
            throw new BrowserException(BrowserException.Kind.TIMEOUT);
        } catch (ExecutionException e) {
            throw failureOf(e);
        } catch (InterruptedException _) {
            call.cancel(true);
            Thread.currentThread().interrupt();
            throw new BrowserException(BrowserException.Kind.TIMEOUT);
        }
    }

    private Answer exchange(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
        try (InputStream in = response.body()) {
            byte[] body = in.readNBytes((int) Math.min(Integer.MAX_VALUE - 8L, maxBody + 1));
            if (body.length > maxBody) {
                throw new BrowserException(BrowserException.Kind.TOO_LARGE);
            }
            return new Answer(request.uri(), response.statusCode(), response.headers(), body);
        }
    }

    private static RuntimeException failureOf(ExecutionException e) {
        return switch (e.getCause()) {
            case BrowserException known -> known;
            case IOException fault -> new BrowserException(kindOf(fault));
            // Not of the network, so a fault of ours.
            case null, default -> new IllegalStateException("a call broke", e);
        };
    }

    private static BrowserException.Kind kindOf(IOException thrown) {
        for (@Nullable Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof ConnectException
                    || t instanceof HttpConnectTimeoutException
                    || t instanceof UnresolvedAddressException) {
                return BrowserException.Kind.CONNECT;
            } else if (t instanceof HttpTimeoutException) {
                return BrowserException.Kind.TIMEOUT;
            } else if (t instanceof SSLException) {
                return BrowserException.Kind.TLS;
            }
        }
        return BrowserException.Kind.PROTOCOL;
    }

    @Override
    public void close() {
        calls.shutdownNow();
        client.shutdownNow();
    }
}
