/** Requests as members, their programs and WHOOP make them, and how long the answers took. */
@NullMarked
package io.vitals.loadtest.traffic;

import org.jspecify.annotations.NullMarked;
