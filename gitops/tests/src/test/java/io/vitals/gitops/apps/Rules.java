package io.vitals.gitops.apps;

import io.vitals.gitops.Rule;
import io.vitals.gitops.schema.SchemaRule;

import java.util.List;

/** All that must hold of the services and their databases. */
final class Rules {
    static final List<Rule> ALL = List.of(
            new FilesRule(),
            new SchemaRule(),
            new PodRule(),
            new BlueGreenRule(),
            new MigrationRule(),
            new ConfigurationRule(),
            new ReferencesRule(),
            new EnvironmentsRule(),
            new CapacityRule(),
            new DatabaseRule());

    private Rules() {}
}
