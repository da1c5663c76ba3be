package io.vitals.sandbox.sahha;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.vitals.sandbox.http.Answers;
import io.vitals.sandbox.http.Form;
import io.vitals.sandbox.member.PersonDay;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The paths of Sahha's API that Vitals may use. */
final class SahhaRoutes {
    private static final String BASE = "/api/v1";

    private final SahhaConfig config;
    private final Profiles profiles;
    private final SahhaTokens accountTokens;
    private final SahhaTokens profileTokens;
    private final SahhaTokens refreshTokens;
    private final Supplier<ScoreShape> shape;
    private final BooleanSupplier answersExercise;
    private final JsonMapper json = JsonMapper.builder().build();

    SahhaRoutes(
            SahhaConfig config,
            Profiles profiles,
            SahhaTokens accountTokens,
            SahhaTokens profileTokens,
            SahhaTokens refreshTokens,
            Supplier<ScoreShape> shape,
            BooleanSupplier answersExercise) {
        this.config = config;
        this.profiles = profiles;
        this.accountTokens = accountTokens;
        this.profileTokens = profileTokens;
        this.refreshTokens = refreshTokens;
        this.shape = shape;
        this.answersExercise = answersExercise;
    }

    void register(HttpRouting.Builder routing) {
        routing.post(BASE + "/oauth/account/token", this::accountToken)
                .post(BASE + "/oauth/profile/register", this::registerProfile)
                .post(BASE + "/oauth/profile/token", this::profileToken)
                .post(BASE + "/oauth/profile/refreshToken", this::refreshToken)
                .get(BASE + "/profile/score", this::ownScores)
                .get(BASE + "/profile/score/{externalId}", (req, res) -> named(req, res, this::scores))
                .get(BASE + "/profile/biomarker/{externalId}", (req, res) -> named(req, res, this::biomarkers))
                .get(BASE + "/profile/archetypes/{externalId}", (req, res) -> named(req, res, (q, r, p) -> empty(r)))
                .get(BASE + "/profile/integration/{externalId}", (req, res) -> named(req, res, (q, r, p) -> empty(r)))
                .get(BASE + "/account/profile/{externalId}", (req, res) -> named(req, res, this::profile))
                .error(IllegalArgumentException.class, (req, res, fault) -> problem(res, 400))
                .error(DateTimeException.class, (req, res, fault) -> problem(res, 400));
    }

    private interface ProfileHandler {
        void handle(ServerRequest request, ServerResponse response, Profiles.Profile profile);
    }

    private void accountToken(ServerRequest request, ServerResponse response) {
        JsonNode body = body(request);
        boolean known = same(config.clientId(), body.path("clientId").asText())
                && same(config.clientSecret(), body.path("clientSecret").asText());
        if (!known) {
            problem(response, 401);
            return;
        }
        var answer = new LinkedHashMap<String, Object>();
        answer.put("accountToken", accountTokens.issue("account"));
        answer.put("tokenType", "Bearer");
        answer.put("expiresIn", SahhaTokens.LIFETIME.toSeconds());
        Answers.json(response, 200, answer);
    }

    private void registerProfile(ServerRequest request, ServerResponse response) {
        if (refusesAccount(request, response)) {
            return;
        }
        Optional<Profiles.Profile> profile =
                profiles.register(body(request).path("externalId").asText());
        if (profile.isEmpty()) {
            problem(response, 400);
        } else {
            Answers.json(response, 201, profileTokens(profile.get()));
        }
    }

    private void profileToken(ServerRequest request, ServerResponse response) {
        if (refusesAccount(request, response)) {
            return;
        }
        Optional<Profiles.Profile> profile =
                profiles.find(body(request).path("externalId").asText());
        if (profile.isEmpty()) {
            problem(response, 404);
        } else {
            Answers.json(response, 200, profileTokens(profile.get()));
        }
    }

    private void refreshToken(ServerRequest request, ServerResponse response) {
        Optional<Profiles.Profile> profile = refreshTokens
                .subjectOf(body(request).path("refreshToken").asText())
                .flatMap(profiles::find);
        if (profile.isEmpty()) {
            problem(response, 401);
        } else {
            Answers.json(response, 200, profileTokens(profile.get()));
        }
    }

