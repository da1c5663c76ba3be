-- The job that ends the keeping of old data works for all members; where rows are guarded per member, it is let in by name.
DO $$
DECLARE
    guarded text;
BEGIN
    IF to_regprocedure('admit_worker(regclass, text)') IS NOT NULL THEN
        FOREACH guarded IN ARRAY ARRAY['sahha_inbox', 'sahha_score', 'sahha_biomarker', 'daily_record', 'whoop_day'] LOOP
            EXECUTE format('CALL admit_worker(%L, %L)', guarded, 'retention');
        END LOOP;
    END IF;
END $$;

CREATE INDEX sahha_inbox_dead ON sahha_inbox (received_at) WHERE state = 'dead';
-- Rows lie roughly in the order of their days, so these stay tiny and cost an insert next to nothing.
CREATE INDEX daily_record_old ON daily_record USING brin (local_date);
CREATE INDEX whoop_day_old ON whoop_day USING brin (local_date);
CREATE INDEX sahha_score_old ON sahha_score USING brin (local_date);
CREATE INDEX sahha_biomarker_old ON sahha_biomarker USING brin (local_date);
