/** What holds for every service alike, for the tests of each. */
@NullMarked
package io.vitals.sandbox.house;

import org.jspecify.annotations.NullMarked;
