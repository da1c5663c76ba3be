package io.vitals.loadtest.capacity;

/** {@code make capacity}. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws Exception {
        System.setProperty("logback.configurationFile", "sandbox-logback.xml");
        new Measurement(System.out).run(300);
        System.exit(0);
    }
}
