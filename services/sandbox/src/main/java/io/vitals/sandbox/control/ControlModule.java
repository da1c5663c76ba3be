package io.vitals.sandbox.control;

import java.util.List;
import java.util.Map;

/** What one simulator offers to the control server: {@code GET /api/<name>} and {@code POST /api/<name>/<action>}. */
public interface ControlModule {
    /** Lower-case, part of the path. */
    String name();

    String title();

    /** Anything Jackson can write; shown on the page, refreshed every few seconds. */
    Map<String, Object> status();

    List<ControlAction> actions();
}