    private Map<String, Object> profileTokens(Profiles.Profile profile) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("profileToken", profileTokens.issue(profile.externalId()));
        answer.put("refreshToken", refreshTokens.issue(profile.externalId()));
        answer.put("expiresIn", SahhaTokens.LIFETIME.toSeconds());
        return answer;
    }

    private void ownScores(ServerRequest request, ServerResponse response) {
        Optional<Profiles.Profile> profile =
                token(request, "profile").flatMap(profileTokens::subjectOf).flatMap(profiles::find);
        if (profile.isEmpty()) {
            problem(response, 401);
        } else {
            scores(request, response, profile.get());
        }
    }

    private void named(ServerRequest request, ServerResponse response, ProfileHandler handler) {
        if (refusesAccount(request, response)) {
            return;
        }
        Optional<Profiles.Profile> profile =
                profiles.find(request.path().pathParameters().get("externalId"));
        if (profile.isEmpty()) {
            problem(response, 404);
        } else {
            handler.handle(request, response, profile.get());
        }
    }

    private void scores(ServerRequest request, ServerResponse response, Profiles.Profile profile) {
        Form query = Form.ofQuery(request);
        List<String> asked = list(query, "types");
        List<String> types = asked.isEmpty() ? ScoreDocuments.TYPES : asked;
        var found = new ArrayList<Map<String, Object>>();
        for (PersonDay day : days(query, profile)) {
            found.addAll(ScoreDocuments.of(profile, day, types, shape.get()));
        }
        answer(response, found);
    }

    private void biomarkers(ServerRequest request, ServerResponse response, Profiles.Profile profile) {
        Form query = Form.ofQuery(request);
        List<String> categories = list(query, "categories");
        List<String> types = list(query, "types");
        if (!BiomarkerDocuments.CATEGORIES.containsAll(categories)
                || (categories.contains(ExerciseDocuments.CATEGORY) && !answersExercise.getAsBoolean())) {
            throw new IllegalArgumentException("unknown category");
        }
        var found = new ArrayList<Map<String, Object>>();
        for (PersonDay day : days(query, profile)) {
            BiomarkerDocuments.of(profile, day).stream()
                    .filter(document -> categories.isEmpty() || categories.contains(document.get("category")))
                    .filter(document -> types.isEmpty() || types.contains(document.get("type")))
                    .forEach(found::add);
        }
        answer(response, found);
    }

    private void profile(ServerRequest request, ServerResponse response, Profiles.Profile profile) {
        Answers.json(
                response,
                200,
                Map.of(
                        "profileId", profile.profileId().toString(),
                        "accountId", SahhaDocuments.ACCOUNT.toString(),
                        "externalId", profile.externalId()));
    }

    /** Days whose local midnight lies in the asked span; without a span those of the last day. */
    private List<PersonDay> days(Form query, Profiles.Profile profile) {
        Clock clock = config.clock();
        Instant end = query.first("endDateTime").map(SahhaRoutes::time).orElseGet(clock::instant);
        Instant start = query.first("startDateTime").map(SahhaRoutes::time).orElse(end.minus(Duration.ofDays(1)));
        if (start.isAfter(end)) {
            throw new IllegalArgumentException("the span ends before it begins");
        }
        // A day beyond on each side: local dates reach up to 14 hours past the UTC ones.
        LocalDate from = LocalDate.ofInstant(start, ZoneOffset.UTC).minusDays(1);
        LocalDate to = LocalDate.ofInstant(end, ZoneOffset.UTC).plusDays(1);
        return profile.person().days(from, to).stream()
                .filter(day -> !day.start().isBefore(start) && !day.start().isAfter(end))
                .toList();
    }

    private static Instant time(String text) {
        return text.length() == "2026-11-23".length()
                ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                : OffsetDateTime.parse(text).toInstant();
    }

    /** Both ways to write a list are seen in public code: repeated parameters and commas. */
    private static List<String> list(Form query, String name) {
        return query.all(name).stream()
                .flatMap(value -> Stream.of(value.split(",")))
                .filter(value -> !value.isBlank())
                .toList();
    }

    private static void answer(ServerResponse response, List<Map<String, Object>> found) {
        if (found.isEmpty()) {
            empty(response);
        } else {
            Answers.json(response, 200, found);
        }
    }

    private static void empty(ServerResponse response) {
        response.status(204).send();
    }

    private boolean refusesAccount(ServerRequest request, ServerResponse response) {
        if (token(request, "account").flatMap(accountTokens::subjectOf).isPresent()) {
            return false;
        }
        problem(response, 401);
        return true;
    }

    private static Optional<String> token(ServerRequest request, String scheme) {
        return request.headers()
                .first(HeaderNames.AUTHORIZATION)
                .filter(header -> header.startsWith(scheme + " "))
                .map(header -> header.substring(scheme.length() + 1));
    }

    private JsonNode body(ServerRequest request) {
        try {
            JsonNode body = json.readTree(Form.bodyOf(request));
            return body == null ? json.createObjectNode() : body;
        } catch (JacksonException e) {
            throw new IllegalArgumentException("no JSON", e);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static boolean same(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    private static void problem(ServerResponse response, int status) {
        Answers.json(response, status, Map.of("title", "Error", "statusCode", status, "errors", List.of()));
    }
}
