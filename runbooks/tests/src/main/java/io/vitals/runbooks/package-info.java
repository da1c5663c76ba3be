/** The program behind make runbook. */
@NullMarked
package io.vitals.runbooks;

import org.jspecify.annotations.NullMarked;
