@NullMarked
package io.vitals.runbooks.incident;

import org.jspecify.annotations.NullMarked;
