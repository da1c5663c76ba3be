package io.vitals.kit.config;

/** The role that owns the schema; used by the commands migrate, export and import only. */
public record MigratorSettings(String user, Secret password) {}
