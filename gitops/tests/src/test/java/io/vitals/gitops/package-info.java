/** What is to run, rendered and judged. */
@NullMarked
package io.vitals.gitops;

import org.jspecify.annotations.NullMarked;
