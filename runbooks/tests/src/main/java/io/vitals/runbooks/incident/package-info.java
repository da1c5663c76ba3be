/** Records of incidents: begun from what on-call keeps, finished by people, and held to their format. */
@NullMarked
package io.vitals.runbooks.incident;

import org.jspecify.annotations.NullMarked;
