package io.vitals.health;

import io.vitals.kit.db.Identity;

/** The parts that work for all members. Which tables each may see is written in the migrations, by these names. */
public final class Workers {
    /** Makes the daily records. */
    public static final Identity PROJECTOR = Identity.worker("projector");
    /** Takes in what Sahha says. */
    public static final Identity SAHHA = Identity.worker("sahha");
    /** Carries out what members decided. */
    public static final Identity CONSENTS = Identity.worker("consents");
    /** Finds out who is calling. */
    public static final Identity DOOR = Identity.worker("door");

    /** Ends the keeping of what is old. */
    public static final Identity RETENTION = Identity.worker("retention");

    private Workers() {}
}
