package io.vitals.sandbox.member;

import java.time.LocalDate;
import java.time.ZoneId;

/**
 * Who a synthetic person is.
 *
 * @param number 1 for the first person of a population
 * @param userId the WHOOP user id
 * @param home the zone the person lives in; travel shows in the offsets of single records
 * @param newStrap whether the strap measures SpO2 and skin temperature
 */
public record Profile(
        int number,
        long userId,
        String firstName,
        String lastName,
        String email,
        LocalDate born,
        String sex,
        double heightMeter,
        double weightKilogram,
        int maxHeartRate,
        ZoneId home,
        boolean newStrap) {}
