package io.vitals.whoop.link;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * A link as others may see it.
 *
 * @param whoopUserIdMasked the account's number but for its last three digits
 */
public record LinkStatus(
        LinkState state,
        @Nullable String reason,
        @Nullable Instant since,
        List<String> scopes,
        @Nullable String whoopUserIdMasked,
        @Nullable Instant lastWebhookAt,
        @Nullable Instant lastSyncAt) {
    static final LinkStatus NONE = new LinkStatus(LinkState.NONE, null, null, List.of(), null, null, null);

    static LinkStatus of(LinkRow link) {
        String number = Long.toString(link.whoopUserId());
        String shown = "…" + number.substring(Math.max(0, number.length() - 3));
        return new LinkStatus(
                link.state(),
                link.reason(),
                link.since(),
                link.scopes(),
                shown,
                link.lastWebhookAt(),
                link.lastSyncAt());
    }
}
