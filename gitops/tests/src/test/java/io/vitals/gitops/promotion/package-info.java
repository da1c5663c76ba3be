/** How a release moves from one environment to the next, and back. */
@NullMarked
package io.vitals.gitops.promotion;

import org.jspecify.annotations.NullMarked;
