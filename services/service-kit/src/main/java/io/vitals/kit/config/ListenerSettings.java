package io.vitals.kit.config;

/** Where a listener binds. */
public record ListenerSettings(String host, int port) {}
