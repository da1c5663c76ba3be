/** What the packaged services measure, held to monitoring/catalogue.yaml. */
@NullMarked
package io.vitals.journey.metrics;

import org.jspecify.annotations.NullMarked;
