package io.vitals.sandbox.launcher;

import java.util.function.Consumer;

/** What a command starts and keeps up until it is asked to stop. */
interface Running extends AutoCloseable {
    /**
     * Returns when everything is ready.
     *
     * @throws LaunchFailure when a part does not start; then nothing is left running
     */
    void start();

    /** Says how to go on from here. */
    void greet(Consumer<String> line);

    @Override
    void close();
}
