package io.vitals.sandbox.sahha;

import io.vitals.sandbox.control.ControlAction;
import io.vitals.sandbox.control.ControlField;
import io.vitals.sandbox.control.ControlModule;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sahha's part of the control page. */
public final class SahhaControlModule implements ControlModule {
    private final SahhaControl control;

    public SahhaControlModule(SahhaControl control) {
        this.control = control;
    }

    @Override
    public String name() {
        return "sahha";
    }

    @Override
    public String title() {
        return "Sahha";
    }

    @Override
    public Map<String, Object> status() {
        var status = new LinkedHashMap<String, Object>();
        status.put("fault", control.fault().toString());
        status.put("profiles", control.profiles().size());
        status.put("requests", control.requests().size());
        List<SahhaControl.Delivery> deliveries = control.deliveries();
        status.put("webhooks", deliveries.size());
        status.put(
                "last_webhook_status",
                deliveries.isEmpty() ? 0 : deliveries.getLast().status());
        return status;
    }

    @Override
    public List<ControlAction> actions() {
        return List.of(
                ControlAction.of(
                        "fault",
                        "Fault",
                        "Lasts until another is chosen.",
                        input -> {
                            control.fault(fault(input.text("kind"), input.duration("delay")));
                            return Map.of("fault", control.fault().toString());
                        },
                        ControlField.choice(
                                "kind", "Kind", List.of("none", "down", "500", "429", "slow", "cut", "wrong-json")),
                        ControlField.text("delay", "Delay when slow", "PT3S")),
                ControlAction.of(
                        "announce",
                        "Send today",
                        "Today's scores, biomarkers and exercise sessions of every profile as webhooks.",
                        input -> Map.of("events", control.announceToday())),
                ControlAction.of(
                        "webhooks",
                        "Lose or double webhooks",
                        "Applies to the next ones.",
                        input -> {
                            control.dropWebhooks(input.number("drop"));
                            control.duplicateWebhooks(input.number("duplicate"));
                            return Map.of("drop", input.number("drop"), "duplicate", input.number("duplicate"));
                        },
                        ControlField.text("drop", "Lose", "0"),
                        ControlField.text("duplicate", "Double", "0")),
                ControlAction.of(
                        "score-shape",
                        "Score shape",
                        "The form of scores in answers.",
                        input -> {
                            control.scoreShape(
                                    "quick-start".equals(input.text("shape"))
                                            ? ScoreShape.QUICK_START
                                            : ScoreShape.FULL);
                            return Map.of("shape", input.text("shape"));
                        },
                        ControlField.choice("shape", "Shape", List.of("full", "quick-start"))),
                ControlAction.of("revoke", "Revoke tokens", "Every token given so far gets 401.", input -> {
                    control.revokeTokens();
                    return Map.of("revoked", true);
                }));
    }

    private static SahhaFault fault(String kind, Duration delay) {
        return switch (kind) {
            case "none" -> new SahhaFault.None();
            case "down" -> new SahhaFault.Down();
            case "500" -> new SahhaFault.Status(500);
            case "429" -> new SahhaFault.Status(429);
            case "slow" -> new SahhaFault.Slow(delay);
            case "cut" -> new SahhaFault.Cut();
            case "wrong-json" -> new SahhaFault.WrongJson();
            default -> throw new IllegalArgumentException("kind is not one of the choices");
        };
    }
}
