/** What is watched: whether rules fire, stay silent and clear, and whether each alert reaches who has to know. */
@NullMarked
package io.vitals.gitops.monitoring;

import org.jspecify.annotations.NullMarked;
