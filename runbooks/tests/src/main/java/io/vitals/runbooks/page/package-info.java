/** Pages of runbooks/alerts as they are written: what they are about, their sections, their steps. */
@NullMarked
package io.vitals.runbooks.page;

import org.jspecify.annotations.NullMarked;
