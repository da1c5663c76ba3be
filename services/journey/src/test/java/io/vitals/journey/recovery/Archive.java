package io.vitals.journey.recovery;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** The segments of the log that lie in the bucket, each the number of its first byte over the size of a segment. */
final class Archive {
    static final long SEGMENT = 16L << 20;
    private static final long PER_FILE = (1L << 32) / SEGMENT;
    private static final Pattern NAME = Pattern.compile("00000001([0-9A-F]{8})([0-9A-F]{8})(\\.[a-z0-9]+)?");

    private Archive() {}

    static SortedSet<Long> segments(Path objects) throws IOException {
        var segments = new TreeSet<Long>();
        try (Stream<Path> files = Files.walk(objects.resolve("wals"))) {
            files.map(file -> NAME.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .forEach(name -> segments.add(
                            Long.parseLong(name.group(1), 16) * PER_FILE + Long.parseLong(name.group(2), 16)));
        }
        return segments;
    }

    static long segment(String name) {
        Matcher parts = NAME.matcher(name);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not a segment of the first timeline: " + name);
        }
        return Long.parseLong(parts.group(1), 16) * PER_FILE + Long.parseLong(parts.group(2), 16);
    }

    static String name(long segment) {
        return "00000001%08X%08X".formatted(segment / PER_FILE, segment % PER_FILE);
    }

    /** Gaps between the beginning of a base backup and the newest segment: a restore to the end would stop there and say nothing. */
    static List<String> missing(Path objects, String first) throws IOException {
        SortedSet<Long> there = segments(objects);
        var missing = new ArrayList<String>();
        for (long segment = segment(first); !there.isEmpty() && segment <= there.last(); segment++) {
            if (!there.contains(segment)) {
                missing.add("segment " + name(segment) + " is missing in the archive");
            }
        }
        return missing;
    }

    /** The position behind the last segment that can be reached from there. */
    static long end(Path objects, String first) throws IOException {
        SortedSet<Long> there = segments(objects);
        long segment = segment(first);
        while (there.contains(segment)) {
            segment++;
        }
        return segment * SEGMENT;
    }

    /**
     * Objects whose bytes are not what was packed, by the checksum that is packed with them. Barman unpacks such a base backup without a
     * word.
     */
    static List<String> corrupt(Path objects) throws IOException {
        var corrupt = new ArrayList<String>();
        try (Stream<Path> files = Files.walk(objects)) {
            for (Path file :
                    files.filter(any -> any.toString().endsWith(".gz")).sorted().toList()) {
                try (var unpacked = new GZIPInputStream(Files.newInputStream(file))) {
                    unpacked.transferTo(OutputStream.nullOutputStream());
                } catch (ZipException | EOFException e) {
                    corrupt.add("object " + objects.relativize(file) + " is corrupt: " + e.getMessage());
                }
            }
        }
        return corrupt;
    }

    /** The object of a segment. */
    static Path object(Path objects, long segment) throws IOException {
        try (Stream<Path> files = Files.walk(objects.resolve("wals"))) {
            return files.filter(file -> file.getFileName().toString().startsWith(name(segment)))
                    .filter(file -> NAME.matcher(file.getFileName().toString()).matches())
                    .findFirst()
                    .orElseThrow();
        }
    }
}
