/** What the build promises: images that hold the service, reference pages that match the code. */
@NullMarked
package io.vitals.journey.build;

import org.jspecify.annotations.NullMarked;
