/** Envelope encryption, keyed digests and random tokens. */
@NullMarked
package io.vitals.kit.crypto;

import org.jspecify.annotations.NullMarked;
