/** Synthetic people: what happened to each of them, told once and read by every simulator. */
@NullMarked
package io.vitals.sandbox.member;

import org.jspecify.annotations.NullMarked;
