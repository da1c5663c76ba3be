/** Signed calls between services (RFC 9421 with Ed25519). */
@NullMarked
package io.vitals.kit.signing;

import org.jspecify.annotations.NullMarked;
