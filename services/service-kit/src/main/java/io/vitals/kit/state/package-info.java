/** Export and import of a service's whole store: a way out of a lost cluster that needs no physical backup. */
@NullMarked
package io.vitals.kit.state;

import org.jspecify.annotations.NullMarked;
