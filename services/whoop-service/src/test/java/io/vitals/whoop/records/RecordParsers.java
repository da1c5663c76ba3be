package io.vitals.whoop.records;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.kit.json.Json;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.support.Parser;

import java.util.List;

/** What reads WHOOP's documents. */
public final class RecordParsers {
    private RecordParsers() {}

    @FunctionalInterface
    private interface Reading {
        void of(JsonNode document) throws UnreadableField;
    }

    public static List<Parser> all() {
        return List.of(
                reading(document -> RecordReader.read(RecordType.CYCLE, document)),
                reading(document -> RecordReader.read(RecordType.RECOVERY, document)),
                reading(document -> RecordReader.read(RecordType.SLEEP, document)),
                reading(document -> RecordReader.read(RecordType.WORKOUT, document)),
                reading(RecordReader::profile),
                reading(RecordReader::body));
    }

    private static Parser reading(Reading reading) {
        return bytes -> {
            try {
                reading.of(Json.tree(bytes));
            } catch (UnreadableField _) {
                // Put aside with the name of the field.
            }
        };
    }
}
