package io.vitals.loadtest.bench;

import io.vitals.loadtest.stack.JavaProgram;
import io.vitals.sandbox.postgres.SandboxDatabase;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@link StoreProgram} at work: one process for all that is asked of it, as a service is one. */
public final class StoreClient implements AutoCloseable {
    private final Process process;
    private final Writer questions;
    private final BufferedReader answers;
    private final Path errors;

    private StoreClient(Process process, Path errors) {
        this.process = process;
        this.questions = process.outputWriter();
        this.answers = process.inputReader();
        this.errors = errors;
    }

    public static StoreClient start(SandboxDatabase database, Path directory) throws IOException {
        Path password = Files.writeString(
                directory.resolve("store-password"), database.app().password());
        Path errors = directory.resolve("store.log");
        Process process = JavaProgram.of(
                        StoreProgram.class.getName(),
                        List.of("-XX:+UseSerialGC", "-Xmx384m", "-Dlogback.configurationFile=sandbox-logback.xml"),
                        List.of(database.url(), database.app().user(), password.toString()))
                .redirectError(errors.toFile())
                .start();
        return new StoreClient(process, errors);
    }

    /** Has one thing done and returns the figures it prints. */
    public List<Double> ask(String question) throws IOException {
        questions.write(question + "\n");
        questions.flush();
        String answer = answers.readLine();
        if (answer == null || !answer.startsWith(StoreProgram.ANSWER)) {
            throw new IllegalStateException("the store program failed: " + answer + "\n" + Files.readString(errors));
        }
        return List.of(answer.substring(StoreProgram.ANSWER.length()).strip().split(" ")).stream()
                .map(Double::parseDouble)
                .toList();
    }

    @Override
    public void close() throws IOException {
        questions.close();
        process.onExit().join();
    }
}
