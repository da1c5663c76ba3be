package io.vitals.health;

import io.vitals.health.privacy.Consents;
import io.vitals.health.sahha.Sahha;
import io.vitals.health.whoop.WhoopService;

import java.util.UUID;

/** What a member's decision means for the sources. Each step may be repeated. */
record ConsentEffects(WhoopService whoop, Sahha sahha) implements Consents.Effects {
    @Override
    public void granted(UUID member) {
        sahha.consented(member);
    }

    @Override
    public void withdrawn(UUID member) {
        sahha.withdrawn(member);
        whoop.disconnect(member);
    }
}
