@NullMarked
package io.vitals.loadtest.capacity;

import org.jspecify.annotations.NullMarked;
