package io.vitals.kit.config;

/** How to reach the service database as its application role. */
public record DatabaseSettings(String url, String user, Secret password, int poolSize) {}
