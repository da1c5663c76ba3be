package io.vitals.sandbox.whoop;

import io.vitals.sandbox.control.ControlAction;
import io.vitals.sandbox.control.ControlField;
import io.vitals.sandbox.control.ControlInput;
import io.vitals.sandbox.control.ControlModule;
import io.vitals.sandbox.member.Profile;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** {@link WhoopControl} as actions of the control page. */
record WhoopControlModule(WhoopControl control) implements ControlModule {
    private static final List<String> KINDS =
            List.of("429", "500", "503", "slow", "cut-body", "broken-json", "wrong-shape", "empty-body", "redirect");

    @Override
    public String name() {
        return "whoop";
    }

    @Override
    public String title() {
        return "WHOOP simulator";
    }

    @Override
    public Map<String, Object> status() {
        return control.status();
    }

    @Override
    public List<ControlAction> actions() {
        List<ControlAction> actions = new ArrayList<>();
        actions.add(ControlAction.of(
                "new-sleep",
                "New sleep now",
                "The member wakes up: sleep, recovery and webhooks.",
                this::newSleep,
                member(),
                ControlField.text("pending", "Unscored for (seconds)", "0")));
        actions.add(ControlAction.of(
                "finish-cycle",
                "Finish cycle",
                "The running cycle ends and the next begins.",
                in -> Map.of("running_cycle", control.finishCycle(number(in)).id()),
                member()));
        actions.add(ControlAction.of(
                "delete-workout", "Delete workout", "Without an id: the newest.", this::deleteWorkout, member(), id()));
        actions.add(ControlAction.of(
                "delete-sleep", "Delete sleep", "Without an id: the newest.", this::deleteSleep, member(), id()));
        actions.add(ControlAction.of(
                "score-pending",
                "Score pending",
                "Whatever waits for its score gets it.",
                in -> Map.of("scored", control.scorePending(number(in))),
                member()));
        actions.add(ControlAction.of(
                "fault",
                "Order a fault",
                "For so many calls, or for a period when one is given.",
                this::fault,
                ControlField.choice("kind", "Kind", KINDS),
                ControlField.choice("endpoint", "Endpoint", endpoints()),
                ControlField.text("calls", "Calls", "1"),
                ControlField.text("period", "Period (seconds)", "0"),
                ControlField.text("delay", "Delay when slow (seconds)", "5")));
        actions.add(ControlAction.of("clear-faults", "Clear faults", "Everything works again.", in -> {
            control.clearFaults();
            return Map.of();
        }));
        actions.add(ControlAction.of(
                "webhooks",
                "Webhook behaviour",
                "Stays until it is set again.",
                this::webhooks,
                ControlField.text("copies", "Extra copies", "0"),
                ControlField.flag("reorder", "Reverse order"),
                ControlField.flag("drop", "Drop"),
                ControlField.flag("bad-signature", "Bad signature")));
        actions.add(ControlAction.of(
                "webhook-targets",
                "Webhook targets",
                "URLs, separated by spaces.",
                this::targets,
                ControlField.text("urls", "URLs", "")));
        actions.add(ControlAction.of(
                "clock",
                "Clock offset",
                "Seconds or ISO-8601; moves the simulators' world.",
                in -> {
                    control.clockOffset(in.duration("offset"));
                    return Map.of("clock", control.people().clock().instant().toString());
                },
                ControlField.text("offset", "Offset", "0")));
        actions.add(ControlAction.of("expire-access-tokens", "Expire access tokens", "Clients must refresh.", in -> {
            control.expireAccessTokens();
            return Map.of();
        }));
        actions.add(ControlAction.of(
                "revoke",
                "Revoke access",
                "The member takes the app's access back at WHOOP.",
                in -> Map.of("revoked", control.revoke(number(in))),
                member()));
        actions.add(ControlAction.of("reset-figures", "Reset figures", "Counters and quota windows.", in -> {
            control.resetFigures();
            return Map.of();
        }));
        return List.copyOf(actions);
    }

