/** Who may do what in Argo CD, when it applies, and what it calls healthy. */
@NullMarked
package io.vitals.gitops.argocd;

import org.jspecify.annotations.NullMarked;
