package io.vitals.sandbox.sahha;

import io.vitals.sandbox.member.PersonDay;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** What scores and biomarkers share: identity, issue time, the way times are written. */
final class SahhaDocuments {
    static final UUID ACCOUNT = UUID.nameUUIDFromBytes("sandbox account".getBytes(StandardCharsets.UTF_8));
    private static final DateTimeFormatter WITH_OFFSET = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxxx");
    private static final long REISSUE_SECONDS = Duration.ofMinutes(15).toSeconds();

    private SahhaDocuments() {}

    /**
     * A finished day is told once, at its end. The running day is told anew every quarter of an hour, each time with a
     * new id, and at once when a sleep is new.
     */
    static Instant issuedAt(PersonDay day) {
        if (day.complete()) {
            return day.until();
        }
        Instant quarter = Instant.ofEpochSecond(day.until().getEpochSecond() / REISSUE_SECONDS * REISSUE_SECONDS);
        Instant lastSleep = day.sleeps().stream()
                .map(sleep -> sleep.end())
                .filter(end -> !end.isAfter(day.until()))
                .max(Instant::compareTo)
                .orElse(day.start());
        Instant latest = quarter.isAfter(lastSleep) ? quarter : lastSleep;
        return latest.isBefore(day.start()) ? day.start() : latest;
    }

    static Map<String, Object> identified(Profiles.Profile profile, PersonDay day, String kind) {
        var document = new LinkedHashMap<String, Object>();
        String name = String.join(
                " ",
                profile.externalId(),
                kind,
                day.date().toString(),
                issuedAt(day).toString(),
                Integer.toString(day.sleeps().size()));
        document.put(
                "id",
                UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString());
        document.put("profileId", profile.profileId().toString());
        document.put("accountId", ACCOUNT.toString());
        document.put("externalId", profile.externalId());
        return document;
    }

    static String withOffset(Instant instant, ZoneOffset offset) {
        return WITH_OFFSET.format(OffsetDateTime.ofInstant(instant, offset));
    }

    /** UTC times are written without an offset and with a Z. */
    static String utc(Instant instant) {
        return DateTimeFormatter.ISO_INSTANT.format(instant);
    }

    static double round(double value, int digits) {
        double factor = Math.pow(10, digits);
        return Math.round(value * factor) / factor;
    }
}
