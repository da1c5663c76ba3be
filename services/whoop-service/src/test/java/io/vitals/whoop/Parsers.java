package io.vitals.whoop;

import io.vitals.kit.http.FailureException;
import io.vitals.kit.json.MalformedJsonException;
import io.vitals.whoop.feed.FeedParsers;
import io.vitals.whoop.internal.InputParsers;
import io.vitals.whoop.link.LinkParsers;
import io.vitals.whoop.quota.QuotaParsers;
import io.vitals.whoop.records.RecordParsers;
import io.vitals.whoop.support.Parser;
import io.vitals.whoop.webhook.WebhookParsers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Every parser of this service that meets bytes of strangers. The first byte of an input says which one the rest is for:
 * {@code a} is the first of them. New ones come last, so that inputs which are kept go on meaning the same.
 */
final class Parsers {
    private final List<Parser> all = new ArrayList<>();

    Parsers() {
        all.addAll(RecordParsers.all());
        all.addAll(WebhookParsers.all());
        all.addAll(FeedParsers.all());
        all.addAll(LinkParsers.all());
        all.addAll(QuotaParsers.all());
        all.addAll(InputParsers.all());
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
}
