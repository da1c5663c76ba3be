/** What Vitals takes from Sahha: client, poll, webhook intake, scores and biomarkers. */
@NullMarked
package io.vitals.health.sahha;

import org.jspecify.annotations.NullMarked;
