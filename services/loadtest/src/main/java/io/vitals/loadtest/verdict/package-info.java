/** Whether what was measured keeps its thresholds, and the table that says so. */
@NullMarked
package io.vitals.loadtest.verdict;

import org.jspecify.annotations.NullMarked;
