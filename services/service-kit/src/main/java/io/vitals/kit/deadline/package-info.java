/** How much time is left for the request being served, wherever its work goes. */
@NullMarked
package io.vitals.kit.deadline;

import org.jspecify.annotations.NullMarked;
