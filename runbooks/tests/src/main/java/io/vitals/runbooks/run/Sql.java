package io.vitals.runbooks.run;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a database, one statement at a time. What only reads can not write. */
public final class Sql {
    /** Strings, names and comments, which stay what they are; a parameter; and a question mark, which is an operator of PostgreSQL. */
    private static final Pattern PART = Pattern.compile("'(?:[^']|'')*'|\"[^\"]*\"|--[^\\n]*|\\$(\\d)\\b|(\\?)");

    /** As many as a person reads. */
    private static final int ROWS = 100;

    private Sql() {}

    static Answer ask(Login login, String text, List<String> parameters, boolean reads, Duration timeout)
            throws StepFailure {
        try (Connection connection = DriverManager.getConnection(login.url(), properties(login, timeout))) {
            connection.setReadOnly(reads);
            if (reads) {
                // Only a transaction is read only.
                connection.setAutoCommit(false);
            }
            try (PreparedStatement statement = connection.prepareStatement(prepared(text))) {
                statement.setQueryTimeout((int) Math.max(1, timeout.toSeconds()));
                List<Integer> places = places(text);
                for (int i = 0; i < places.size(); i++) {
                    // Its cast says what type it is.
                    statement.setObject(i + 1, parameters.get(places.get(i) - 1), Types.OTHER);
                }
                Answer answer = statement.execute()
                        ? rows(statement.getResultSet())
                        : Answer.rows(
                                statement.getUpdateCount(), Double.NaN, statement.getUpdateCount() + " rows changed");
                if (reads) {
                    connection.rollback();
                }
                return answer;
            }
        } catch (SQLException e) {
            throw new StepFailure("the database says: " + e.getMessage(), e);
        }
    }

    private static Properties properties(Login login, Duration timeout) {
        var properties = new Properties();
        properties.setProperty("user", login.user());
        properties.setProperty("password", login.password().reveal());
        properties.setProperty("ApplicationName", "runbook");
        properties.setProperty("connectTimeout", "5");
        // A server that says nothing any more.
        properties.setProperty("socketTimeout", Long.toString(timeout.toSeconds() + 5));
        return properties;
    }

    /** As the driver wants it: a question mark for each parameter, and those of operators doubled. */
    public static String prepared(String text) {
        return PART.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group(1) != null ? "?" : found.group(2) != null ? "??" : found.group()))
                .strip()
                .replaceFirst(";\\s*$", "");
    }

    /** Whether it is one statement: of several only the first would be judged. */
    public static boolean isOne(String text) {
        return !PART.matcher(prepared(text)).replaceAll(" ").contains(";");
    }

    /** The numbers of the parameters, in the order in which they stand there. */
    static List<Integer> places(String text) {
        return PART.matcher(text)
                .results()
                .filter(found -> found.group(1) != null)
                .map(found -> Integer.valueOf(found.group(1)))
                .toList();
    }

    private static Answer rows(ResultSet result) throws SQLException {
        int columns = result.getMetaData().getColumnCount();
        var lines = new ArrayList<String>();
        var names = new StringJoiner(" | ");
        for (int i = 1; i <= columns; i++) {
            names.add(result.getMetaData().getColumnLabel(i));
        }
        lines.add(names.toString());
        int rows = 0;
        String first = "";
        while (result.next()) {
            rows++;
            if (rows > ROWS) {
                continue;
            }
            var line = new StringJoiner(" | ");
            for (int i = 1; i <= columns; i++) {
                String value = result.getString(i);
                line.add(value == null ? "" : value);
            }
            if (rows == 1 && columns == 1) {
                first = line.toString();
            }
            lines.add(line.toString());
        }
        if (rows > ROWS) {
            lines.add("… (" + (rows - ROWS) + " more)");
        }
        return Answer.rows(rows, rows == 1 ? number(first) : Double.NaN, String.join("\n", lines));
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
