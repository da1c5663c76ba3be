/** API keys: what a member gives to a program so that it may read their days. Only a hash of a key is stored. */
@NullMarked
package io.vitals.health.keys;

import org.jspecify.annotations.NullMarked;
