-- The numbers of `deploysite metrics --json` with their intervals, counted from the
-- export by the definitions of docs/guide/metrics.md. Change lead time is not here: how
-- old commits are is in git, not in records.
--
-- Variables: now, when it is counted. The session's time zone is the site's. Prints
-- metric, service, environment, period, k, n, value, both ends of the interval, and how
-- many are not in the number since something is unknown.

CREATE TEMP TABLE record_line (line jsonb);
CREATE TEMP TABLE step_line (line jsonb);
\copy record_line FROM 'records.ndjson' (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
\copy step_line FROM 'steps.ndjson' (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')

-- A day without an hour has ten characters.
CREATE TEMP TABLE record AS
SELECT line->>'id' COLLATE "C" AS id, line->>'status' AS status,
       (line->>'date')::timestamptz AS began, length(line->>'date') > 10 AS began_by_clock,
       (line->>'finished')::timestamptz AS ended, length(line->>'finished') > 10 AS ended_by_clock,
       (line->>'duration_s')::float8 AS took,
       line->>'rollback_of' AS rollback_of, line->>'fixes' AS fixes,
       line->>'rollback_of' IS NOT NULL AS rollback,
       line->>'rollback_of' IS NOT NULL OR line->>'fixes' IS NOT NULL OR EXISTS (
         SELECT FROM jsonb_array_elements_text(line->'tags') AS tag WHERE lower(tag) = 'hotfix') AS reworks,
       ARRAY(SELECT lower(jsonb_array_elements_text(line->'services'))) AS services,
       ARRAY(SELECT lower(jsonb_array_elements_text(line->'environments'))) AS environments, failed_at
FROM record_line LEFT JOIN (
  SELECT line->>'record' AS record, min((line->>'at')::timestamptz) AS failed_at
  FROM step_line WHERE line->>'state' = 'failed' GROUP BY record) AS failure ON record = line->>'id';

-- Which later record says that it undoes or repairs an earlier one.
CREATE TEMP TABLE naming AS
SELECT earlier.id AS named, later.*
FROM record AS later JOIN record AS earlier ON earlier.id IN (later.rollback_of, later.fixes)
WHERE (coalesce(later.began, '-infinity'), later.id) > (coalesce(earlier.began, '-infinity'), earlier.id);

-- Each record in each production environment, for each of its services.
CREATE TEMP TABLE part AS
SELECT record.*, environment, service,
       status IN ('failed', 'rolled-back') OR id IN (SELECT named FROM naming) AS failed
FROM record
CROSS JOIN LATERAL unnest(CASE WHEN environments = '{}' THEN '{NULL}'::text[] ELSE environments END) AS environment
CROSS JOIN LATERAL unnest(CASE WHEN services = '{}' THEN '{NULL}'::text[] ELSE services END) AS service
WHERE status <> 'cancelled' AND NOT (status = 'in-progress' AND coalesce(began > timestamptz :'now' + interval '5 minutes', false))
  AND (environment IS NULL OR environment IN ('production', 'prod', 'live'));

-- How long a failure lasted for one service; unknown is NULL.
CREATE TEMP TABLE recovery AS
SELECT id, environment, service, extract(epoch FROM CASE WHEN over_at >= since THEN over_at - since END)::float8 AS lasted
FROM (
  SELECT f.id, f.environment, f.service, since, CASE
      WHEN f.status = 'rolled-back' AND f.ended IS NOT NULL THEN CASE WHEN f.ended_by_clock THEN f.ended END
      WHEN repair.id IS NOT NULL THEN CASE WHEN repair.ended_by_clock THEN repair.ended END
      ELSE CASE WHEN next.ended_by_clock THEN next.ended END
    END AS over_at
  FROM part AS f
  CROSS JOIN LATERAL (SELECT coalesce(f.failed_at, CASE WHEN f.began_by_clock THEN f.began END) AS since) AS s
  LEFT JOIN LATERAL (
    SELECT * FROM naming WHERE named = f.id AND status = 'succeeded' ORDER BY began, id LIMIT 1) AS repair ON true
  LEFT JOIN LATERAL (
    SELECT * FROM part AS p
    WHERE p.status = 'succeeded' AND p.environment = f.environment AND p.service IS NOT DISTINCT FROM f.service
      AND p.began > since AND p.id <> f.id
    ORDER BY p.began, p.id LIMIT 1) AS next ON true
  WHERE f.failed
) AS failure;

-- A line of the table: of a service, or the total, in which a record counts once. There
-- a failure is over when it is over for each service.
CREATE TEMP TABLE counted AS
SELECT p.*, r.lasted, false AS total FROM part AS p LEFT JOIN recovery AS r
  ON r.id = p.id AND r.environment = p.environment AND r.service IS NOT DISTINCT FROM p.service
WHERE p.service IS NOT NULL AND p.environment IS NOT NULL
UNION ALL
SELECT DISTINCT ON (p.id, p.environment) p.*, worst.lasted, true FROM part AS p
LEFT JOIN (
  SELECT id, environment, CASE WHEN bool_and(lasted IS NOT NULL) THEN max(lasted) END AS lasted
  FROM recovery GROUP BY id, environment) AS worst ON worst.id = p.id AND worst.environment = p.environment;
UPDATE counted SET service = NULL WHERE total;

CREATE TEMP TABLE period AS
WITH line AS (
  SELECT environment, service, min(began) AS first FROM counted GROUP BY environment, service
)
SELECT environment, service, 'all' AS name, '-infinity'::timestamptz AS begins, 'infinity'::timestamptz AS ends,
       timestamptz :'now'::date + 1 - coalesce(first, timestamptz :'now')::date AS days
FROM line
UNION ALL
SELECT environment, service, to_char(at, form), at, at + length, least((at + length)::date, timestamptz :'now'::date + 1) - at::date
FROM line
CROSS JOIN (VALUES ('quarter', interval '3 months', 'YYYY"-q"Q'), ('month', '1 month', 'YYYY-MM'), ('week', '1 week', 'IYYY"-w"IW')) AS kind (kind, length, form)
CROSS JOIN LATERAL generate_series(date_trunc(kind, first), timestamptz :'now', length) AS at;

-- The rank, from either end, of the ends of a median's interval of 95 %: so many values
-- lie below the median as heads fall in so many throws of a coin.
CREATE FUNCTION pg_temp.median_rank(n bigint) RETURNS bigint IMMUTABLE LANGUAGE sql AS $$
  WITH RECURSIVE heads (i, ways, so_far) AS (
    SELECT 0::bigint, 1::numeric, 1::numeric
    UNION ALL SELECT i + 1, div(ways * (n - i), i + 1), so_far + div(ways * (n - i), i + 1) FROM heads WHERE i < n AND so_far <= 0.025 * 2::numeric ^ n
  )
  SELECT nullif(count(*), 0) FROM heads WHERE so_far <= 0.025 * 2::numeric ^ n
$$;

-- The interval of a proportion by Wilson, of at least six.
CREATE FUNCTION pg_temp.wilson(k bigint, n bigint, sign float8) RETURNS float8 IMMUTABLE LANGUAGE sql AS $$
  SELECT greatest(0, least(1, (k + z * z / 2 + sign * z * sqrt(k * (n - k)::float8 / n + z * z / 4)) / (n + z * z))) FROM (VALUES (1.959963984540054)) AS normal (z) WHERE n >= 6
$$;

CREATE TEMP TABLE sum AS
SELECT p.environment, p.service, p.name, p.days,
       count(*) FILTER (WHERE status = 'succeeded' AND NOT rollback) AS succeeded,
       count(*) FILTER (WHERE NOT rollback AND (failed OR status <> 'in-progress')) AS known_changes,
       count(*) FILTER (WHERE NOT rollback) AS changes,
       count(*) FILTER (WHERE NOT rollback AND failed) AS failed_changes,
       count(*) FILTER (WHERE failed OR status <> 'in-progress') AS known,
       count(*) FILTER (WHERE (failed OR status <> 'in-progress') AND reworks) AS rework,
       array_agg(lasted ORDER BY lasted) FILTER (WHERE NOT rollback AND lasted IS NOT NULL) AS recoveries,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY lasted) FILTER (WHERE NOT rollback) AS recovery,
       array_agg(took ORDER BY took) FILTER (WHERE took IS NOT NULL) AS durations, count(id) AS all_records,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY took) AS duration
