package io.vitals.kit.http;

/**
 * A kind of error that a caller can program against. Its {@code type} is {@code urn:vitals:problem:<slug>} and never
 * changes; docs/problems.md has an entry for each.
 *
 * @param status HTTP status code
 * @param slug stable, kebab-case
 * @param title short, the same for every occurrence
 */
public record ProblemType(int status, String slug, String title) {
    public String uri() {
        return "urn:vitals:problem:" + slug;
    }
}
