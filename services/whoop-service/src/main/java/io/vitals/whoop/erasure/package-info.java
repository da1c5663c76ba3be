/** Everything about a member: to hand out, and to erase. */
@NullMarked
package io.vitals.whoop.erasure;

import org.jspecify.annotations.NullMarked;
