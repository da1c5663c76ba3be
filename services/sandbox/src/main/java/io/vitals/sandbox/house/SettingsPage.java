package io.vitals.sandbox.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The page of all settings, seen from a module's folder. */
public final class SettingsPage {
    private static final Path PAGE = Path.of("..", "..", "docs", "configuration.md");
    private static final Path WANTED = Path.of("target", "settings.md");

    private SettingsPage() {}

    /**
     * Fails unless the page holds the table, which is left in a file to take over from.
     *
     * @param table as the settings' own code writes it
     */
    public static void mustHold(String service, String table) throws IOException {
        Files.createDirectories(WANTED.getParent());
        Files.writeString(WANTED, table);
        if (table.isBlank() || !Files.readString(PAGE).contains(table)) {
            throw new AssertionError(
                    "replace the table of " + service + " in docs/configuration.md by " + WANTED + " of its module");
        }
    }
}
