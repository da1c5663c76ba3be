package io.vitals.whoop.link;

import io.vitals.whoop.support.Parser;

import java.util.List;

/** What reads the answers of WHOOP's token endpoint. */
public final class LinkParsers {
    private LinkParsers() {}

    public static List<Parser> all() {
        return List.of(TokenEndpoint::read);
    }
}
