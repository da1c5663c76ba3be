@NullMarked
package io.vitals.runbooks.run;

import org.jspecify.annotations.NullMarked;
