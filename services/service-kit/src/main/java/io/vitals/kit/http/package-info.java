/** Listeners, limits, problems, security headers, request ids, route metrics and spans. */
@NullMarked
package io.vitals.kit.http;

import org.jspecify.annotations.NullMarked;
