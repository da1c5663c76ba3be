package io.vitals.sandbox.control;

import java.util.List;

/**
 * A thing that can be made to happen. The page makes a form of its fields.
 *
 * @param name lower-case with hyphens, part of the path
 * @param run what it does; its result is written as JSON, an {@link IllegalArgumentException} becomes a 400
 */
public record ControlAction(String name, String title, String hint, List<ControlField> fields, Run run) {

    /** Does it. */
    public interface Run {
        Object run(ControlInput input);
    }

    public ControlAction {
        fields = List.copyOf(fields);
    }

    public static ControlAction of(String name, String title, String hint, Run run, ControlField... fields) {
        return new ControlAction(name, title, hint, List.of(fields), run);
    }
}
