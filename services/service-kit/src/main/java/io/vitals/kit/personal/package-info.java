/** What a service holds about a person, found through the catalogue of its database: to hand out and to erase. */
@NullMarked
package io.vitals.kit.personal;

import org.jspecify.annotations.NullMarked;
