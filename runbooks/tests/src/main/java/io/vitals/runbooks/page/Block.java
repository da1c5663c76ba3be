package io.vitals.runbooks.page;

/** A part of a page, in the order in which it is read. */
public sealed interface Block permits Block.Heading, Block.Prose, Step {
    int line();

    /** A title of a section. */
    record Heading(int line, int level, String text) implements Block {}

    /** What a person reads, fences that are none of ours included. */
    record Prose(int line, String text) implements Block {}
}
