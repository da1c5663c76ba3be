@NullMarked
package io.vitals.runbooks.rota;

import org.jspecify.annotations.NullMarked;
