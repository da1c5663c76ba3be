package io.vitals.sandbox.member;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Edits of all people, a JSON object a line, so that a restart tells the same story. */
final class Journal {
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS, SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final @Nullable Path file;

    private record Line(int person, Edit edit) {}

    private Journal(@Nullable Path file) {
        this.file = file;
    }

    static Journal none() {
        return new Journal(null);
    }

    static Journal at(Path file) {
        return new Journal(file);
    }

    synchronized List<Edit> read(int person) {
        if (file == null || !Files.exists(file)) {
            return List.of();
        }
        List<Edit> edits = new ArrayList<>();
        try {
            for (String text : Files.readAllLines(file)) {
                Line line = parse(text);
                if (line != null && line.person == person) {
                    edits.add(line.edit);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return edits;
    }

    /** A killed process may leave half a line behind. */
    private static @Nullable Line parse(String text) {
        try {
            return text.isBlank() ? null : JSON.readValue(text, Line.class);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    synchronized void append(int person, Edit edit) {
        if (file == null) {
            return;
        }
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(
                    file,
                    "\n" + JSON.writeValueAsString(new Line(person, edit)),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
