/** OAuth links, sealed tokens and their refresh. */
@NullMarked
package io.vitals.whoop.link;

import org.jspecify.annotations.NullMarked;
