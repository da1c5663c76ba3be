package io.vitals.sandbox.sahha;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/** What tests and demonstrations can make the simulator do. */
public interface SahhaControl {

    /** Takes effect at once and lasts until the next call. */
    void fault(SahhaFault fault);

    SahhaFault fault();

    /** The shape of scores in answers; events always have the full one. */
    void scoreShape(ScoreShape shape);

    /** Whether questions for biomarkers of exercise are answered, as from the start, or refused with 400. */
    void answersExercise(boolean answers);

    /** Every token given so far is refused from now on. */
    void revokeTokens();

    /** External ids in the order of registration. */
    List<String> profiles();

    /**
     * Sends the day's scores, biomarkers and exercise sessions as events.
     *
     * @return how many events were queued; 0 for an unknown profile or without a target
     */
    int announce(String externalId, LocalDate date);

    /**
     * A session that the phone has seen and the strap perhaps not: it is sent as an event, and is in answers from now on.
     *
     * @return whether the profile is known
     */
    boolean exercise(String externalId, String sport, Instant start, Instant end, ZoneOffset offset);

    /** As {@link #announce(String, LocalDate)} for today of every profile. */
    int announceToday();

    /** The next events get lost on their way. */
    void dropWebhooks(int events);

    /** The next events are delivered twice. */
    void duplicateWebhooks(int events);

    /** Sends a body of the caller's choice, signed with the given secret: a wrong one makes a forgery. */
    void sendRaw(String eventType, String externalId, byte[] body, String secret);

    /** The latest deliveries, oldest first, at most 1000. */
    List<Delivery> deliveries();

    /** Requests answered or refused so far, as {@code METHOD path} without the query; at most the latest 1000. */
    List<String> requests();

    /**
     * How one delivery went.
     *
     * @param status the receiver's, or {@link #NOT_REACHED}, or {@link #DROPPED}
     */
    record Delivery(String eventType, String externalId, int status) {
        public static final int NOT_REACHED = 0;
        public static final int DROPPED = -1;
    }
}
