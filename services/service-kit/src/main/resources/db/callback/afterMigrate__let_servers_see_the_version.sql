-- A server may see which migrations have run, so that it can tell whether the schema fits.
GRANT SELECT ON flyway_schema_history TO ${app_role};
