package io.vitals.kit.db;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

import static org.assertj.core.api.Assertions.assertThat;

class DatabaseExceptionTest {
    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "08006, CONNECTION, false",
        "57P01, CONNECTION, false",
        "'', CONNECTION, false",
        ", CONNECTION, false",
        "23505, CONSTRAINT, true",
        "22003, DATA, true",
        "22P05, DATA, true",
        "54000, DATA, true",
        "40001, SERIALIZATION, false",
        "40P01, SERIALIZATION, false",
        "57014, TIMEOUT, false",
        "42P01, OTHER, false",
        "42501, OTHER, false",
        "53100, OTHER, false"
    })
    void tellsByTheStateWhatToDo(String state, DatabaseException.Kind kind, boolean refusesRow) {
        var e = DatabaseException.of("write", new IllegalStateException(new SQLException("secret", state)));
        assertThat(e.kind()).isEqualTo(kind);
        assertThat(e.refusesRow()).isEqualTo(refusesRow);
        assertThat(e).hasMessageStartingWith("write: ").hasMessageNotContaining("secret");
    }

    @Test
    void aPoolThatHasNoConnectionIsAwayWhateverTheServerSaidBefore() {
        var e = DatabaseException.of("write", new SQLTransientConnectionException("none", "53300"));
        assertThat(e.kind()).isEqualTo(DatabaseException.Kind.CONNECTION);
    }

    @Test
    void whatIsNoRefusalOfTheDatabaseIsAFaultOfOurs() {
        assertThat(DatabaseException.of("write", new IllegalStateException()).kind())
                .isEqualTo(DatabaseException.Kind.OTHER);
    }
}
