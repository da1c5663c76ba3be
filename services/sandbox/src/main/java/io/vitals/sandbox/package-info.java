/** What a laptop lacks to run Vitals. */
@NullMarked
package io.vitals.sandbox;

import org.jspecify.annotations.NullMarked;
