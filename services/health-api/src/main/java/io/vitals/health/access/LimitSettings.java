package io.vitals.health.access;

import java.util.List;

/**
 * How much callers may ask for.
 *
 * @param perMinute requests a minute of one member, key or unknown address
 * @param perHour requests an hour of the same
 * @param perDay requests a day of the same
 * @param failedPerMinute bad tokens or keys a minute from one address
 * @param concurrent requests worked on at once
 * @param trustedProxies whose word on a client's address is taken, as address ranges; none: the peer is the client
 * @param adminAddresses from where admins and auditors may use what only they may, as address ranges; none: from everywhere
 */
public record LimitSettings(
        int perMinute,
        int perHour,
        int perDay,
        int failedPerMinute,
        int concurrent,
        List<String> trustedProxies,
        List<String> adminAddresses) {

    public LimitSettings {
        if (Math.min(Math.min(perMinute, perHour), Math.min(perDay, Math.min(failedPerMinute, concurrent))) < 1) {
            throw new IllegalArgumentException("a limit below 1 would refuse everything");
        }
        trustedProxies = List.copyOf(trustedProxies);
        adminAddresses = List.copyOf(adminAddresses);
    }
}
