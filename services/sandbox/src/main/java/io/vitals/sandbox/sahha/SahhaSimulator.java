package io.vitals.sandbox.sahha;

import io.vitals.sandbox.http.LocalServer;
import io.vitals.sandbox.member.PersonDay;
import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A running Sahha. Its people are the same as WHOOP's, so that both describe the same nights. */
public final class SahhaSimulator implements AutoCloseable {
    private static final String SCORE_EVENT = "ScoreCreatedIntegrationEvent";
    private static final String BIOMARKER_EVENT = "BiomarkerCreatedIntegrationEvent";
    private static final String DATA_LOG_EVENT = "DataLogReceivedIntegrationEvent";
    private static final int REMEMBERED = 1000;

    private final SahhaConfig config;
    private final Profiles profiles;
    private final SahhaTokens accountTokens;
    private final SahhaTokens profileTokens;
    private final SahhaTokens refreshTokens;
    private final Optional<Webhooks> webhooks;
    private final Deque<String> requests = new ArrayDeque<>();
    private final Set<String> announced = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final int port;
    private volatile SahhaFault fault = new SahhaFault.None();
    private volatile ScoreShape shape = ScoreShape.FULL;
    private volatile boolean answersExercise = true;
    private @Nullable LocalServer server;

    public static SahhaSimulator start(SahhaConfig config) {
        if ("production".equals(config.profile())) {
            throw new IllegalStateException("the Sahha simulator does not run under a production profile");
        }
        return new SahhaSimulator(config, new SecureRandom());
    }

    private SahhaSimulator(SahhaConfig config, SecureRandom random) {
        this.config = config;
        this.profiles = new Profiles(config.people(), config.profilesFile());
        this.accountTokens = new SahhaTokens(config.clock(), random);
        this.profileTokens = new SahhaTokens(config.clock(), random);
        this.refreshTokens = new SahhaTokens(config.clock(), random);
        this.webhooks = config.webhookTarget().map(target -> new Webhooks(target, config.webhookSecret()));
        LocalServer first = listen(config.port());
        this.server = first;
        this.port = first.port();
        config.announceEvery()
                .ifPresent(every -> Thread.ofVirtual().name("sahha-announcer").start(() -> announceUntilClosed(every)));
    }

    private LocalServer listen(int onPort) {
        var routes = new SahhaRoutes(
                config, profiles, accountTokens, profileTokens, refreshTokens, () -> shape, () -> answersExercise);
        var faults = new FaultFilter(() -> fault);
        return LocalServer.start(config.place(), onPort, routing -> {
            routing.addFilter((chain, request, response) -> {
                remember(request.prologue().method().text() + " "
                        + request.path().path());
                chain.proceed();
            });
            routing.addFilter(faults::filter);
            routes.register(routing);
        });
    }

    /** Base URL without the {@code /api/v1}. */
    public String url() {
        return config.place().forPrograms(port).toString();
    }

    public int port() {
        return port;
    }

    public SahhaControl control() {
        return new Control();
    }

    @Override
    public synchronized void close() {
        closed.countDown();
        webhooks.ifPresent(Webhooks::close);
        if (server != null) {
            server.close();
            server = null;
        }
    }

    private void remember(String request) {
        synchronized (requests) {
            if (requests.size() == REMEMBERED) {
                requests.removeFirst();
            }
            requests.addLast(request);
        }
    }

    private synchronized void become(SahhaFault next) {
        fault = next;
        boolean down = next instanceof SahhaFault.Down;
        if (down && server != null) {
            server.close();
            server = null;
        } else if (!down && server == null) {
            server = listen(port);
        }
    }

