package io.vitals.whoop.support;

/** Something that reads bytes of strangers. Whatever they are, it answers, or refuses them in the way that its caller knows. */
@FunctionalInterface
public interface Parser {
    void read(byte[] bytes);
}
