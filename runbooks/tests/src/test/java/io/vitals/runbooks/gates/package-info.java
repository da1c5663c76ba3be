/** What every page has to be, and what is refused. */
@NullMarked
package io.vitals.runbooks.gates;

import org.jspecify.annotations.NullMarked;
