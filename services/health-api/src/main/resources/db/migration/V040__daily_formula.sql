-- What the job that makes records of older rules anew looks for, and how fresh a served record is without opening it.

ALTER TABLE daily_record ADD COLUMN whoop_data_at timestamptz, ADD COLUMN sahha_data_at timestamptz;
COMMENT ON COLUMN daily_record.whoop_data_at IS 'personal: when the newest WHOOP value of the record reached us; null without one';
COMMENT ON COLUMN daily_record.sahha_data_at IS 'personal: when the newest Sahha value of the record reached us; null without one';

-- Few values, many rows: equal keys are stored once.
CREATE INDEX daily_record_formula ON daily_record (CAST(formula_version AS integer));
