package io.vitals.health;

import io.vitals.kit.state.StateTables;

/** What of the store an export holds. A new table is decided here, or neither command runs. */
final class HealthState {
    static final StateTables TABLES = StateTables.of()
            .in(
                    "api_key",
                    "audit_event",
                    "consent",
                    // A projection, but older than the documents that it was made of are kept.
                    "daily_record",
                    "member",
                    "rebuild_request",
                    "sahha_biomarker",
                    "sahha_inbox",
                    "sahha_profile",
                    "sahha_score",
                    "sahha_session",
                    "source_state",
                    "whoop_day")
            // Transactions are numbered by each cluster. An erasure that is under way takes a new barrier.
            .inWithout("barrier", "erasure")
            .ledger("erasure", "pseudonym")
            .out(
                    "feed_cursor",
                    "a place in whoop-service's feed belongs to its cluster; the feed is read from the beginning")
            .out("login_attempt", "a sign-in ends within minutes, in the browser that began it")
            .out("logout_token", "no session is left that one could end")
            .out("rate_bucket", "everybody starts with full limits")
            .out("refresh_run", "of no use after minutes")
            .out("sahha_token", "fetched anew")
            .out("session", "members sign in again");

    private HealthState() {}
}
