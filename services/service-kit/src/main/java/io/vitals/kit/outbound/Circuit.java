package io.vitals.kit.outbound;

import java.util.Locale;

/** Whether an upstream is called. */
public enum Circuit {
    /** It is. */
    CLOSED,
    /** After a rest one call at a time tries whether it is well again. */
    HALF_OPEN,
    /** It failed too often and is left alone. */
    OPEN;

    /** As a label. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
