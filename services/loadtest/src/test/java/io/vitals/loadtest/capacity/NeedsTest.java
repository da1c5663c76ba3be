package io.vitals.loadtest.capacity;

import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** By numbers that can be worked out on paper. */
class NeedsTest {
    private static final Inputs PLAIN = Inputs.load()
            .with(List.of(
                    "members=86400",
                    "sleeps=1",
                    "recoveries=1",
                    "workouts=1",
                    "deliveries-per-record=1",
                    "reads=10",
                    "busiest-hour=0.25",
                    "burst=2",
                    "new-members=0",
                    "calls-per-event=1",
                    "cycle-interval=60",
                    "cycle-hasty=0",
                    "reconcile-interval=24",
                    "profile-interval=24",
                    "comparison-pages=8",
                    "whoop-share=1"));

    private static Needs with(String... given) {
        return Needs.of(PLAIN.with(List.of(given)));
    }

    @Test
    void aDayHasAMeanAndABusiestMinute() {
        Demand demand = with().demand();

        assertThat(demand.events()).isEqualTo(3);
        assertThat(demand.reads()).isEqualTo(10);
        // A quarter of a day in an hour is six times the mean, and the busiest minute twice that.
        assertThat(demand.eventsAtPeak()).isEqualTo(36);
        assertThat(demand.readsAtPeak()).isEqualTo(120);
    }

    @Test
    void callsOfWhoopAreOfEventsLooksAndComparisons() {
        Demand demand = with().demand();

        assertThat(demand.callsPerMember()).isEqualTo(3 + 24 + (3 + 2) + 8);
        assertThat(demand.appsByDay()).isEqualTo(Math.ceil(86_400 * 40 / 10_000.0));
        assertThat(demand.callsInPeakMinute()).isEqualTo(86_400 * 37 / 1_440.0 + 36 * 60);
        assertThat(demand.membersPerApp()).isEqualTo(10_000 / 40);
        assertThat(with("whoop-day=1000000").demand().membersPerApp())
                .isEqualTo(Math.floor(100 * 86_400 / (2_220.0 + 2_160)));
    }

    @Test
    void hastyHoursAreThreeTimesAsMany() {
        assertThat(with("cycle-hasty=10").demand().cycleLooks()).isEqualTo(14 + 30);
    }

    @Test
    void whatIsKeptForAWhileStopsGrowing() {
        Table inbox = table("webhook-inbox");

        assertThat(inbox.rowsAfter(86_400, 1))
                .isEqualTo(inbox.rowsAfter(86_400, 5))
                .isEqualTo(86_400 * 3 * 7);
        assertThat(table("cycle").rowsAfter(86_400, 5)).isEqualTo(86_400 * 365 * 5.0);
    }

    @Test
    void documentsGoAndColumnsStay() {
        Table cycle = table("cycle");
        double all = cycle.rowsAfter(1, 3) * cycle.bytes();

        assertThat(cycle.gibAfter(1, 3) * Table.GIB)
                .isCloseTo(all - (3 * 365 - 400) * cycle.documentBytes(), within(1.0));
    }

    private static Table table(String name) {
        return Table.all(PLAIN).stream()
                .filter(table -> table.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void processorTimeMakesReplicas() {
        Needs needs =
                with("read-health-api-cpu=9900", "merge-health-api-cpu=1", "idle-health-api-cpu=50", "cycle-changes=0");

        // 120 reads of 9.9 ms are 1.2 cores, of which each pod gives 0.5 × 0.7 less what it takes at rest.
        assertThat(needs.healthApiCores()).isCloseTo(1.188, within(0.001));
        assertThat(needs.healthApiReplicas()).isEqualTo(4);
        assertThat(needs.connections(4)).isEqualTo(4 * 4 * 10 + 80);
    }

    @Test
    void waitingForWhoopMakesReplicasToo() {
        Needs needs = with("whoop-call=1", "event-whoop-service-cpu=1");

        assertThat(needs.whoopServiceReplicasByCpu()).isEqualTo(3);
        // Of 37 looks a second one replica has three at once, for a second each.
        assertThat(needs.whoopServiceReplicas()).isEqualTo(Math.ceil(37 / 3.0));
    }

    @Test
    void whatOneDatabaseCarriesIsBoundedByTheFirstLimit() {
        Needs byDisk = with("database-disk-most=10", "database-cores-most=1024");
        Needs byCores = with("database-disk-most=1000000", "database-cores-most=1", "read-database-cpu=1000000");

        assertThat(byDisk.databases("health")).isEqualTo(Math.ceil(byDisk.heldGib("health") / 0.85 / 10));
        assertThat(byCores.membersPerDatabase("health"))
                .isEqualTo(Math.floor(86_400 * 0.6 / byCores.healthDatabaseCores()));
    }

    @Test
    void aPriceIsOnlyOfPricesThatAreGiven() {
        assertThat(with().isPriced()).isFalse();
        assertThat(with("price-cpu=10", "price-memory=2").isPriced()).isFalse();

        Needs priced = with("price-cpu=10", "price-memory=2", "price-disk=0.1");
        assertThat(priced.price()).isEqualTo(priced.cpu() * 10 + priced.memory() * 2 + priced.disk() * 0.1);
        assertThat(new Report(priced.in()).all()).contains("a month, in the currency of the prices");
        assertThat(new Report(PLAIN).all()).doesNotContain("currency");
    }

    @Test
    void aReplicaThatIsBusyAtRestIsRefused() {
        Needs needs = with("pod-cpu=0.01", "idle-health-api-cpu=500");

        assertThatThrownBy(needs::healthApiReplicas).hasMessage("pod-cpu is used up by a replica at rest");
    }
}
