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

    /**
     * What goes before the first statement of a transaction, on the same journey. The answer is a truth value and not the text, because the
     * driver waits for one answer before it sends the next statement when it cannot tell how long the answer may be.
     */
    private enum Setter {
        MEMBER("SELECT set_config('vitals.member', ?, true) IS NULL AS unset; "),
        WORKER("SELECT set_config('vitals.worker', ?, true) IS NULL AS unset; ");

        private final String text;

        Setter(String text) {
            this.text = text;
        }
    }

    private final Setter setter;
    private final String value;

    private Identity(Setter setter, String value) {
        this.setter = setter;
        this.value = value;
    }

    public static Identity member(UUID member) {
        return new Identity(Setter.MEMBER, member.toString());
    }

    /** A part of the service that works for all members. */
    public static Identity worker(String name) {
        return new Identity(Setter.WORKER, name);
    }

    /** Does the work as this one; whoever was set before is back afterwards. */
    public <T, X extends Throwable> T call(ScopedValue.CallableOp<T, X> work) throws X {
        return ScopedValue.where(CURRENT, this).call(work);
    }

    static Optional<Identity> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    /** What makes the statement behind it see the rows of this one; its one parameter is {@link #value}. */
    String setter() {
        return setter.text;
    }

    String value() {
        return value;
    }

    /** Whether a statement begins with one that sets an identity. */
    static boolean leads(String statement) {
        return statement.startsWith(Setter.MEMBER.text) || statement.startsWith(Setter.WORKER.text);
    }

    @Override
    public String toString() {
        return "Identity[" + setter.name() + "]";
    }
}
