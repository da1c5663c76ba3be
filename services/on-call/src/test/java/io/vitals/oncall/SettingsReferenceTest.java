package io.vitals.oncall;

import io.vitals.kit.config.Settings;
import io.vitals.sandbox.house.SettingsPage;
import org.junit.jupiter.api.Test;

class SettingsReferenceTest {
    @Test
    void theConfigurationPageHoldsTheTableOfTheCode() throws Exception {
        SettingsPage.mustHold("on-call", Settings.reference(OnCallSettings.class));
    }
}
