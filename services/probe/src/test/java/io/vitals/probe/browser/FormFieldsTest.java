package io.vitals.probe.browser;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FormFieldsTest {
    @Test
    void linesAreFieldsAndShowNowhere() {
        FormFields fields = FormFields.parse("username=mira\n  \npassword=a=b c\n");
        assertThat(fields.encoded()).isEqualTo("username=mira&password=a%3Db+c");
        assertThat(fields.toString()).isEqualTo("FormFields[2]");
    }

    @Test
    void anotherLineIsNamedByItsNumberAlone() {
        assertThatThrownBy(() -> FormFields.parse("a=1\nhunter2"))
                .hasMessageContaining("line 2")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> FormFields.parse("a=1\na=hunter2"))
                .hasMessageContaining("line 2")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> FormFields.parse("=hunter2")).hasMessageContaining("line 1");
        assertThatThrownBy(() -> FormFields.parse(" \n")).hasMessageContaining("no line");
    }
}
