/** Debian's Chromium under Playwright, and what a browser complains about. */
@NullMarked
package io.vitals.journey.browser;

import org.jspecify.annotations.NullMarked;
