/** A simulator of the WHOOP developer platform: OAuth, the v2 API, its quota and its webhooks. */
@NullMarked
package io.vitals.sandbox.whoop;

import org.jspecify.annotations.NullMarked;
