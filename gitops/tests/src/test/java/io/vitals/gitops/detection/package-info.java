/** Rules that watch system calls, and the events that they are for. */
@NullMarked
package io.vitals.gitops.detection;

import org.jspecify.annotations.NullMarked;
