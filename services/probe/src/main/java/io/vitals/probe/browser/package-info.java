/** What a browser does of HTTP: cookies, redirects, forms. */
@NullMarked
package io.vitals.probe.browser;

import org.jspecify.annotations.NullMarked;
