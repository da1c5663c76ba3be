/** The whole of Vitals as it is run: packaged jars in processes of their own, beside the sandbox in this one. */
@NullMarked
package io.vitals.journey.stack;

import org.jspecify.annotations.NullMarked;
