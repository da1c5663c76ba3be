/** The members' page alone, in a real browser, against a stub that answers in the shapes of the public API. */
@NullMarked
package io.vitals.journey.page;

import org.jspecify.annotations.NullMarked;
