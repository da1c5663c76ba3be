/** The public entry point. */
@NullMarked
package io.vitals.health;

import org.jspecify.annotations.NullMarked;
