/** What tests of several features need. */
@NullMarked
package io.vitals.whoop.support;

import org.jspecify.annotations.NullMarked;
