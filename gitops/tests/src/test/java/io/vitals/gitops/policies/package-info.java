/** What the admission policies admit and refuse, judged by the expressions themselves. */
@NullMarked
package io.vitals.gitops.policies;

import org.jspecify.annotations.NullMarked;
