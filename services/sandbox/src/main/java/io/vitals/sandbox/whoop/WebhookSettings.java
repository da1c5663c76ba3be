package io.vitals.sandbox.whoop;

/**
 * How the simulator treats its own webhooks; all off by default.
 *
 * @param copies how often each event is sent again with the same trace id
 * @param reorder events that happen together arrive in reverse
 * @param drop no event is sent at all
 * @param badSignature signatures are wrong
 */
public record WebhookSettings(int copies, boolean reorder, boolean drop, boolean badSignature) {
    public static final WebhookSettings HONEST = new WebhookSettings(0, false, false, false);
}
