/** The members' page: its files, and the live stream that keeps it current. */
@NullMarked
package io.vitals.health.page;

import org.jspecify.annotations.NullMarked;