    private void announceUntilClosed(Duration interval) {
        try {
            while (!closed.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                announceFresh();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends what is new since the last look; the first look only learns, as polling brings what is older. */
    private void announceFresh() {
        boolean first = announced.isEmpty();
        for (Profiles.Profile profile : profiles.all()) {
            for (Event event : events(profile, profile.person().today())) {
                if (announced.add(event.id()) && !first) {
                    send(profile, event);
                }
            }
        }
    }

    private record Event(String type, String id, Map<String, Object> document) {
        static Event of(String type, Map<String, Object> document) {
            return new Event(type, document.getOrDefault("id", "").toString(), document);
        }

        static Event of(Profiles.Profile profile, PersonDay.Exercise exercise) {
            return new Event(
                    DATA_LOG_EVENT, ExerciseDocuments.id(profile, exercise), ExerciseDocuments.log(profile, exercise));
        }
    }

    private List<Event> events(Profiles.Profile profile, LocalDate date) {
        var events = new ArrayList<Event>();
        for (PersonDay day : profile.person().days(date, date)) {
            ScoreDocuments.of(profile, day, ScoreDocuments.TYPES, ScoreShape.FULL)
                    .forEach(document -> events.add(Event.of(SCORE_EVENT, document)));
            BiomarkerDocuments.of(profile, day).stream()
                    .filter(document -> !ExerciseDocuments.CATEGORY.equals(document.get("category")))
                    .forEach(document -> events.add(Event.of(BIOMARKER_EVENT, document)));
            profile.exercises(day).forEach(exercise -> events.add(Event.of(profile, exercise)));
        }
        return events;
    }

    private void send(Profiles.Profile profile, Event event) {
        webhooks.ifPresent(sender -> sender.send(event.type(), profile.externalId(), event.document()));
    }

    private final class Control implements SahhaControl {
        @Override
        public void fault(SahhaFault next) {
            become(next);
        }

        @Override
        public SahhaFault fault() {
            return fault;
        }

        @Override
        public void scoreShape(ScoreShape next) {
            shape = next;
        }

        @Override
        public void answersExercise(boolean answers) {
            answersExercise = answers;
        }

        @Override
        public void revokeTokens() {
            accountTokens.revokeAll();
            profileTokens.revokeAll();
            refreshTokens.revokeAll();
        }

        @Override
        public List<String> profiles() {
            return profiles.all().stream().map(Profiles.Profile::externalId).toList();
        }

        @Override
        public int announce(String externalId, LocalDate date) {
            Optional<Profiles.Profile> profile = profiles.find(externalId);
            if (profile.isEmpty() || webhooks.isEmpty()) {
                return 0;
            }
            List<Event> events = events(profile.get(), date);
            events.forEach(event -> send(profile.get(), event));
            return events.size();
        }

        @Override
        public boolean exercise(String externalId, String sport, Instant start, Instant end, ZoneOffset offset) {
            if (!end.isAfter(start)) {
                throw new IllegalArgumentException("the session ends before it begins");
            }
            Optional<Profiles.Profile> profile = profiles.find(externalId);
            profile.ifPresent(of -> {
                PersonDay.Exercise exercise = new PersonDay.Exercise(sport, start, end, offset, 0, 0);
                of.phoneOnly().add(exercise);
                send(of, Event.of(of, exercise));
            });
            return profile.isPresent();
        }

        @Override
        public int announceToday() {
            return profiles.all().stream()
                    .mapToInt(profile ->
                            announce(profile.externalId(), profile.person().today()))
                    .sum();
        }

        @Override
        public void dropWebhooks(int events) {
            webhooks.ifPresent(sender -> sender.drop(events));
        }

        @Override
        public void duplicateWebhooks(int events) {
            webhooks.ifPresent(sender -> sender.duplicate(events));
        }

        @Override
        public void sendRaw(String eventType, String externalId, byte[] body, String secret) {
            webhooks.ifPresent(sender -> sender.send(eventType, externalId, body, Webhooks.sign(secret, body)));
        }

        @Override
        public List<Delivery> deliveries() {
            return webhooks.map(Webhooks::deliveries).orElse(List.of());
        }

        @Override
        public List<String> requests() {
            synchronized (requests) {
                return List.copyOf(requests);
            }
        }
    }
}
