package io.vitals.kit.config;

/** Where spans go: a Jaeger collector that speaks gRPC. */
public record TracingSettings(boolean enabled, String host, int port) {}
