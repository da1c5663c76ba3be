/**
 * Who is calling and what they may do: sign-in of the browser, bearer tokens, sessions, roles, ownership. Every token,
 * whether it came in a header or out of a session, is judged in one place.
 */
@NullMarked
package io.vitals.health.access;

import org.jspecify.annotations.NullMarked;
