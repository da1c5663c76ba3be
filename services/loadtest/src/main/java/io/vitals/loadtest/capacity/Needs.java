package io.vitals.loadtest.capacity;

/** What the demand needs: replicas, databases, connections, and the units of them that are paid for. */
record Needs(Inputs in, Demand demand) {
    private static final double MICROS = 1e6;

    static Needs of(Inputs in) {
        return new Needs(in, new Demand(in));
    }

    /** Days that are merged anew in the busiest second: an event's, and those of running cycles that changed. */
    private double mergesAtPeak() {
        return demand.eventsAtPeak() + demand.members() * demand.cycleLooks() * in.of("cycle-changes") / 86_400;
    }

    /** What is fetched and stored in the busiest second; a look costs what an event does. */
    private double fetchesAtPeak() {
        return demand.eventsAtPeak() + demand.looks();
    }

    double healthApiCores() {
        return (demand.readsAtPeak() * in.of("read-health-api-cpu") + mergesAtPeak() * in.of("merge-health-api-cpu"))
                / MICROS;
    }

    double whoopServiceCores() {
        return fetchesAtPeak() * in.of("event-whoop-service-cpu") / MICROS;
    }

    double healthDatabaseCores() {
        return (demand.readsAtPeak() * in.of("read-database-cpu") + mergesAtPeak() * in.of("merge-health-database-cpu"))
                / MICROS;
    }

    double whoopDatabaseCores() {
        return fetchesAtPeak() * in.of("event-whoop-database-cpu") / MICROS;
    }

    double healthApiReplicas() {
        return replicas(healthApiCores(), in.of("idle-health-api-cpu"));
    }

    /** By processor time alone. */
    double whoopServiceReplicasByCpu() {
        return replicas(whoopServiceCores(), in.of("idle-whoop-service-cpu"));
    }

    /** By how many answers of WHOOP are waited for at once: a worker waits for one, whatever the processor does. */
    double whoopServiceReplicasByWaiting() {
        double forEvents = demand.eventsAtPeak() * in.of("calls-per-event") * in.of("whoop-call") / in.of("workers");
        double forLooks = demand.looks() * in.of("whoop-call") / in.of("sync-workers");
        return Math.max(in.of("replicas-least"), Math.ceil(Math.max(forEvents, forLooks)));
    }

    double whoopServiceReplicas() {
        return Math.max(whoopServiceReplicasByCpu(), whoopServiceReplicasByWaiting());
    }

    private double replicas(double cores, double idleMillicores) {
        double each = in.of("pod-cpu") * in.of("target") - idleMillicores / 1000;
        if (each <= 0) {
            throw new IllegalArgumentException("pod-cpu is used up by a replica at rest");
        }
        return Math.max(in.of("replicas-least"), Math.ceil(cores / each));
    }

    /** Connections of a database while releases follow one another. */
    double connections(double replicas) {
        return in.of("colours") * replicas * in.of("pod-pool") + in.of("connections-besides");
    }

    double databaseCores(String database) {
        double used = database.equals("health") ? healthDatabaseCores() : whoopDatabaseCores();
        return Math.max(1, Math.ceil(used / in.of("database-target")));
    }

    /** The least, or as much as holds what is hot. */
    double databaseMemory(String database) {
        return Math.max(
                in.of("database-memory"), Math.ceil(rowsGib(database, in.of("hot-days") / 365) * in.of("bloat")));
    }

    double rowsGib(String database, double years) {
        return Table.all(in).stream()
                .filter(table -> table.database().equals(database))
                .mapToDouble(table -> table.gibAfter(demand.members(), years))
                .sum();
    }

    /** What the rows and their versions take of a volume. */
    double heldGib(String database) {
        return rowsGib(database, in.of("years")) * in.of("bloat");
    }

    /** The volume of an instance: full enough to be warned of at the end of the years. */
    double volumeGib(String database) {
        return Math.ceil(heldGib(database) / in.of("disk-full"));
    }

    double cpu() {
        return (healthApiReplicas() + whoopServiceReplicas()) * in.of("pod-cpu")
                + in.of("instances") * (databaseCores("health") + databaseCores("whoop"));
    }

    double memory() {
        return (healthApiReplicas() + whoopServiceReplicas()) * in.of("pod-memory")
                + in.of("instances") * (databaseMemory("health") + databaseMemory("whoop"));
    }

    double disk() {
        return in.of("instances") * (volumeGib("health") + volumeGib("whoop"));
    }

    boolean isPriced() {
        return in.has("price-cpu") && in.has("price-memory") && in.has("price-disk");
    }

    double price() {
        return cpu() * in.of("price-cpu") + memory() * in.of("price-memory") + disk() * in.of("price-disk");
    }

    /** So many databases of a kind carry the members, each no larger than one may be. */
    double databases(String database) {
        double used = database.equals("health") ? healthDatabaseCores() : whoopDatabaseCores();
        double byCores = used / in.of("database-target") / in.of("database-cores-most");
        return Math.ceil(Math.max(byCores, heldGib(database) / in.of("disk-full") / in.of("database-disk-most")));
    }

    /** Members that one database of a kind carries. */
    double membersPerDatabase(String database) {
        double used = database.equals("health") ? healthDatabaseCores() : whoopDatabaseCores();
        double byCores = in.of("database-cores-most") * in.of("database-target") / used;
        double byDisk = in.of("database-disk-most") * in.of("disk-full") / heldGib(database);
        return Math.floor(demand.members() * Math.min(byCores, byDisk));
    }

    double restoreHours(String database, String pace) {
        return heldGib(database) * in.of(pace) / 3600;
    }
}
