package io.vitals.probe;

import io.vitals.kit.config.Settings;
import io.vitals.sandbox.house.SettingsPage;
import org.junit.jupiter.api.Test;

class SettingsReferenceTest {
    @Test
    void theConfigurationPageHoldsTheTableOfTheCode() throws Exception {
        SettingsPage.mustHold("the probe", Settings.reference(ProbeSettings.class));
    }
}
