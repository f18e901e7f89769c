package dev.gantry.adapter.lambda;

import dev.gantry.contract.SettingsPage;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The settings on the adapter's page are those that it reads, with its defaults. */
class DocumentationTest {
    private final SettingsPage page = new SettingsPage("lambda", "none");

    DocumentationTest() throws IOException {}

    @Test
    void listsTheSettings() {
        page.assertLists(LambdaSettings.KNOWN);
    }

    @Test
    void statesTheDefaults() {
        page.assertStatesDefaults(LambdaSettings::of);
    }
}
