package io.vitals.health;

import io.vitals.health.access.Access;
import io.vitals.health.privacy.Erasures;
import io.vitals.health.sahha.Sahha;
import io.vitals.health.whoop.WhoopPrivacy;

import java.util.UUID;

/** Where else a member is known. Sahha has no call that ends a profile: it gets no more questions, and its events are dropped. */
record ErasureSources(WhoopPrivacy whoop, Sahha sahha, Access access) implements Erasures.Sources {
    @Override
    public void endSahha(UUID member) {
        sahha.withdrawn(member);
    }

    @Override
    public Erasures.Removed eraseWhoop(UUID member, UUID receipt) {
        WhoopPrivacy.Erased erased = whoop.erase(member, receipt);
        return new Erasures.Removed(erased.done(), erased.removed());
    }

    @Override
    public void forgotten(UUID member) {
        access.forget(member);
    }
}
