/** What prometheus-operator makes of the monitoring in the tree: everything is selected, and what comes out is loaded. */
@NullMarked
package io.vitals.gitops.operator;

import org.jspecify.annotations.NullMarked;
