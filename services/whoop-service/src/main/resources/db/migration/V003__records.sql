CREATE TABLE cycle (
    member_id          uuid        NOT NULL,
    whoop_user_id      bigint      NOT NULL,
    id                 bigint      NOT NULL,
    start_at           timestamptz NOT NULL,
    end_at             timestamptz,
    zone_offset        text        NOT NULL,
    local_date         date        NOT NULL,
    score_state        text        NOT NULL,
    strain             double precision,
    kilojoule          double precision,
    average_heart_rate double precision,
    max_heart_rate     double precision,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    fetched_at         timestamptz NOT NULL,
    raw                jsonb       NOT NULL,
    CHECK (end_at IS NULL OR end_at >= start_at),
    PRIMARY KEY (member_id, whoop_user_id, id)
);
CREATE INDEX cycle_day ON cycle (member_id, local_date);

COMMENT ON TABLE cycle IS 'A physiological day; end_at is null while it runs.';
COMMENT ON COLUMN cycle.member_id IS 'personal: the member';
COMMENT ON COLUMN cycle.whoop_user_id IS 'personal: the account it came from';
COMMENT ON COLUMN cycle.id IS 'personal: WHOOP''s number for the cycle';
COMMENT ON COLUMN cycle.start_at IS 'health: start';
COMMENT ON COLUMN cycle.end_at IS 'health: end, null while the cycle runs';
COMMENT ON COLUMN cycle.zone_offset IS 'personal: the member''s offset from UTC';
COMMENT ON COLUMN cycle.local_date IS 'health: the local day it belongs to';
COMMENT ON COLUMN cycle.score_state IS 'health: SCORED, PENDING_SCORE or UNSCORABLE';
COMMENT ON COLUMN cycle.strain IS 'health: day strain, 0 to 21';
COMMENT ON COLUMN cycle.kilojoule IS 'health: energy';
COMMENT ON COLUMN cycle.average_heart_rate IS 'health: beats per minute';
COMMENT ON COLUMN cycle.max_heart_rate IS 'health: beats per minute';
COMMENT ON COLUMN cycle.created_at IS 'public: when WHOOP made the record';
COMMENT ON COLUMN cycle.updated_at IS 'public: WHOOP''s version of the record; never moves backwards';
COMMENT ON COLUMN cycle.fetched_at IS 'public: when we fetched it';
COMMENT ON COLUMN cycle.raw IS 'health: the document as WHOOP sent it';

CREATE TABLE recovery (
    member_id          uuid        NOT NULL,
    whoop_user_id      bigint      NOT NULL,
    sleep_id           uuid        NOT NULL,
    cycle_id           bigint      NOT NULL,
    local_date         date,
    score_state        text        NOT NULL,
    user_calibrating   boolean,
    recovery_score     double precision,
    resting_heart_rate double precision,
    hrv_rmssd_milli    double precision,
    spo2_percentage    double precision,
    skin_temp_celsius  double precision,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    fetched_at         timestamptz NOT NULL,
    raw                jsonb       NOT NULL,
    PRIMARY KEY (member_id, whoop_user_id, sleep_id)
);
CREATE INDEX recovery_day ON recovery (member_id, local_date);
CREATE INDEX recovery_cycle ON recovery (member_id, cycle_id);

COMMENT ON TABLE recovery IS 'Recovery after a main sleep, named by that sleep; WHOOP gives it no id.';
COMMENT ON COLUMN recovery.member_id IS 'personal: the member';
COMMENT ON COLUMN recovery.whoop_user_id IS 'personal: the account it came from';
COMMENT ON COLUMN recovery.sleep_id IS 'personal: the sleep it follows';
COMMENT ON COLUMN recovery.cycle_id IS 'personal: the cycle it belongs to';
COMMENT ON COLUMN recovery.local_date IS 'health: the local day of its sleep, null while neither sleep nor cycle is known';
COMMENT ON COLUMN recovery.score_state IS 'health: SCORED, PENDING_SCORE or UNSCORABLE';
COMMENT ON COLUMN recovery.user_calibrating IS 'health: WHOOP is still learning the member';
COMMENT ON COLUMN recovery.recovery_score IS 'health: percent';
COMMENT ON COLUMN recovery.resting_heart_rate IS 'health: beats per minute';
COMMENT ON COLUMN recovery.hrv_rmssd_milli IS 'health: heart rate variability, RMSSD in milliseconds';
COMMENT ON COLUMN recovery.spo2_percentage IS 'health: blood oxygen, percent';
COMMENT ON COLUMN recovery.skin_temp_celsius IS 'health: skin temperature';
COMMENT ON COLUMN recovery.created_at IS 'public: when WHOOP made the record';
COMMENT ON COLUMN recovery.updated_at IS 'public: WHOOP''s version of the record; never moves backwards';
COMMENT ON COLUMN recovery.fetched_at IS 'public: when we fetched it';
COMMENT ON COLUMN recovery.raw IS 'health: the document as WHOOP sent it';

