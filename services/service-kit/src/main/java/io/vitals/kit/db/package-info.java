/** PostgreSQL through a bounded pool: named statements, transactions, migrations. */
@NullMarked
package io.vitals.kit.db;

import org.jspecify.annotations.NullMarked;
