@NullMarked
package io.vitals.runbooks.page;

import org.jspecify.annotations.NullMarked;
