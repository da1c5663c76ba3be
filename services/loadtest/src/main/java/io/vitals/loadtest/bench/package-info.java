/** Measures the packaged services: start-up, memory, reads beside references, webhook intake, and what a member feels. */
@NullMarked
package io.vitals.loadtest.bench;

import org.jspecify.annotations.NullMarked;
