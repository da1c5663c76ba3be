/** Which countries may use the public listener. */
@NullMarked
package io.vitals.health.country;

import org.jspecify.annotations.NullMarked;