CREATE TABLE sleep (
    member_id              uuid        NOT NULL,
    whoop_user_id          bigint      NOT NULL,
    id                     uuid        NOT NULL,
    cycle_id               bigint,
    nap                    boolean     NOT NULL,
    start_at               timestamptz NOT NULL,
    end_at                 timestamptz NOT NULL,
    zone_offset            text        NOT NULL,
    local_date             date        NOT NULL,
    score_state            text        NOT NULL,
    in_bed_milli           bigint,
    awake_milli            bigint,
    no_data_milli          bigint,
    light_milli            bigint,
    slow_wave_milli        bigint,
    rem_milli              bigint,
    sleep_cycle_count      bigint,
    disturbance_count      bigint,
    need_baseline_milli    bigint,
    need_debt_milli        bigint,
    need_strain_milli      bigint,
    need_nap_milli         bigint,
    respiratory_rate       double precision,
    performance_percentage double precision,
    consistency_percentage double precision,
    efficiency_percentage  double precision,
    created_at             timestamptz NOT NULL,
    updated_at             timestamptz NOT NULL,
    fetched_at             timestamptz NOT NULL,
    raw                    jsonb       NOT NULL,
    CHECK (end_at >= start_at),
    PRIMARY KEY (member_id, whoop_user_id, id)
);
CREATE INDEX sleep_day ON sleep (member_id, local_date);
CREATE INDEX sleep_cycle ON sleep (member_id, cycle_id);

COMMENT ON TABLE sleep IS 'A main sleep or a nap. Durations in milliseconds.';
COMMENT ON COLUMN sleep.member_id IS 'personal: the member';
COMMENT ON COLUMN sleep.whoop_user_id IS 'personal: the account it came from';
COMMENT ON COLUMN sleep.id IS 'personal: WHOOP''s id of the sleep';
COMMENT ON COLUMN sleep.cycle_id IS 'personal: the cycle it belongs to';
COMMENT ON COLUMN sleep.nap IS 'health: nap or main sleep';
COMMENT ON COLUMN sleep.start_at IS 'health: start';
COMMENT ON COLUMN sleep.end_at IS 'health: end';
COMMENT ON COLUMN sleep.zone_offset IS 'personal: the member''s offset from UTC';
COMMENT ON COLUMN sleep.local_date IS 'health: the local day it belongs to';
COMMENT ON COLUMN sleep.score_state IS 'health: SCORED, PENDING_SCORE or UNSCORABLE';
COMMENT ON COLUMN sleep.in_bed_milli IS 'health: time in bed';
COMMENT ON COLUMN sleep.awake_milli IS 'health: time awake';
COMMENT ON COLUMN sleep.no_data_milli IS 'health: time without data';
COMMENT ON COLUMN sleep.light_milli IS 'health: light sleep';
COMMENT ON COLUMN sleep.slow_wave_milli IS 'health: slow-wave (deep) sleep';
COMMENT ON COLUMN sleep.rem_milli IS 'health: REM sleep';
COMMENT ON COLUMN sleep.sleep_cycle_count IS 'health: sleep cycles';
COMMENT ON COLUMN sleep.disturbance_count IS 'health: disturbances';
COMMENT ON COLUMN sleep.need_baseline_milli IS 'health: sleep needed, baseline';
COMMENT ON COLUMN sleep.need_debt_milli IS 'health: sleep needed from debt';
COMMENT ON COLUMN sleep.need_strain_milli IS 'health: sleep needed from strain';
COMMENT ON COLUMN sleep.need_nap_milli IS 'health: sleep needed from naps, zero or less';
COMMENT ON COLUMN sleep.respiratory_rate IS 'health: breaths per minute';
COMMENT ON COLUMN sleep.performance_percentage IS 'health: sleep performance';
COMMENT ON COLUMN sleep.consistency_percentage IS 'health: sleep consistency';
COMMENT ON COLUMN sleep.efficiency_percentage IS 'health: sleep efficiency';
COMMENT ON COLUMN sleep.created_at IS 'public: when WHOOP made the record';
COMMENT ON COLUMN sleep.updated_at IS 'public: WHOOP''s version of the record; never moves backwards';
COMMENT ON COLUMN sleep.fetched_at IS 'public: when we fetched it';
COMMENT ON COLUMN sleep.raw IS 'health: the document as WHOOP sent it';

