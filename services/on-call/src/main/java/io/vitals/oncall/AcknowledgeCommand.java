package io.vitals.oncall;

import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.config.ListenerSettings;
import io.vitals.kit.config.Settings;
import io.vitals.kit.json.Json;
import io.vitals.kit.lifecycle.Options;
import io.vitals.kit.lifecycle.UsageException;
import io.vitals.kit.outbound.OutboundClient;
import io.vitals.kit.outbound.OutboundRequest;
import io.vitals.kit.outbound.OutboundResponse;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code acknowledge}: tells the process that runs beside this one, by the same configuration, that somebody looks at an incident, or what came of it. */
final class AcknowledgeCommand {
    static final String USAGE = "--incident INCIDENT --as primary|secondary|manager [--action taken|none]";
    static final Options.Syntax SYNTAX = new Options.Syntax(Set.of("incident", "as", "action"), Set.of());

    /** What of the settings is needed for it. */
    record Part(ListenerSettings api, OnCallSettings.Acknowledgements acknowledgements) {}

    private AcknowledgeCommand() {}

    /** It was not taken. The message says what the answer was. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /**
     * Signs and sends.
     *
     * @return a line for whoever called
     * @throws RefusedException if the answer is not 200
     */
    static String run(Options options, Map<String, String> environment, Clock clock)
            throws UsageException, UnknownHostException, RefusedException {
        String incident = options.value("incident").orElseThrow(() -> new UsageException("--incident is missing"));
        Role by = options.value("as")
                .flatMap(Role::of)
                .orElseThrow(() -> new UsageException("--as is not primary, secondary or manager"));
        Optional<String> action = options.value("action");
        if (action.isPresent() && action.flatMap(Action::of).isEmpty()) {
            throw new UsageException("--action is not taken or none");
        }
        Part settings = Settings.part(Part.class, environment);
        byte[] body = Json.write(new OnCallApi.Acknowledgement(incident, by.code(), action.orElse(null)));
        String timestamp = Long.toString(clock.instant().getEpochSecond());
        try (OutboundClient client = OutboundClient.builder("on-call", address(settings.api()))
                .deadline(Duration.ofSeconds(10))
                .maxBody(DataSize.ofKibibytes(64))
                .build(new SimpleMeterRegistry(), Tracer.noOp())) {
            OutboundResponse answer = client.send(OutboundRequest.post("acknowledge", "/api/v1/acknowledgements")
                    .header(Signature.TIMESTAMP, timestamp)
                    .header(
                            Signature.SIGNATURE,
                            Signature.sign(settings.acknowledgements().key(), timestamp, body))
                    .body(body, "application/json"));
            var told = Json.tree(answer.body());
            if (!answer.successful()) {
                throw new RefusedException(
                        answer.status() + " " + told.path("detail").asText());
            }
            boolean news = told.path("changed").asBoolean();
            String what = action.map(code -> news
                            ? "action " + code + ", said by "
                            : "action " + code + ", as was known already, said by ")
                    .orElse(news ? "acknowledged by " : "was acknowledged already by ");
            return told.path("incident").asText() + ": " + what + by.code();
        }
    }

    private static URI address(ListenerSettings api) throws UnknownHostException {
        InetAddress bound = InetAddress.getByName(api.host());
        String host = bound.isAnyLocalAddress() ? "127.0.0.1" : api.host();
        return URI.create("http://" + host + ":" + api.port());
    }
}
