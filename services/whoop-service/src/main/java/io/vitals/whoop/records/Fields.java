package io.vitals.whoop.records;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.regex.Pattern;

/** Strictly typed access to a JSON object whose fields may be absent or null; what we do not know is left alone. */
final class Fields {
    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private static final Instant END_OF_TIME = Instant.parse("+10000-01-01T00:00:00Z");

    /** An object without fields. */
    static final Fields NONE = new Fields(MissingNode.getInstance());

    private final JsonNode node;
    private final String path;

    Fields(JsonNode node) {
        this(node, "");
    }

    private Fields(JsonNode node, String path) {
        this.node = node;
        this.path = path;
    }

    /** The object under the name; absent and null read as an object without fields. */
    Fields object(String name) throws UnreadableField {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return new Fields(MissingNode.getInstance(), path + name + ".");
        }
        if (!value.isObject()) {
            throw fault(name, "is not an object");
        }
        return new Fields(value, path + name + ".");
    }

    long requiredInteger(String name) throws UnreadableField {
        return required(name, integer(name));
    }

    @Nullable
    Long integer(String name) throws UnreadableField {
        JsonNode value = present(name);
        if (value == null) {
            return null;
        }
        if (!value.isNumber() || !isWhole(value)) {
            throw fault(name, "is not a whole number");
        }
        return value.longValue();
    }

    /** 70 and 70.0 are the same number to WHOOP. */
    private static boolean isWhole(JsonNode value) {
        double number = value.doubleValue();
        return value.isIntegralNumber()
                ? value.canConvertToLong()
                : number == Math.rint(number) && Math.abs(number) < 1e15;
    }

    @Nullable
    Double number(String name) throws UnreadableField {
        JsonNode value = present(name);
        if (value == null) {
            return null;
        }
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw fault(name, "is not a number");
        }
        return value.doubleValue();
    }

    @Nullable
    Boolean bool(String name) throws UnreadableField {
        JsonNode value = present(name);
        if (value == null) {
            return null;
        }
        if (!value.isBoolean()) {
            throw fault(name, "is not true or false");
        }
        return value.booleanValue();
    }

    String requiredText(String name) throws UnreadableField {
        return required(name, text(name));
    }

    @Nullable
    String text(String name) throws UnreadableField {
        JsonNode value = present(name);
        if (value == null) {
            return null;
        }
        if (!value.isTextual()) {
            throw fault(name, "is not a text");
        }
        return value.textValue();
    }

    UUID requiredUuid(String name) throws UnreadableField {
        String text = requiredText(name);
        if (!UUID_TEXT.matcher(text).matches()) {
            throw fault(name, "is not a UUID");
        }
        return UUID.fromString(text);
    }

    Instant requiredInstant(String name) throws UnreadableField {
        return required(name, instant(name));
    }

    @Nullable
    Instant instant(String name) throws UnreadableField {
        String text = text(name);
        if (text == null) {
            return null;
        }
        try {
            Instant time = Times.parse(text);
            if (time.isBefore(Instant.EPOCH) || !time.isBefore(END_OF_TIME)) {
                throw fault(name, "is out of range");
            }
            return time;
        } catch (DateTimeException _) {
            throw fault(name, "is not a time with a zone");
        }
    }

    ZoneOffset requiredOffset(String name) throws UnreadableField {
        try {
            return ZoneOffset.of(requiredText(name));
        } catch (DateTimeException _) {
            throw fault(name, "is not an offset");
        }
    }

    UnreadableField fault(String name, String fault) {
        return new UnreadableField(path + name, fault);
    }

    private <T> T required(String name, @Nullable T value) throws UnreadableField {
        if (value == null) {
            throw fault(name, "is missing");
        }
        return value;
    }

    private @Nullable JsonNode present(String name) {
        JsonNode value = node.path(name);
        return value.isMissingNode() || value.isNull() ? null : value;
    }
}
