-- The steps of `deploysite steps --json`, counted from the export by the definitions of
-- docs/guide/steps.md. What a step was called before is not here: that is in comments
-- and in git, so the keys are given.
--
-- Variables: keys, an object of former keys and today's. Prints key, failed,
-- in-progress, pending, skipped, done, all records, runs with a time, their median.

CREATE TEMP TABLE record_line (line jsonb);
CREATE TEMP TABLE step_line (line jsonb);
\copy record_line FROM 'records.ndjson' (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
\copy step_line FROM 'steps.ndjson' (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')

CREATE TEMP TABLE step AS
SELECT s.line->>'record' AS record, (s.line->>'position')::int AS position, s.line->>'state' AS state,
       coalesce(jsonb :'keys'->>(s.line->>'key'), s.line->>'key') COLLATE "C" AS key, (s.line->>'at')::timestamptz AS at,
       CASE WHEN length(r.line->>'date') > 10 THEN (r.line->>'date')::timestamptz END AS began
FROM step_line AS s JOIN record_line AS r ON r.line->>'id' = s.line->>'record';

-- What passed since the mark before, whatever step that was; known where the marked
-- step above has a time as well.
CREATE TEMP TABLE took AS
SELECT step.record, step.position, extract(epoch FROM greatest(interval '0', at - greatest(began, before)))::float8 AS took
FROM step
JOIN (SELECT record, position, max(at) OVER (PARTITION BY record ORDER BY at, position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
      FROM step WHERE at IS NOT NULL) AS mark USING (record, position)
JOIN (SELECT record, position, lag(at, 1, 'infinity') OVER (PARTITION BY record ORDER BY position) AS above
      FROM step WHERE state IN ('done', 'failed', 'skipped')) AS marked USING (record, position)
WHERE above IS NOT NULL AND at >= began;

-- Of a step that a record has twice the worst counts, and of those the first.
CREATE TEMP TABLE counted AS
SELECT DISTINCT ON (record, key) step.*, took FROM step LEFT JOIN took USING (record, position)
ORDER BY record, key, array_position('{failed,in-progress,pending,skipped,done}'::text[], state), position;

SELECT key, count(*) FILTER (WHERE state = 'failed'), count(*) FILTER (WHERE state = 'in-progress'),
       count(*) FILTER (WHERE state = 'pending'), count(*) FILTER (WHERE state = 'skipped'), count(*) FILTER (WHERE state = 'done'),
       count(*), count(took) FILTER (WHERE state IN ('done', 'failed')),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY took) FILTER (WHERE state IN ('done', 'failed'))
FROM counted GROUP BY key;
