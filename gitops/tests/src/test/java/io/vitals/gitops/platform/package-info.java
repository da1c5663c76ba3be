/** What the services stand on, who applies it, and the secrets of both: held to rules. */
@NullMarked
package io.vitals.gitops.platform;

import org.jspecify.annotations.NullMarked;
