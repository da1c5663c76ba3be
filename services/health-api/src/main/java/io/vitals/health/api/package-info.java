/** The public API: the policy table, the routes of the contract and their handlers. */
@NullMarked
package io.vitals.health.api;

import org.jspecify.annotations.NullMarked;
