/** What the member decides about their data: consent, and taking the data along. */
@NullMarked
package io.vitals.health.privacy;

import org.jspecify.annotations.NullMarked;
