package io.vitals.sandbox.launcher;

import io.vitals.sandbox.http.Place;
import io.vitals.sandbox.member.Almanac;

import java.nio.file.Path;

/**
 * Where the simulators run, what they keep, and whom they tell.
 *
 * @param directory where people and grants are kept between runs
 * @param almanac which days of the simulated people are awkward ones
 */
record SimulatorSettings(
        Path directory, Place place, Ports ports, Almanac almanac, VitalsAddresses vitals, SimulatorSecrets secrets) {}