CREATE TABLE workout (
    member_id           uuid        NOT NULL,
    whoop_user_id       bigint      NOT NULL,
    id                  uuid        NOT NULL,
    start_at            timestamptz NOT NULL,
    end_at              timestamptz NOT NULL,
    zone_offset         text        NOT NULL,
    local_date          date        NOT NULL,
    sport_name          text,
    score_state         text        NOT NULL,
    strain              double precision,
    average_heart_rate  double precision,
    max_heart_rate      double precision,
    kilojoule           double precision,
    percent_recorded    double precision,
    distance_meter      double precision,
    altitude_gain_meter double precision,
    zone_zero_milli     bigint,
    zone_one_milli      bigint,
    zone_two_milli      bigint,
    zone_three_milli    bigint,
    zone_four_milli     bigint,
    zone_five_milli     bigint,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    fetched_at          timestamptz NOT NULL,
    raw                 jsonb       NOT NULL,
    CHECK (end_at >= start_at),
    PRIMARY KEY (member_id, whoop_user_id, id)
);
CREATE INDEX workout_day ON workout (member_id, local_date);

COMMENT ON TABLE workout IS 'A workout or recovery activity.';
COMMENT ON COLUMN workout.member_id IS 'personal: the member';
COMMENT ON COLUMN workout.whoop_user_id IS 'personal: the account it came from';
COMMENT ON COLUMN workout.id IS 'personal: WHOOP''s id of the workout';
COMMENT ON COLUMN workout.start_at IS 'health: start';
COMMENT ON COLUMN workout.end_at IS 'health: end';
COMMENT ON COLUMN workout.zone_offset IS 'personal: the member''s offset from UTC';
COMMENT ON COLUMN workout.local_date IS 'health: the local day it belongs to';
COMMENT ON COLUMN workout.sport_name IS 'health: WHOOP''s word for the sport';
COMMENT ON COLUMN workout.score_state IS 'health: SCORED, PENDING_SCORE or UNSCORABLE';
COMMENT ON COLUMN workout.strain IS 'health: strain, 0 to 21';
COMMENT ON COLUMN workout.average_heart_rate IS 'health: beats per minute';
COMMENT ON COLUMN workout.max_heart_rate IS 'health: beats per minute';
COMMENT ON COLUMN workout.kilojoule IS 'health: energy';
COMMENT ON COLUMN workout.percent_recorded IS 'health: share of the workout recorded, as sent';
COMMENT ON COLUMN workout.distance_meter IS 'health: distance';
COMMENT ON COLUMN workout.altitude_gain_meter IS 'health: climb';
COMMENT ON COLUMN workout.zone_zero_milli IS 'health: time in heart-rate zone 0';
COMMENT ON COLUMN workout.zone_one_milli IS 'health: time in heart-rate zone 1';
COMMENT ON COLUMN workout.zone_two_milli IS 'health: time in heart-rate zone 2';
COMMENT ON COLUMN workout.zone_three_milli IS 'health: time in heart-rate zone 3';
COMMENT ON COLUMN workout.zone_four_milli IS 'health: time in heart-rate zone 4';
COMMENT ON COLUMN workout.zone_five_milli IS 'health: time in heart-rate zone 5';
COMMENT ON COLUMN workout.created_at IS 'public: when WHOOP made the record';
COMMENT ON COLUMN workout.updated_at IS 'public: WHOOP''s version of the record; never moves backwards';
COMMENT ON COLUMN workout.fetched_at IS 'public: when we fetched it';
COMMENT ON COLUMN workout.raw IS 'health: the document as WHOOP sent it';

