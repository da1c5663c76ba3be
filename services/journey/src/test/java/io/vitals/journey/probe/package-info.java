/** The probe as a process of its packaged jar, beside a running Vitals. */
@NullMarked
package io.vitals.journey.probe;

import org.jspecify.annotations.NullMarked;
