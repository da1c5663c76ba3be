package io.vitals.loadtest.capacity;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code make capacity}: what so many members need, by the figures of {@code figures.yaml}. Arguments are figures as {@code name=value},
 * {@code members} among them; or {@code page}, which writes the tables of docs/capacity.md; or {@code measure}, which measures what the
 * benches do not.
 */
public final class Main {
    static final Path PAGE = Path.of("docs", "capacity.md");
    private static final int MEASURED_MEMBERS = 300;

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        System.setProperty("logback.configurationFile", "sandbox-logback.xml");
        List<String> given = List.of(arguments);
        if (given.equals(List.of("measure"))) {
            new Measurement(System.out).run(MEASURED_MEMBERS);
            System.exit(0);
        } else if (given.equals(List.of("page"))) {
            Files.writeString(PAGE, Page.filled(Files.readString(PAGE), Inputs.load()));
        } else {
            try {
                System.out.print(new Report(Inputs.load().with(given)).all());
            } catch (IllegalArgumentException e) {
                System.err.println(e.getMessage());
                System.exit(2);
            }
        }
    }
}
