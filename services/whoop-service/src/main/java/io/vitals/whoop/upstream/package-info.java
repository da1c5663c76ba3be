/** Calls to the WHOOP API on behalf of a member. */
@NullMarked
package io.vitals.whoop.upstream;

import org.jspecify.annotations.NullMarked;
