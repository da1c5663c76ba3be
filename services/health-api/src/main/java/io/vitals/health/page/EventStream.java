package io.vitals.health.page;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.vitals.health.access.Access;
import io.vitals.health.access.Call;
import io.vitals.kit.http.CommonFailure;
import io.vitals.kit.limits.ConcurrencyLimit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Server-sent events for one page: a line of life every 15 s, and the end with the session. */
public final class EventStream {
    private static final HeaderName LAST_EVENT_ID = HeaderNames.create("Last-Event-ID");
    private static final HeaderName BUFFERING = HeaderNames.create("X-Accel-Buffering");

    private final LiveEvents events;
    private final Access access;
    private final Duration heartbeat;

    public EventStream(LiveEvents events, Access access, Duration heartbeat) {
        this.events = events;
        this.access = access;
        this.heartbeat = heartbeat;
    }

    /** Streams until the browser leaves, the session ends or the process stops. */
    public void stream(Call call) throws InterruptedException {
        try (LiveEvents.Listener listener = events.listen(call.subject(), lastSeen(call))
                .orElseThrow(() ->
                        new CommonFailure.Unavailable("Too many live streams are open.", heartbeat).toException())) {
            ConcurrencyLimit.leave(call.request());
            call.response().status(200);
            call.response().header(HeaderNames.CONTENT_TYPE, "text/event-stream");
            call.response().header(HeaderNames.CACHE_CONTROL, "no-store");
            call.response().header(BUFFERING, "no");
            try (OutputStream out = call.response().outputStream()) {
                write(out, "retry: 3000\n\n");
                follow(call, listener, out);
            } catch (IOException | java.io.UncheckedIOException e) {
                // The browser has left; nobody is there to be told.
            }
        }
    }

    private void follow(Call call, LiveEvents.Listener listener, OutputStream out)
            throws IOException, InterruptedException {
        while (!listener.over()) {
            LiveEvents.Event event = listener.queue().poll(heartbeat.toMillis(), TimeUnit.MILLISECONDS);
            if (LiveEvents.END.equals(event)) {
                return;
            }
            if (event != null) {
                write(out, "id: " + event.number() + "\nevent: " + event.name() + "\ndata: " + event.data() + "\n\n");
            } else if (access.still(call.caller())) {
                write(out, ": still here\n\n");
            } else {
                return;
            }
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static long lastSeen(Call call) {
        String given = call.request().headers().first(LAST_EVENT_ID).orElse("");
        return given.matches("[0-9]{1,18}") ? Long.parseLong(given) : 0;
    }
}
