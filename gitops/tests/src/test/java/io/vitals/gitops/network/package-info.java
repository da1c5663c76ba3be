/** Who reaches whom over the network: decided from the policies as a cluster gets them, and by a kernel that they are translated for. */
@NullMarked
package io.vitals.gitops.network;

import org.jspecify.annotations.NullMarked;
