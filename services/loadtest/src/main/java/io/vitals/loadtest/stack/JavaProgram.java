package io.vitals.loadtest.stack;

import java.util.ArrayList;
import java.util.List;

/** Another program of this class path, in a process of its own. */
public final class JavaProgram {
    private JavaProgram() {}

    /**
     * Starts nothing yet.
     *
     * @param options of the virtual machine
     */
    public static ProcessBuilder of(String mainClass, List<String> options, List<String> arguments) {
        List<String> line = new ArrayList<>();
        line.add(ProcessHandle.current().info().command().orElse("java"));
        line.addAll(options);
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        line.addAll(arguments);
        return new ProcessBuilder(line);
    }
}
