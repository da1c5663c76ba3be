package io.vitals.runbooks.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A page of runbooks/alerts or runbooks/procedures.
 *
 * @param name of its file, without the ending
 */
public record Page(String name, FrontMatter about, List<Block> blocks) {
    public Page {
        blocks = List.copyOf(blocks);
    }

    /**
     * Reads a page.
     *
     * @throws PageException when it is not as runbooks/README.md says
     */
    public static Page read(Path file) {
        try {
            return parse(file.getFileName().toString().replaceFirst("\\.md$", ""), Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    public static Page parse(String name, String text) {
        return new PageReader(name).read(text);
    }

    /** What it is about, where that can only be an alert. */
    public AlertMatter alert() {
        if (about instanceof AlertMatter alert) {
            return alert;
        }
        throw new IllegalStateException(name + " is not the page of an alert");
    }

    public List<Step> steps() {
        return of(Step.class).toList();
    }

    public List<Step> steps(Phase phase) {
        return of(Step.class).filter(step -> step.phase() == phase).toList();
    }

    public Optional<Step> step(String id) {
        return of(Step.class).filter(step -> step.id().equals(id)).findFirst();
    }

    /** Titles of the sections of a level; those of level 2 are the same on each page of a kind. */
    public List<String> headings(int level) {
        return of(Block.Heading.class)
                .filter(heading -> heading.level() == level)
                .map(Block.Heading::text)
                .toList();
    }

    private <B extends Block> Stream<B> of(Class<B> type) {
        return blocks.stream().filter(type::isInstance).map(type::cast);
    }
}
