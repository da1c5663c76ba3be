/** WHOOP's records at rest: reading documents, upserts, tombstones, ranges. */
@NullMarked
package io.vitals.whoop.records;

import org.jspecify.annotations.NullMarked;
