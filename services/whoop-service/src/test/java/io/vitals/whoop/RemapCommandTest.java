package io.vitals.whoop;

import io.vitals.kit.lifecycle.Options;
import io.vitals.kit.lifecycle.UsageException;
import io.vitals.whoop.model.RecordType;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RemapCommandTest {
    @Test
    void allKindsOrTheOneThatIsNamed() throws Exception {
        assertThat(types(List.of())).isEqualTo(RecordType.COLLECTIONS);
        assertThat(types(List.of("--type", "workout"))).containsExactly(RecordType.WORKOUT);
    }

    @Test
    void whatItDoesNotKnowIsRefused() {
        for (List<String> options : List.of(
                List.of("--type"),
                List.of("--type", "profile"),
                List.of("--type", "SLEEP"),
                List.of("sleep"),
                List.of("--type", "sleep", "--now"))) {
            assertThatThrownBy(() -> types(options)).isInstanceOf(UsageException.class);
        }
    }

    private static List<RecordType> types(List<String> arguments) throws UsageException {
        return RemapCommand.types(Options.parse(RemapCommand.SYNTAX, arguments));
    }
}
