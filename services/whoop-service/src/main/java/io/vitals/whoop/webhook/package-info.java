/** Webhook intake and the workers behind it. */
@NullMarked
package io.vitals.whoop.webhook;

import org.jspecify.annotations.NullMarked;
