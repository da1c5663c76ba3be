package io.vitals.sandbox.control;

import java.util.List;

/**
 * An input of an action.
 *
 * @param choices what can be picked; empty for free text
 * @param initial what it is when nothing is given
 */
public record ControlField(String name, String label, List<String> choices, String initial) {
    public ControlField {
        choices = List.copyOf(choices);
    }

    public static ControlField text(String name, String label, String initial) {
        return new ControlField(name, label, List.of(), initial);
    }

    public static ControlField choice(String name, String label, List<String> choices) {
        return new ControlField(name, label, choices, choices.getFirst());
    }

    public static ControlField flag(String name, String label) {
        return new ControlField(name, label, List.of("false", "true"), "false");
    }
}
