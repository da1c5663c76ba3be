package io.vitals.kit.db;

import java.util.Optional;
import java.util.UUID;

/**
 * For whom a transaction runs, as row-level security sees it: a member, who sees their own rows, or a named worker, who sees the rows of
 * those tables whose policies name it. Without one no row of any member exists.
 *
 * <p>It is set at the edge, once, for all that is done there in one thread; what reads and writes rows says nothing of it and so cannot
 * forget it. It ends with the transaction: a pooled connection carries none.
 */
public final class Identity {
    private static final ScopedValue<Identity> CURRENT = ScopedValue.newInstance();
    private static final Sql AS_MEMBER =
            Sql.named("identity-member", "SELECT set_config('vitals.member', :value, true) AS set");
    private static final Sql AS_WORKER =
            Sql.named("identity-worker", "SELECT set_config('vitals.worker', :value, true) AS set");

    private final Sql setter;
    private final String value;

    private Identity(Sql setter, String value) {
        this.setter = setter;
        this.value = value;
    }

    public static Identity member(UUID member) {
        return new Identity(AS_MEMBER, member.toString());
    }

    /** A part of the service that works for all members. */
    public static Identity worker(String name) {
        return new Identity(AS_WORKER, name);
    }

    /** Does the work as this one; whoever was set before is back afterwards. */
    public <T, X extends Throwable> T call(ScopedValue.CallableOp<T, X> work) throws X {
        return ScopedValue.where(CURRENT, this).call(work);
    }

    static Optional<Identity> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    void set(SqlExecutor transaction) {
        transaction.list(setter, Params.of("value", value), row -> true);
    }

    @Override
    public String toString() {
        return "Identity[" + setter.name() + "]";
    }
}