CREATE TABLE profile (
    member_id     uuid        PRIMARY KEY,
    whoop_user_id bigint      NOT NULL,
    email         text,
    first_name    text,
    last_name     text,
    fetched_at    timestamptz NOT NULL,
    raw           jsonb       NOT NULL
);

COMMENT ON TABLE profile IS 'Who the WHOOP account says it belongs to.';
COMMENT ON COLUMN profile.member_id IS 'personal: the member';
COMMENT ON COLUMN profile.whoop_user_id IS 'personal: the account';
COMMENT ON COLUMN profile.email IS 'personal: e-mail address';
COMMENT ON COLUMN profile.first_name IS 'personal: first name';
COMMENT ON COLUMN profile.last_name IS 'personal: last name';
COMMENT ON COLUMN profile.fetched_at IS 'public: when we fetched it';
COMMENT ON COLUMN profile.raw IS 'personal: the document as WHOOP sent it';

CREATE TABLE body (
    member_id       uuid        PRIMARY KEY,
    whoop_user_id   bigint      NOT NULL,
    height_meter    double precision,
    weight_kilogram double precision,
    max_heart_rate  double precision,
    fetched_at      timestamptz NOT NULL,
    raw             jsonb       NOT NULL
);

COMMENT ON TABLE body IS 'The newest body measurements.';
COMMENT ON COLUMN body.member_id IS 'personal: the member';
COMMENT ON COLUMN body.whoop_user_id IS 'personal: the account';
COMMENT ON COLUMN body.height_meter IS 'health: height';
COMMENT ON COLUMN body.weight_kilogram IS 'health: weight';
COMMENT ON COLUMN body.max_heart_rate IS 'health: beats per minute';
COMMENT ON COLUMN body.fetched_at IS 'public: when we fetched it';
COMMENT ON COLUMN body.raw IS 'health: the document as WHOOP sent it';

CREATE TABLE tombstone (
    member_id     uuid        NOT NULL,
    whoop_user_id bigint      NOT NULL,
    type          text        NOT NULL,
    record_key    text        NOT NULL,
    deleted_at    timestamptz NOT NULL,
    PRIMARY KEY (member_id, whoop_user_id, type, record_key)
);

COMMENT ON TABLE tombstone IS 'Records WHOOP deleted, so that a late or repeated update does not bring them back.';
COMMENT ON COLUMN tombstone.member_id IS 'personal: the member';
COMMENT ON COLUMN tombstone.whoop_user_id IS 'personal: the account';
COMMENT ON COLUMN tombstone.type IS 'public: kind of record';
COMMENT ON COLUMN tombstone.record_key IS 'personal: natural key of the record';
COMMENT ON COLUMN tombstone.deleted_at IS 'public: only a version newer than this may come back';

CREATE TABLE unreadable_record (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    member_id     uuid        NOT NULL,
    type          text        NOT NULL,
    record_key    text        NOT NULL,
    problem       text        NOT NULL,
    raw           jsonb       NOT NULL,
    first_seen_at timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL,
    UNIQUE (member_id, type, record_key, problem)
);

COMMENT ON TABLE unreadable_record IS 'Records that could not be read, kept until somebody has looked.';
COMMENT ON COLUMN unreadable_record.id IS 'public: id';
COMMENT ON COLUMN unreadable_record.member_id IS 'personal: the member';
COMMENT ON COLUMN unreadable_record.type IS 'public: kind of record';
COMMENT ON COLUMN unreadable_record.record_key IS 'personal: key of the record, or ? without one';
COMMENT ON COLUMN unreadable_record.problem IS 'public: field and fault, never the value';
COMMENT ON COLUMN unreadable_record.raw IS 'health: the document as WHOOP sent it';
COMMENT ON COLUMN unreadable_record.first_seen_at IS 'public: when it first came';
COMMENT ON COLUMN unreadable_record.last_seen_at IS 'public: when it last came';

GRANT SELECT, INSERT, UPDATE, DELETE ON cycle, recovery, sleep, workout, profile, body, tombstone, unreadable_record TO ${app_role};
