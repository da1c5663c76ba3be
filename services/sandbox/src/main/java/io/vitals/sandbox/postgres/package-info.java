/** A real PostgreSQL 18 in a directory: durable as in production, with faults that tests can cause. */
@NullMarked
package io.vitals.sandbox.postgres;

import org.jspecify.annotations.NullMarked;
