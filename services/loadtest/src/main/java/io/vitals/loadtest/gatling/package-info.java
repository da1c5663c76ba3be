/** Members, their programs and WHOOP as Gatling plays them, in a process of its own, and what it measured. */
@NullMarked
package io.vitals.loadtest.gatling;

import org.jspecify.annotations.NullMarked;
