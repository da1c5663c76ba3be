/** Who did what to whose data: writing it down before it happens, and showing it to whom it may be shown. */
@NullMarked
package io.vitals.health.audit;

import org.jspecify.annotations.NullMarked;
