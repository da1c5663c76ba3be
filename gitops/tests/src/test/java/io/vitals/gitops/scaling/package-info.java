/** What the autoscalers would do with loads as they come, without a cluster. */
@NullMarked
package io.vitals.gitops.scaling;

import org.jspecify.annotations.NullMarked;
