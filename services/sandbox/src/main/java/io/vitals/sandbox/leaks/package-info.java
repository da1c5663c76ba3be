/** Tests plant or know secrets and health values and look for them in all that a service says of itself. */
@NullMarked
package io.vitals.sandbox.leaks;

import org.jspecify.annotations.NullMarked;
