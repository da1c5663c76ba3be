package io.vitals.sandbox.member;

/**
 * A kind of workout.
 *
 * @param slug the name WHOOP sends
 * @param id the old number WHOOP still sends beside it
 * @param loadPerMinute what a minute adds to the day's load
 * @param kcalPerMinute for 70 kg
 * @param effort mean heart rate as a share of the reserve
 * @param speed metres a second; 0 when no distance is recorded
 */
record Sport(String slug, int id, double loadPerMinute, double kcalPerMinute, double effort, double speed) {
    static final Sport RUNNING = new Sport("running", 0, 0.0145, 11.0, 0.72, 2.9);
    static final Sport CYCLING = new Sport("cycling", 1, 0.0095, 9.0, 0.62, 6.9);
    static final Sport SWIMMING = new Sport("swimming", 33, 0.0105, 9.5, 0.64, 0.8);
    static final Sport LIFTING = new Sport("weightlifting_msk", 123, 0.0080, 6.5, 0.50, 0);
    static final Sport YOGA = new Sport("yoga", 44, 0.0028, 3.0, 0.28, 0);
    static final Sport WALKING = new Sport("walking", 63, 0.0030, 4.2, 0.32, 1.4);
    static final Sport ROWING = new Sport("rowing", 22, 0.0120, 10.0, 0.68, 2.6);
    static final Sport SAUNA = new Sport("sauna", 233, 0.0030, 2.0, 0.35, 0);

    /** In no published list: clients must let it pass. */
    static final Sport UNKNOWN = new Sport("underwater_juggling_v3", 9431, 0.0070, 6.0, 0.48, 0);
}
