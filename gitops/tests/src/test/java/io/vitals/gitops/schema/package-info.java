/** Schemas of what is to run, made of what their projects publish. */
@NullMarked
package io.vitals.gitops.schema;

import org.jspecify.annotations.NullMarked;
