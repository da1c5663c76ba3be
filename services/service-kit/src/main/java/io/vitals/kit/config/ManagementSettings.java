package io.vitals.kit.config;

/** Where health and metrics are served. */
public record ManagementSettings(String host, int port) {}
