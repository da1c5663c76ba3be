/** What the desired state does on a cluster that runs: real controllers, real images, requests while it happens. */
@NullMarked
package io.vitals.gitops.cluster;

import org.jspecify.annotations.NullMarked;
