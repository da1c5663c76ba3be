/** The words of the domain: WHOOP's records as values, free of storage and transport. */
@NullMarked
package io.vitals.whoop.model;

import org.jspecify.annotations.NullMarked;
