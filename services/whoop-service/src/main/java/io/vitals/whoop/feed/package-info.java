/** The ordered change feed. */
@NullMarked
package io.vitals.whoop.feed;

import org.jspecify.annotations.NullMarked;
