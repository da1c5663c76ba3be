/** What is shown of Vitals: dashboards as records, and the JSON that Grafana reads. */
@NullMarked
package io.vitals.gitops.dashboards;

import org.jspecify.annotations.NullMarked;
