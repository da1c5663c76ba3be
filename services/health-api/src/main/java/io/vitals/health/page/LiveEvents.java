package io.vitals.health.page;

import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Who listens to what changes. One poll a process asks for the changes of the members who have a listener and hands
 * them out; a listener that does not keep up is closed, and its browser connects again and reads anew.
 */
public final class LiveEvents implements AutoCloseable {
    private static final EventLog LOG = EventLog.of(LiveEvents.class);
    private static final int QUEUE = 256;
    private static final int MOST_A_MEMBER = 8;
    /** A page that reads first and listens then would miss what changed in between. */
    private static final int LOOK_BACK = 20;

    private final Source source;
    private final int most;
    private final Map<UUID, Audience> audiences = new HashMap<>();
    private int listeners;
    private boolean closed;

    /**
     * Starts without listeners.
     *
     * @param most listeners a process takes
     */
    public LiveEvents(Source source, int most) {
        this.source = source;
        this.most = most;
    }

    /** Where changes come from. Numbers of one member grow in the order in which changes become visible. */
    public interface Source {
        List<Event> since(UUID member, long after);

        long newest(UUID member);
    }

    /** One event of the stream; {@code data} is JSON. */
    public record Event(long number, String name, String data) {}

    private static final class Audience {
        private final List<Listener> listeners = new ArrayList<>();
        private long after;

        Audience(long after) {
            this.after = after;
        }
    }

    /** One open stream. */
    public final class Listener implements AutoCloseable {
        private final UUID member;
        private final BlockingQueue<Event> queue = new ArrayBlockingQueue<>(QUEUE);
        private volatile boolean over;

        private Listener(UUID member) {
            this.member = member;
        }

        BlockingQueue<Event> queue() {
            return queue;
        }

        boolean over() {
            return over;
        }

        @Override
        public void close() {
            leave(this);
        }
    }

    /** Opens a stream; empty when there are too many. */
    Optional<Listener> listen(UUID member, long seen) {
        long newest = source.newest(member);
        long from = seen > 0 && seen <= newest ? seen : Math.max(0, newest - LOOK_BACK);
        List<Event> missed = source.since(member, from);
        synchronized (this) {
            Audience known = audiences.get(member);
            if (closed || listeners >= most || (known != null && known.listeners.size() >= MOST_A_MEMBER)) {
                return Optional.empty();
            }
            Audience audience = known == null ? new Audience(newest) : known;
            audiences.put(member, audience);
            Listener listener = new Listener(member);
            // Up to where the others are; what comes after them the next poll brings to all.
            missed.stream()
                    .filter(event -> event.number() <= audience.after)
                    .limit(QUEUE)
                    .forEach(listener.queue::add);
            audience.listeners.add(listener);
            listeners++;
            return Optional.of(listener);
        }
    }

    /** One poll for all; returns whether there may be more right now. */
    public boolean poll() {
        boolean more = false;
        for (Map.Entry<UUID, Long> entry : positions().entrySet()) {
            List<Event> events = source.since(entry.getKey(), entry.getValue());
            if (!events.isEmpty()) {
                hand(entry.getKey(), events);
                more = true;
            }
        }
        return more;
    }

    private synchronized Map<UUID, Long> positions() {
        Map<UUID, Long> positions = new HashMap<>();
        audiences.forEach((member, audience) -> positions.put(member, audience.after));
        return positions;
    }

    private synchronized void hand(UUID member, List<Event> events) {
        Audience audience = audiences.get(member);
        if (audience == null) {
            return;
        }
        for (Event event : events) {
            audience.after = Math.max(audience.after, event.number());
            for (Listener listener : audience.listeners) {
                if (!listener.over && !listener.queue.offer(event)) {
                    LOG.warn("listener_too_slow", LogField.MEMBER.of(member));
                    listener.over = true;
                }
            }
        }
    }

    private synchronized void leave(Listener listener) {
        Audience audience = audiences.get(listener.member);
        if (audience != null && audience.listeners.remove(listener)) {
            listeners--;
            if (audience.listeners.isEmpty()) {
                audiences.remove(listener.member);
            }
        }
    }

    synchronized int listeners() {
        return listeners;
    }

    /** Ends all streams, so that a stop need not wait for them. */
    @Override
    public synchronized void close() {
        closed = true;
        for (Audience audience : audiences.values()) {
            for (Listener listener : audience.listeners) {
                listener.over = true;
                listener.queue.clear();
                listener.queue.add(END);
            }
        }
    }

    static final Event END = new Event(Long.MAX_VALUE, "end", "{}");
}
