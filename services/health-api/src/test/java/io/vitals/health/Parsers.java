package io.vitals.health;

import io.vitals.health.access.AccessParsers;
import io.vitals.health.api.ApiParsers;
import io.vitals.health.keys.KeyParsers;
import io.vitals.health.sahha.SahhaParsers;
import io.vitals.health.testing.Parser;
import io.vitals.health.whoop.WhoopChanges;
import io.vitals.health.whoop.WhoopDay;
import io.vitals.health.whoop.WhoopLink;
import io.vitals.kit.config.Secret;
import io.vitals.kit.http.FailureException;
import io.vitals.kit.json.Json;
import io.vitals.kit.json.MalformedJsonException;
import io.vitals.kit.signing.RequestVerifier;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Every parser of this service that meets bytes of strangers. The first byte of an input says which one the rest is for:
 * {@code a} is the first of them. New ones come last, so that inputs which are kept go on meaning the same.
 */
final class Parsers {
    private static final RequestVerifier VERIFIER = RequestVerifier.fromJwkSet(
            Secret.of("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"caller-1\","
                    + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}"),
            (nonce, expires) -> true,
            Clock.systemUTC());

    private final List<Parser> all = new ArrayList<>();

    Parsers() {
        all.add(Json::tree);
        all.addAll(SahhaParsers.all());
        all.addAll(KeyParsers.all());
        all.addAll(ApiParsers.all());
        all.addAll(AccessParsers.all());
        all.add(bytes -> Json.read(bytes, WhoopDay.class));
        all.add(bytes -> Json.read(bytes, WhoopChanges.class));
        all.add(bytes -> Json.read(bytes, WhoopLink.class));
        all.add(Parsers::signedCall);
        all.add(SahhaParsers.dataLogs());
    }

    void add(Parser parser) {
        all.add(parser);
    }

    int count() {
        return all.size();
    }

    /** Refusals that callers know are fine; whatever else is thrown is a fault. */
    void read(byte[] input) {
        if (input.length == 0) {
            return;
        }
        Parser parser = all.get(Math.floorMod(input[0] - 'a', all.size()));
        try {
            parser.read(Arrays.copyOfRange(input, 1, input.length));
        } catch (FailureException | MalformedJsonException _) {
            // Told to the caller.
        }
    }

    /** The three headers of a signed call, one a line. */
    private static void signedCall(byte[] bytes) {
        String[] lines = new String(bytes, StandardCharsets.ISO_8859_1).split("\n", -1);
        VERIFIER.judge(new RequestVerifier.Received(
                "GET",
                "localhost",
                "/",
                "",
                null,
                line(lines, 0),
                line(lines, 1),
                line(lines, 2),
                Map.of(),
                new byte[0]));
    }

    private static @Nullable String line(String[] lines, int number) {
        return number < lines.length ? lines[number] : null;
    }
}
