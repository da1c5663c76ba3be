/** Who is on call when, and who is asked next. */
@NullMarked
package io.vitals.runbooks.rota;

import org.jspecify.annotations.NullMarked;
