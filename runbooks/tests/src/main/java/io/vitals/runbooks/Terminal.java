package io.vitals.runbooks;

import io.vitals.runbooks.run.Console;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The person at the other end of standard input and output. */
final class Terminal implements Console {
    private final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    private volatile boolean asks;

    boolean asks() {
        return asks;
    }

    @Override
    public void say(String text) {
        System.out.println(text);
    }

    @Override
    public Optional<String> ask(String question) {
        System.out.print(question);
        System.out.flush();
        asks = true;
        try {
            return Optional.ofNullable(in.readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            asks = false;
        }
    }
}
