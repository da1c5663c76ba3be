/** What a run needs of the machine and of the services' databases. */
@NullMarked
package io.vitals.loadtest.stack;

import org.jspecify.annotations.NullMarked;
