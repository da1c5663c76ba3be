/** The one way to read and write JSON. */
@NullMarked
package io.vitals.kit.json;

import org.jspecify.annotations.NullMarked;
