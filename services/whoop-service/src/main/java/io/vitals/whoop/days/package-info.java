/** Which record belongs to which local day, and what a day consists of. */
@NullMarked
package io.vitals.whoop.days;

import org.jspecify.annotations.NullMarked;
