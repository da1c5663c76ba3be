/** How much of everything so many members need: measured figures, the model on them, and what measures them. */
@NullMarked
package io.vitals.loadtest.capacity;

import org.jspecify.annotations.NullMarked;
