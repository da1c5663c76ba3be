package io.vitals.kit.state;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What of a store goes into an export. Every table is decided, in or out: one that nobody has thought of keeps both commands from
 * running, so that nothing is lost in silence.
 */
public final class StateTables {
    /**
     * A table that is in.
     *
     * @param local columns that mean something in their own cluster only: left out, and after an import what they are by default
     * @param order columns by which its rows go; empty for the primary key
     */
    record Included(String name, List<String> local, List<String> order) {}

    /** Where a service notes its erasures, and by which column. */
    record Ledger(String table, String member) {}

    private final Map<String, Included> included = new TreeMap<>();
    private final Map<String, String> excluded = new TreeMap<>();
    private Optional<Ledger> ledger = Optional.empty();
    private Optional<String> beforeErasure = Optional.empty();

    private StateTables() {}

    /** Flyway's own table and that of the imports tell of one database, so they are out of every export. */
    public static StateTables of() {
        StateTables tables = new StateTables();
        tables.excluded.put("flyway_schema_history", "the schema is made by migrate");
        tables.excluded.put("state_import", "says what was imported into this database");
        return tables;
    }

    private StateTables copy() {
        StateTables copy = new StateTables();
        copy.included.putAll(included);
        copy.excluded.putAll(excluded);
        copy.ledger = ledger;
        copy.beforeErasure = beforeErasure;
        return copy;
    }

    /** These as well are in. */
    public StateTables in(String... names) {
        StateTables more = copy();
        for (String name : names) {
            more.decide(new Included(name, List.of(), List.of()));
        }
        return more;
    }

    /** One more is in, but for a column that means something in its own cluster only. */
    public StateTables inWithout(String local, String name, String... order) {
        StateTables more = copy();
        more.decide(new Included(name, List.of(local), List.of(order)));
        return more;
    }

    /** One more is out, and why. */
    public StateTables out(String name, String why) {
        StateTables more = copy();
        if (included.containsKey(name) || more.excluded.put(name, why) != null) {
            throw new IllegalArgumentException(name + " is decided twice");
        }
        return more;
    }

    /** One of those that are in says who was erased; rows of it that the target has are kept, and hold there. */
    public StateTables ledger(String table, String member) {
        StateTables more = copy();
        more.ledger = Optional.of(new Ledger(table, member));
        return more;
    }

    /** A statement with the member as its one parameter, without which {@code personal_erase} would leave rows. */
    public StateTables beforeErasure(String statement) {
        StateTables more = copy();
        more.beforeErasure = Optional.of(statement);
        return more;
    }

    private void decide(Included table) {
        if (excluded.containsKey(table.name()) || included.put(table.name(), table) != null) {
            throw new IllegalArgumentException(table.name() + " is decided twice");
        }
    }

    Map<String, Included> included() {
        return included;
    }

    /** Names, each with the reason. */
    Map<String, String> excluded() {
        return excluded;
    }

    Optional<Ledger> ledger() {
        return ledger;
    }

    Optional<String> beforeErasure() {
        return beforeErasure;
    }
}
