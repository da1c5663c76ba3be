/** What the probes of the edge find: the blackbox exporter of production with our modules. */
@NullMarked
package io.vitals.gitops.probes;

import org.jspecify.annotations.NullMarked;
