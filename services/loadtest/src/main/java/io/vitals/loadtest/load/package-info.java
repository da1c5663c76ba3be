/** {@code make load}: a stack of its own, members with data, one profile after the plan, a verdict. */
@NullMarked
package io.vitals.loadtest.load;

import org.jspecify.annotations.NullMarked;
