package io.vitals.whoop;

import io.vitals.kit.state.StateTables;

/** What of the store an export holds. A new table is decided here, or neither command runs. */
final class WhoopState {
    static final StateTables TABLES = StateTables.of()
            .in(
                    "audit_event",
                    "body",
                    "coverage",
                    "cycle",
                    "erasure_receipt",
                    "link",
                    "profile",
                    "recovery",
                    "sleep",
                    "sync_cursor",
                    "sync_listed",
                    "sync_run",
                    "sync_suspect",
                    "sync_walk",
                    "tombstone",
                    "unreadable_record",
                    "webhook_inbox",
                    "workout")
            // Transactions are numbered by each cluster. Imported rows get the number of the import, so readers begin
            // anew.
            .inWithout("txid", "change", "seq")
            .out("oauth_state", "an authorization ends within ten minutes, in the browser that began it")
            .out("quota", "WHOOP says with each answer what is used")
            .out("scheduled_tasks", "the scheduler makes its rows when the service starts")
            .out("service_nonce", "a call is too old to be accepted again long before an import ends")
            // A link keeps its row until its tokens are destroyed. Those of an erased member are given back already.
            .beforeErasure("UPDATE link SET access_token = NULL, refresh_token = NULL WHERE member_id = ?");

    private WhoopState() {}
}
