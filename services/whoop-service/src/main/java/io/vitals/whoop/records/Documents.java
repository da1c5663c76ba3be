package io.vitals.whoop.records;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitals.kit.json.Json;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.model.WhoopRecord;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns bytes into batches. One bad record never costs the others. */
final class Documents {
    private Documents() {}

    static Batch page(RecordType type, byte[] json) throws UnreadableDocument {
        JsonNode page = tree(json);
        JsonNode records = page.path("records");
        if (!records.isArray()) {
            throw new UnreadableDocument("records is not a list");
        }
        return batch(type, records, token(page.path("next_token")), mayHoldNul(json));
    }

    static Batch single(RecordType type, byte[] json) throws UnreadableDocument {
        return batch(type, List.of(tree(json)), null, mayHoldNul(json));
    }

    static JsonNode tree(byte[] json) throws UnreadableDocument {
        try {
            JsonNode node = Json.mapper().readTree(json);
            if (!(node instanceof ObjectNode)) {
                throw new UnreadableDocument("not a JSON object");
            }
            return node;
        } catch (IOException _) {
            throw new UnreadableDocument("not JSON");
        }
    }

    private static Batch batch(
            RecordType type, Iterable<JsonNode> documents, @Nullable String nextToken, boolean mayHoldNul) {
        Map<String, Batch.Item> items = new HashMap<>();
        List<Batch.Unreadable> unreadable = new ArrayList<>();
        for (JsonNode document : documents) {
            try {
                WhoopRecord record = RecordReader.read(type, mayHoldNul ? storable(document) : document);
                items.merge(record.key(), new Batch.Item(record, document), Batch.Item::newer);
            } catch (UnreadableField problem) {
                unreadable.add(new Batch.Unreadable(
                        keyOf(type, document), String.valueOf(problem.getMessage()), withoutNul(document)));
            }
        }
        return new Batch(type, items, unreadable, nextToken);
    }

    /** PostgreSQL stores no NUL character in a text; one would fail the whole batch. */
    static JsonNode storable(JsonNode document) throws UnreadableField {
        if (hasNul(document)) {
            throw new UnreadableField("document", "holds a NUL character");
        }
        return document;
    }

    /** A cheap look at the bytes spares all but a rare page the exact one: NUL comes escaped, or in an encoding that is full of zeros. */
    private static boolean mayHoldNul(byte[] json) {
        String text = new String(json, StandardCharsets.ISO_8859_1);
        return text.indexOf('\0') >= 0 || text.contains("\\u0000");
    }

    private static JsonNode withoutNul(JsonNode document) {
        return hasNul(document) ? Json.mapper().createObjectNode() : document;
    }

    private static boolean hasNul(JsonNode document) {
        try {
            return Json.mapper().writeValueAsString(document).contains("\\u0000");
        } catch (JsonProcessingException _) {
            return true;
        }
    }

    private static String keyOf(RecordType type, JsonNode document) {
        String key =
                document.path(type == RecordType.RECOVERY ? "sleep_id" : "id").asText("?");
        return key.isEmpty() || key.length() > 64 || key.indexOf('\0') >= 0 ? "?" : key;
    }

    private static @Nullable String token(JsonNode token) {
        return token.isTextual() && !token.textValue().isEmpty() ? token.textValue() : null;
    }
}