FROM period AS p LEFT JOIN counted AS c
  ON coalesce(c.environment, '') = coalesce(p.environment, '') AND coalesce(c.service, '') = coalesce(p.service, '')
 AND c.began >= p.begins AND c.began < p.ends
GROUP BY p.environment, p.service, p.name, p.days;

SELECT metric, service, environment, name, k, n, value, low, high, unknown FROM (SELECT *, cardinality(coalesce(recoveries, '{}'))::bigint AS recovered, cardinality(coalesce(durations, '{}'))::bigint AS timed FROM sum) AS sum
CROSS JOIN (SELECT coalesce(bool_or(reworks), false) AS recorded FROM record) AS anybody
CROSS JOIN LATERAL (SELECT CASE WHEN recorded THEN known ELSE 0 END AS reworkable, pg_temp.median_rank(recovered) AS of_recovery, pg_temp.median_rank(timed) AS of_duration) AS more
CROSS JOIN LATERAL (VALUES
  ('deployment_frequency', CASE WHEN environment IS NULL THEN 0 ELSE succeeded END, days::bigint,
   CASE WHEN environment IS NOT NULL AND (known > 0 OR all_records = 0) THEN succeeded * 7.0::float8 / nullif(days, 0) END,
   NULL::float8, NULL::float8, CASE WHEN environment IS NULL THEN all_records ELSE all_records - known END),
  ('change_fail_rate', failed_changes, known_changes, failed_changes::float8 / nullif(known_changes, 0),
   pg_temp.wilson(failed_changes, known_changes, -1), pg_temp.wilson(failed_changes, known_changes, 1), changes - known_changes),
  ('rework_rate', CASE WHEN recorded THEN rework ELSE 0 END, reworkable, CASE WHEN recorded THEN rework::float8 / nullif(known, 0) END,
   pg_temp.wilson(rework, reworkable, -1), pg_temp.wilson(rework, reworkable, 1), all_records - reworkable),
  ('recovery_time_s', recovered, failed_changes, recovery, recoveries[of_recovery], recoveries[recovered + 1 - of_recovery], failed_changes - recovered),
  ('duration_s', timed, all_records, duration, durations[of_duration], durations[timed + 1 - of_duration], all_records - timed)
) AS number (metric, k, n, value, low, high, unknown)
WHERE environment IS NOT NULL OR metric = 'deployment_frequency' AND all_records > 0;
