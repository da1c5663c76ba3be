/** What holds of the services and their databases. */
@NullMarked
package io.vitals.gitops.apps;

import org.jspecify.annotations.NullMarked;
