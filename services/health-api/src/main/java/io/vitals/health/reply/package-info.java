/** How answers are written: entity tags, compression, query parameters. Knows no feature. */
@NullMarked
package io.vitals.health.reply;

import org.jspecify.annotations.NullMarked;
