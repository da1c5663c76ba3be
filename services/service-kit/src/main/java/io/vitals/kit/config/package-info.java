/** Typed configuration records, validated at start. */
@NullMarked
package io.vitals.kit.config;

import org.jspecify.annotations.NullMarked;
