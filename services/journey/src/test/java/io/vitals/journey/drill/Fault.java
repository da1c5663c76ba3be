package io.vitals.journey.drill;

import java.util.List;
import java.util.Set;

/**
 * Something that goes wrong.
 *
 * @param raises the alerts that have to come
 * @param along the names of alerts that may come along, because they are true as well; any other one is a mistake
 */
record Fault(String name, List<Expected> raises, Set<String> along, Injection injection) {
    /** Lets it happen; closing what is given ends it. */
    @FunctionalInterface
    interface Injection {
        AutoCloseable inject(Scene scene) throws Exception;
    }

    Fault {
        raises = List.copyOf(raises);
        along = Set.copyOf(along);
    }

    Fault named(String other) {
        return new Fault(other, raises, along, injection);
    }
}
