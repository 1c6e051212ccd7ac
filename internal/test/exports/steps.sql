-- The steps of `deploysite steps --json`, counted from the export by the definitions of
-- docs/guide/steps.md. Which steps the checklist has today, and what they were called
-- before, is not in the export, so it is given. It follows metrics.sql, whose tables
-- and functions it reads.
--
-- Variables: keys, an object of former keys and today's; listed, a list of those of the
-- checklist. Prints 'step', key, what, nothing, k, n, value, nothing thrice; 'steps' where
-- it is of all records.

CREATE TEMP TABLE step AS
SELECT record.id AS record, (line->>'position')::int AS position, line->>'state' AS state, coalesce(
         line->>'by', CASE WHEN jsonb_array_length(deployers) = 1 THEN deployers->>0 END) AS by,
       coalesce(jsonb :'keys'->>(line->>'key'), line->>'key') COLLATE "C" AS key, (line->>'at')::timestamptz AS at,
       record.began AS day, CASE WHEN began_by_clock THEN record.began END AS began
FROM step_line JOIN record ON record.id = line->>'record' JOIN (SELECT line->>'id' AS id, line->'deployers' AS deployers FROM record_line) AS d ON d.id = record.id;

-- What passed since the mark before, whatever step that was; known where the marked
-- step above it has a time as well.
CREATE TEMP TABLE step_took AS
SELECT step.record, step.position, extract(epoch FROM greatest(interval '0', at - greatest(began, before)))::float8 AS took
FROM step
JOIN (SELECT record, position, max(at) OVER (PARTITION BY record ORDER BY at, position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
      FROM step WHERE at IS NOT NULL) AS mark USING (record, position)
JOIN (SELECT record, position, lag(at, 1, 'infinity') OVER (PARTITION BY record ORDER BY position) AS above
      FROM step WHERE state IN ('done', 'failed', 'skipped')) AS marked USING (record, position)
WHERE above IS NOT NULL AND at >= began;

-- The records of which at least six marks, and all, have a time: whether that is within
-- a minute.
CREATE TEMP TABLE stamped AS
SELECT record, max(at) - min(at) <= interval '1 minute' AS at_once
FROM step WHERE state IN ('done', 'failed', 'skipped') GROUP BY record HAVING count(*) >= 6 AND count(*) = count(at);

-- Of a step that a record has twice the worst counts, and of those the first.
CREATE TEMP TABLE run AS
SELECT DISTINCT ON (record, key) step.*, took, at_once FROM step LEFT JOIN step_took USING (record, position) LEFT JOIN stamped USING (record)
ORDER BY record, key, array_position('{failed,in-progress,pending,skipped,done}'::text[], state), position;

-- Each step through all records, and through those up to the end of each quarter.
CREATE TEMP TABLE quarter AS
SELECT DISTINCT to_char(began, 'YYYY"-q"Q') AS name, date_trunc('quarter', began) + interval '3 months' AS ends
FROM record WHERE began IS NOT NULL;
CREATE TEMP TABLE step_sum AS
SELECT until.name AS until, key, count(*) AS n, count(*) FILTER (WHERE state IN ('done', 'failed')) AS runs,
       count(*) FILTER (WHERE state = 'failed') AS failed, count(*) FILTER (WHERE state = 'in-progress') AS running,
       count(*) FILTER (WHERE state = 'pending') AS pending, count(*) FILTER (WHERE state = 'skipped') AS skipped, count(*) FILTER (WHERE state = 'done') AS done,
       array_agg(took ORDER BY took) FILTER (WHERE state IN ('done', 'failed') AND took IS NOT NULL) AS times,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY took) FILTER (WHERE state IN ('done', 'failed')) AS median,
       count(DISTINCT by) FILTER (WHERE state IN ('done', 'failed')) AS people,
       count(*) FILTER (WHERE state IN ('done', 'failed') AND by IS NULL) AS unnamed,
       array_agg(record ORDER BY day DESC NULLS LAST, record DESC) FILTER (WHERE state = 'failed') AS failures,
       (array_agg(record ORDER BY day, record))[1] AS first, (array_agg(record ORDER BY day DESC NULLS LAST, record DESC))[1] AS last,
       count(at_once) AS stamped, count(*) FILTER (WHERE at_once) AS at_once
FROM (SELECT name, ends FROM quarter UNION ALL SELECT 'all', 'infinity') AS until JOIN run ON until.name = 'all' OR day < ends
GROUP BY until.name, key;

-- What may be a ritual.
CREATE TEMP TABLE advice AS
SELECT until, key, split_part(sign, ' ', 1) AS todo, split_part(sign, ' ', 2) AS sign,
       CASE WHEN sign LIKE '% skipped' THEN skipped WHEN sign LIKE '% at-once' THEN at_once ELSE 0 END AS k,
       CASE WHEN sign LIKE '% skipped' THEN runs + skipped WHEN sign LIKE '% at-once' THEN stamped ELSE runs END AS n
FROM step_sum CROSS JOIN LATERAL (SELECT CASE
    WHEN runs + skipped >= 10 AND skipped >= 0.9 * (runs + skipped) THEN 'drop skipped'
    WHEN runs >= 40 AND failed = 0 THEN 'automate never-failed'
    WHEN stamped >= 6 AND at_once >= 0.5 * stamped THEN 'automate at-once' END AS sign) AS s
WHERE sign IS NOT NULL AND jsonb :'listed' ? key;

SELECT 'step', key, what, NULL, number.k, number.n, value, NULL, NULL, NULL FROM (SELECT *, cardinality(coalesce(times, '{}'))::bigint AS timed FROM step_sum WHERE until = 'all') AS step_sum
CROSS JOIN LATERAL (SELECT pg_temp.median_rank(timed) AS rank) AS r
CROSS JOIN LATERAL (VALUES
  ('failed', failed, n, NULL::float8), ('in-progress', running, n, NULL), ('pending', pending, n, NULL), ('skipped', skipped, n, NULL), ('done', done, n, NULL),
  ('time', timed, n, median), ('low', 0, 0, times[rank]), ('high', 0, 0, times[timed + 1 - rank]),
  ('people', people, people, NULL), ('unnamed', unnamed, n, NULL), ('only', (people = 1 AND runs - unnamed >= 3)::int, n, NULL),
  ('from ' || first || ' to ' || last, n, n, NULL), (concat_ws(' ', 'failures', array_to_string(failures[:3], ' ')), failed, failed, NULL)) AS number (what, k, n, value)
UNION ALL
SELECT 'step', key, todo || ' ' || sign, NULL, k, n, NULL, NULL, NULL, NULL FROM advice WHERE until = 'all'
UNION ALL
SELECT 'steps', '', what, NULL, k, k, NULL, NULL, NULL, NULL FROM (
  SELECT count(*) FILTER (WHERE steps > 0) AS counted, count(*) FILTER (WHERE steps = 0) AS bare, count(*) FILTER (WHERE steps > 0 AND NOT shares) AS other,
         count(at_once) AS stamped, count(*) FILTER (WHERE at_once) AS at_once
  FROM record LEFT JOIN stamped ON record = id
  CROSS JOIN LATERAL (SELECT count(*) AS steps, coalesce(bool_or(jsonb :'listed' ? key), false) OR jsonb :'listed' = '[]' AS shares FROM step WHERE record = id) AS s) AS all_records
CROSS JOIN LATERAL (VALUES ('counted', counted), ('without steps', bare), ('of another checklist', other), ('stamped', stamped), ('at once', at_once)) AS number (what, k);
