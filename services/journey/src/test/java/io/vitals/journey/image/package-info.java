/** The images as they are built, read from their files and run by a container engine; {@code make image-test} runs these. */
@NullMarked
package io.vitals.journey.image;

import org.jspecify.annotations.NullMarked;
