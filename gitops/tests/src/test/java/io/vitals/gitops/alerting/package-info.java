/** Who is told what: routes as a table, and a real Alertmanager whose messages are caught. */
@NullMarked
package io.vitals.gitops.alerting;

import org.jspecify.annotations.NullMarked;