    private Object newSleep(ControlInput in) {
        var made = control.newSleep(number(in), in.duration("pending"));
        return Map.of(
                "sleep", made.sleep().id().toString(),
                "cycle", made.sleep().cycleId(),
                "replaced", String.valueOf(made.replaced()));
    }

    private Object deleteWorkout(ControlInput in) {
        int member = number(in);
        return delete(
                in,
                member,
                control.people().member(member).workouts().stream()
                        .map(w -> w.id())
                        .toList());
    }

    private Object deleteSleep(ControlInput in) {
        int member = number(in);
        return delete(
                in,
                member,
                control.people().member(member).sleeps().stream()
                        .map(s -> s.id())
                        .toList());
    }

    private Object delete(ControlInput in, int member, List<UUID> known) {
        if (known.isEmpty()) {
            throw new IllegalArgumentException("there is none");
        }
        UUID id = in.text("id").isEmpty() ? known.getFirst() : UUID.fromString(in.text("id"));
        if (!known.contains(id) || !control.delete(member, id)) {
            throw new IllegalArgumentException("there is none with this id");
        }
        return Map.of("deleted", id.toString());
    }

    private Object fault(ControlInput in) {
        String kind = in.text("kind");
        WhoopFault fault = switch (kind) {
            case "slow" -> new WhoopFault.Slow(in.duration("delay"));
            case "cut-body" -> new WhoopFault.CutBody();
            case "broken-json" -> new WhoopFault.BrokenJson();
            case "empty-body" -> new WhoopFault.EmptyBody();
            case "redirect" -> new WhoopFault.Redirect();
            case "wrong-shape" -> new WhoopFault.WrongShape();
            default -> new WhoopFault.Refuse(status(kind));
        };
        Set<WhoopEndpoint> endpoints = switch (in.text("endpoint")) {
            case "api" -> WhoopEndpoint.api();
            case "all" -> WhoopEndpoint.all();
            default -> Set.of(WhoopEndpoint.valueOf(in.text("endpoint").toUpperCase(Locale.ROOT)));
        };
        Duration period = in.duration("period");
        if (period.isPositive()) {
            control.failFor(endpoints, period, fault);
        } else {
            control.failNext(endpoints, in.number("calls"), fault);
        }
        return Map.of("ordered", control.orderedFaults());
    }

    private static int status(String kind) {
        if (!kind.matches("[45][0-9]{2}")) {
            throw new IllegalArgumentException("no such kind of fault");
        }
        return Integer.parseInt(kind);
    }

    private Object webhooks(ControlInput in) {
        int copies = in.number("copies");
        if (copies < 0 || copies > 100) {
            throw new IllegalArgumentException("copies is 0 to 100");
        }
        control.webhooks(new WebhookSettings(copies, in.flag("reorder"), in.flag("drop"), in.flag("bad-signature")));
        return control.webhooks();
    }

    private Object targets(ControlInput in) {
        control.webhookTargets(Arrays.stream(in.text("urls").split("\\s+"))
                .filter(url -> !url.isEmpty())
                .map(URI::create)
                .toList());
        return Map.of(
                "targets", control.webhookTargets().stream().map(URI::toString).toList());
    }

    private ControlField member() {
        return ControlField.choice(
                "member",
                "Member",
                control.people().members().stream().map(m -> label(m.profile())).toList());
    }

    private static String label(Profile profile) {
        return profile.number() + " " + profile.firstName();
    }

    private int number(ControlInput in) {
        String digits = in.text("member").split(" ", 2)[0];
        int size = control.people().members().size();
        if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) < 1 || Integer.parseInt(digits) > size) {
            throw new IllegalArgumentException("member is 1 to " + size);
        }
        return Integer.parseInt(digits);
    }

    private static ControlField id() {
        return ControlField.text("id", "Id", "");
    }

    private static List<String> endpoints() {
        List<String> names = new ArrayList<>(List.of("api", "all"));
        for (WhoopEndpoint endpoint : WhoopEndpoint.values()) {
            names.add(endpoint.name().toLowerCase(Locale.ROOT));
        }
        return names;
    }
}
