/** What is sent and what it may take, as files say: profiles, the shape of a day, thresholds. */
@NullMarked
package io.vitals.loadtest.profile;

import org.jspecify.annotations.NullMarked;
