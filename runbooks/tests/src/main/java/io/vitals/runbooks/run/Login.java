package io.vitals.runbooks.run;

import io.vitals.kit.config.Secret;

/**
 * How a database is reached.
 *
 * @param url of JDBC, without credentials
 */
public record Login(String url, String user, Secret password) {
    public Login {
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException("url is no jdbc:postgresql: one");
        }
    }
}
