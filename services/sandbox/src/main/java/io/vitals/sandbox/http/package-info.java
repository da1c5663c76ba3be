/** The little HTTP that the simulators share. It owes nothing to the services' own kit, so that both cannot be wrong alike. */
@NullMarked
package io.vitals.sandbox.http;

import org.jspecify.annotations.NullMarked;
