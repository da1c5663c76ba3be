/** What a member does and sees, from the sign-in to the end of a connection, and what happens when something is down. */
@NullMarked
package io.vitals.journey.member;

import org.jspecify.annotations.NullMarked;
