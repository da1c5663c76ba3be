package io.vitals.runbooks.run;

import java.util.Optional;

/** The person. */
public interface Console {
    void say(String text);

    /** What is typed; nothing when nobody is there to type any more. */
    Optional<String> ask(String question);
}
