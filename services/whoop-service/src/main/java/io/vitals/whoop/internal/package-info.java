/** The signed API for health-api. */
@NullMarked
package io.vitals.whoop.internal;

import org.jspecify.annotations.NullMarked;
