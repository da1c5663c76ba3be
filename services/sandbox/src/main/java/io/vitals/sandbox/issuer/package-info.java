/** A small, strict OpenID provider: code flow with PKCE, refresh with rotation, the sandbox accounts. */
@NullMarked
package io.vitals.sandbox.issuer;

import org.jspecify.annotations.NullMarked;
