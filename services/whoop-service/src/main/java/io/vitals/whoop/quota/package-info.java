/** One request budget per WHOOP app, shared by all replicas. */
@NullMarked
package io.vitals.whoop.quota;

import org.jspecify.annotations.NullMarked;
