package io.vitals.kit.config;

/** The role that owns the schema; used by the migrate command only. */
public record MigratorSettings(String user, Secret password) {}
