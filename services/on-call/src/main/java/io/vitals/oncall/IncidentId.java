package io.vitals.oncall;

import io.vitals.kit.crypto.Digests;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Names of incidents, such as 20261128-1409-3f9a1c22b0: the same however often, and in which order, its alerts are told. */
final class IncidentId {
    private static final Pattern FORM = Pattern.compile("\\d{8}-\\d{4}-[0-9a-f]{10}");
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("uuuuMMdd-HHmm").withZone(ZoneOffset.UTC);
    private static final int BYTES = 5;

    private IncidentId() {}

    static String of(String groupKey, Instant start) {
        return MINUTE.format(start) + "-" + digest(groupKey + "\n" + start);
    }

    /** Stands for a group in a record: its key holds labels, and which ones is up to Alertmanager's configuration. */
    static String groupOf(String groupKey) {
        return digest(groupKey);
    }

    static boolean isOne(String text) {
        return FORM.matcher(text).matches();
    }

    private static String digest(String text) {
        return HexFormat.of().formatHex(Digests.sha256(text.getBytes(StandardCharsets.UTF_8)), 0, BYTES);
    }
}
