package io.vitals.gitops.alerting;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Which receivers an alert of certain labels has, asked of amtool. */
class RoutesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            alertname=ServiceDown severity=critical team=wellness service_id=health-api cluster=production                         | on-call,pager,incidents
            alertname=HealthApiAbsent severity=critical team=wellness service_id=health-api cluster=production                     | on-call,pager,incidents
            alertname=SLOBudgetBurn severity=critical slo=api-availability burn_tier=fast service_id=health-api cluster=production | on-call,pager,incidents
            alertname=SLOBudgetBurn severity=warning slo=api-availability burn_tier=slow service_id=health-api cluster=production  | ticket,warnings
            alertname=PostgresDown severity=critical team=wellness service_id=postgres cluster=production                          | on-call,pager,incidents
            alertname=PoolTimeouts severity=critical team=wellness service_id=whoop-service cluster=production                     | on-call,pager,incidents
            alertname=SyncStalled severity=critical team=wellness service_id=whoop-service cluster=production                      | on-call,pager,incidents
            alertname=WebhookSilence severity=critical team=wellness service_id=whoop-service cluster=production                   | on-call,pager,incidents
            alertname=RolloutDegraded severity=critical team=platform service_id=health-api cluster=production                     | on-call,pager,incidents
            alertname=VolumeAlmostFull severity=critical team=platform service_id=platform cluster=production                      | on-call,pager,incidents
            alertname=CertificateAlmostOver severity=critical team=platform service_id=platform cluster=production                 | on-call,pager,incidents
            alertname=AlertsNotSent severity=critical team=platform service_id=observability cluster=production                    | on-call,pager,incidents
            alertname=NotificationsFailing severity=critical team=platform service_id=observability cluster=production             | on-call,pager,incidents
            alertname=IncidentUnacknowledged severity=critical escalation=secondary service_id=health-api cluster=production       | pager-secondary,incidents
            alertname=IncidentUnacknowledged severity=critical escalation=secondary team=security cluster=production               | security,pager-secondary,incidents
            alertname=IncidentStillUnacknowledged severity=critical escalation=manager service_id=health-api cluster=production    | pager-manager,incidents
            alertname=OnCallDown severity=critical team=platform service_id=observability cluster=production                       | on-call,pager,incidents
            alertname=PagesTooOften severity=warning team=platform service_id=health-api cluster=production                        | ticket,warnings
            alertname=AlertFlapping severity=info team=platform service_id=health-api cluster=production                           | digest
            alertname=IncidentStillUnacknowledged severity=critical escalation=manager service_id=health-api cluster=preproduction | non-production
            alertname=IncidentUnacknowledged severity=critical escalation=tertiary service_id=health-api cluster=production        | on-call,pager,incidents
            alertname=ApplicationDegraded severity=critical team=platform service_id=platform                                      | on-call,pager,incidents
            alertname=ApplicationSyncFailed severity=warning team=platform service_id=platform                                     | ticket,warnings
            alertname=AuditChainBroken severity=critical team=security service_id=health-api cluster=production                    | security,on-call,pager,incidents
            alertname=AuditWriteFailing severity=critical team=security service_id=whoop-service cluster=production                | security,on-call,pager,incidents
            alertname=AuthFailureSurge severity=warning team=security service_id=health-api cluster=production                     | security,ticket,warnings
            alertname=WebhookSignatureFailures severity=warning team=security service_id=whoop-service cluster=production          | security,ticket,warnings
            alertname=FalcoEvent severity=critical team=security service_id=platform source=falco cluster=production               | security,on-call,pager,incidents
            alertname=FalcoEvent severity=warning team=security service_id=platform source=falco cluster=production                | security,ticket,warnings
            alertname=FalcoEvent severity=critical team=security service_id=platform source=falco cluster=preproduction            | non-production
            alertname=NewErrorFingerprint severity=info team=security service_id=health-api cluster=production                     | digest
            alertname=High5xxRatio severity=warning team=wellness service_id=health-api cluster=production                         | ticket,warnings
            alertname=HighLatencyP99 severity=warning team=wellness service_id=health-api cluster=production                       | ticket,warnings
            alertname=JvmHeapHigh severity=warning team=wellness service_id=whoop-service cluster=production                       | ticket,warnings
            alertname=PostgresDeadlocks severity=warning team=wellness service_id=postgres cluster=production                      | ticket,warnings
            alertname=TargetDown severity=warning team=platform service_id=observability cluster=production                        | ticket,warnings
            alertname=PodOOMKilled severity=warning team=platform service_id=platform cluster=production                           | ticket,warnings
            alertname=WhoopMembersOverCapacity severity=info team=wellness service_id=whoop-service cluster=production             | digest
            alertname=RolloutPausedLong severity=info team=platform service_id=health-api cluster=production                       | digest
            alertname=Watchdog severity=none team=platform service_id=observability cluster=production                             | heartbeat
            alertname=Watchdog severity=none team=platform service_id=observability cluster=preproduction                          | heartbeat
            alertname=Watchdog severity=none team=platform service_id=observability                                                | heartbeat
            alertname=InfoInhibitor severity=none cluster=production                                                               | none
            alertname=ServiceDown severity=critical team=wellness service_id=health-api cluster=preproduction                      | non-production
            alertname=AuditChainBroken severity=critical team=security service_id=health-api cluster=preproduction                 | non-production
            alertname=IncidentUnacknowledged severity=critical escalation=secondary cluster=local                                  | non-production
            alertname=High5xxRatio severity=warning team=wellness service_id=health-api cluster=local                              | non-production
            alertname=RolloutPausedLong severity=info team=platform cluster=preproduction                                          | non-production
            alertname=ServiceDown severity=critical team=wellness service_id=health-api cluster=production-2                       | non-production
            alertname=Forgotten severity=page team=wellness cluster=production                                                     | unrouted
            alertname=Forgotten team=wellness cluster=production                                                                   | unrouted
            alertname=Forgotten team=security cluster=production                                                                   | unrouted
            alertname=Forgotten severity=CRITICAL cluster=production                                                               | unrouted
            """)
    void goesTo(String labels, String receivers) {
        assertThat(receivers(labels)).isEqualTo(receivers);
    }

    /** Whatever else it says. */
    @ParameterizedTest
    @ValueSource(strings = {"local", "preproduction", "offline", "Production", "staging"})
    void nothingButProductionWakesAnybody(String cluster) {
        for (String severity : List.of("critical", "warning", "info", "page", "")) {
            for (String team : List.of("platform", "security", "wellness")) {
                for (String escalation : List.of("", "secondary", "manager")) {
                    String labels = "alertname=Any severity=%s team=%s escalation=%s slo=api-availability cluster=%s"
                            .formatted(severity, team, escalation, cluster);
                    assertThat(receivers(labels)).as(labels).isEqualTo("non-production");
                }
            }
        }
    }

    private static String receivers(String labels) {
        var arguments = new ArrayList<>(List.of("config", "routes", "test", "--config.file"));
        arguments.add(Alertmanager.FILE.toString());
        Stream.of(labels.split(" ", -1)).filter(label -> !label.endsWith("=")).forEach(arguments::add);
        return Alertmanager.amtool(arguments.toArray(String[]::new)).orThrow().strip();
    }
}
