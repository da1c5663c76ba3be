/** Reads data that people write, and says all that is wrong with it. */
@NullMarked
package io.vitals.runbooks.data;

import org.jspecify.annotations.NullMarked;
