/** The merged record of each member and day: its rules, its projection, its read models. */
@NullMarked
package io.vitals.health.daily;

import org.jspecify.annotations.NullMarked;
