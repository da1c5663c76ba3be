package io.vitals.probe;

import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;

import java.time.Clock;
import java.util.function.BooleanSupplier;

/** Walks all journeys, one after the other: they share an account, and would else disturb each other. */
final class Rounds {
    private static final EventLog LOG = EventLog.of(Rounds.class);

    private final Journeys journeys;
    private final JourneyMeters meters;
    private final Clock clock;
    private final BooleanSupplier stopping;

    Rounds(Journeys journeys, JourneyMeters meters, Clock clock, BooleanSupplier stopping) {
        this.journeys = journeys;
        this.meters = meters;
        this.clock = clock;
        this.stopping = stopping;
    }

    /** One round; a stop lets the journey under way end and begins no other. */
    void walk() {
        for (Journey journey : journeys.all()) {
            if (stopping.getAsBoolean()) {
                return;
            }
            Outcome outcome = journeys.walk(journey);
            if (Thread.currentThread().isInterrupted()) {
                // Cut off by a stop, which says nothing of Vitals.
                return;
            }
            meters.record(outcome, clock.instant());
            outcome.failed()
                    .ifPresent(step -> LOG.warn(
                            "journey_failed",
                            LogField.OPERATION.of(outcome.journey()),
                            LogField.PHASE.of(step.name()),
                            LogField.REASON.of(step.failure().orElse("")),
                            LogField.DURATION_MS.of(step.took())));
        }
    }
}
