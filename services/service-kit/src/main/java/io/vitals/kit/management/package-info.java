/** MicroProfile Health and Metrics on their own port. */
@NullMarked
package io.vitals.kit.management;

import org.jspecify.annotations.NullMarked;
