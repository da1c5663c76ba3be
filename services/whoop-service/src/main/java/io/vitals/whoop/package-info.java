/** WHOOP links, records and the change feed. */
@NullMarked
package io.vitals.whoop;

import org.jspecify.annotations.NullMarked;
