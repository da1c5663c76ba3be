package io.vitals.loadtest.bench;

import io.vitals.whoop.model.RecordType;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A month of a member as WHOOP's API would send it, newest first, 25 records a page. All members live the same month; only
 * their ids differ, so that making a page costs the bench next to nothing.
 */
final class Pages {
    static final int DAYS = 30;
    /** One sleep, cycle, recovery and workout a day. */
    static final int RECORDS = 4 * DAYS;

    static final LocalDate LAST = LocalDate.of(2026, 3, 31);

    /** As many digits as a member's number has. */
    private static final String MEMBER = "######";

    private static final int PAGE = 25;
    private static final int FIRST_MEMBER = 100_000;

    private final List<Template> templates = new ArrayList<>();

    /** One page of one member. */
    record Page(RecordType type, byte[] json) {}

    private record Template(RecordType type, byte[] json, int[] places) {
        static Template of(RecordType type, String json) {
            byte[] bytes = json.getBytes(StandardCharsets.US_ASCII);
            int[] places = IntStream.range(0, json.length())
                    .filter(i -> json.startsWith(MEMBER, i))
                    .toArray();
            return new Template(type, bytes, places);
        }

        Page of(int member) {
            byte[] digits = Integer.toString(FIRST_MEMBER + member).getBytes(StandardCharsets.US_ASCII);
            byte[] page = json.clone();
            for (int place : places) {
                System.arraycopy(digits, 0, page, place, digits.length);
            }
            return new Page(type, page);
        }
    }

    Pages() {
        for (RecordType type : RecordType.COLLECTIONS) {
            for (int first = 0; first < DAYS; first += PAGE) {
                int end = Math.min(DAYS, first + PAGE);
                String records = IntStream.range(first, end)
                        .mapToObj(day -> record(type, day))
                        .collect(Collectors.joining(","));
                String next = end == DAYS ? "null" : "\"page-" + end + "\"";
                templates.add(Template.of(type, "{\"records\":[" + records + "],\"next_token\":" + next + "}"));
            }
        }
    }

    /** The account of a member by number. */
    static long account(int member) {
        return FIRST_MEMBER + (long) member;
    }

    /** All pages of a member, by collection and in the order in which a fresh link fetches them. */
    List<List<Page>> of(int member) {
        return RecordType.COLLECTIONS.stream()
                .map(type -> templates.stream()
                        .filter(template -> template.type() == type)
                        .map(template -> template.of(member))
                        .toList())
                .toList();
    }

    private static String record(RecordType type, int daysAgo) {
        LocalDate day = LAST.minusDays(daysAgo);
        String sleep = "\"00000000-0000-4000-8000-" + MEMBER + "%06d\"".formatted(daysAgo);
        String workout = "\"00000000-0000-4000-9000-" + MEMBER + "%06d\"".formatted(daysAgo);
        String cycle = MEMBER + "%03d".formatted(daysAgo);
        String common = "\"user_id\":" + MEMBER + ",\"created_at\":\"" + day + "T08:11:21.456Z\",\"updated_at\":\""
                + day + "T09:15:42.118Z\",\"timezone_offset\":\"+01:00\",\"score_state\":\"SCORED\"";
        return switch (type) {
            case SLEEP ->
                "{\"id\":" + sleep + ",\"cycle_id\":" + cycle + ",\"v1_id\":null,\"nap\":false," + common
                        + ",\"start\":\""
                        + day.minusDays(1) + "T22:31:05.300Z\",\"end\":\"" + day + "T06:20:44.900Z\"," + """
                        "score":{"stage_summary":{"total_in_bed_time_milli":28179600,"total_awake_time_milli":1403507,
                        "total_no_data_time_milli":0,"total_light_sleep_time_milli":14905851,"total_slow_wave_sleep_time_milli":6630370,
                        "total_rem_sleep_time_milli":5239872,"sleep_cycle_count":5,"disturbance_count":12},
                        "sleep_needed":{"baseline_milli":27395716,"need_from_sleep_debt_milli":352230,
                        "need_from_recent_strain_milli":208595,"need_from_recent_nap_milli":-12312},"respiratory_rate":16.11328125,
                        "sleep_performance_percentage":94.5,"sleep_consistency_percentage":88.25,"sleep_efficiency_percentage":91.69}}""";
            case CYCLE ->
                "{\"id\":" + cycle + "," + common + ",\"start\":\"" + day.minusDays(1) + "T22:31:05.300Z\",\"end\":\""
                        + day
                        + "T22:30:59.100Z\"," + """
                        "score":{"strain":11.2951527,"kilojoule":8288.297,"average_heart_rate":68,"max_heart_rate":141}}""";
            case RECOVERY -> "{\"cycle_id\":" + cycle + ",\"sleep_id\":" + sleep + "," + common + "," + """
                        "score":{"user_calibrating":false,"recovery_score":64.0,"resting_heart_rate":57.0,"hrv_rmssd_milli":41.813562,
                        "spo2_percentage":95.6875,"skin_temp_celsius":33.7}}""";
            case WORKOUT ->
                "{\"id\":" + workout + ",\"v1_id\":null,\"sport_id\":0,\"sport_name\":\"running\"," + common
                        + ",\"start\":\"" + day
                        + "T16:01:00.000Z\",\"end\":\"" + day + "T16:52:30.000Z\"," + """
                        "score":{"strain":8.2463,"average_heart_rate":123,"max_heart_rate":166,"kilojoule":1569.34,"percent_recorded":1.0,
                        "distance_meter":8410.23,"altitude_gain_meter":46.6,"altitude_change_meter":-0.8,"zone_durations":{
                        "zone_zero_milli":13458,"zone_one_milli":389370,"zone_two_milli":388367,"zone_three_milli":1200000,
                        "zone_four_milli":900000,"zone_five_milli":198805}}}""";
            case PROFILE, BODY -> throw new IllegalArgumentException("no collection: " + type);
        };
    }
}
