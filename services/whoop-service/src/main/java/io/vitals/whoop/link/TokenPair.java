package io.vitals.whoop.link;

import io.vitals.kit.config.Secret;

import java.time.Duration;
import java.util.List;

/** What WHOOP's token endpoint gives. Both tokens die when the pair is refreshed. */
record TokenPair(Secret access, Secret refresh, Duration lifetime, List<String> scopes) {}
