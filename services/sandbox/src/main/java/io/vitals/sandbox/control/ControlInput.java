package io.vitals.sandbox.control;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;

/** The inputs of a call, with the fields' initial texts where nothing was given; wrong ones throw IllegalArgumentException. */
public record ControlInput(Map<String, String> texts) {
    public ControlInput {
        texts = Map.copyOf(texts);
    }

    public String text(String name) {
        String text = texts.get(name);
        if (text == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return text.strip();
    }

    public int number(String name) {
        try {
            return Integer.parseInt(text(name));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is not a number", e);
        }
    }

    public boolean flag(String name) {
        return text(name).equals("true");
    }

    /** ISO-8601 ({@code PT5M}) or plain seconds. */
    public Duration duration(String name) {
        String text = text(name);
        try {
            return text.matches("-?[0-9]{1,9}") ? Duration.ofSeconds(Long.parseLong(text)) : Duration.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(name + " is not a duration", e);
        }
    }
}
