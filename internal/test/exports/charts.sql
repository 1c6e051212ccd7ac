-- What the charts of /metrics/ say, counted from what metrics.sql has made, by the
-- definitions of docs/guide/metrics.md. Columns as there; the period is what is counted.

-- Whole weeks, the newest 53.
CREATE TEMP TABLE chart_week AS
SELECT p.environment, p.service, begins, succeeded, row_number() OVER line AS back,
       abs(succeeded - lead(succeeded) OVER line) AS moved
FROM period AS p JOIN sum AS s ON s.environment = p.environment AND s.service IS NOT DISTINCT FROM p.service AND s.name = p.name
WHERE p.name LIKE '%-w%' AND ends <= timestamptz :'now'::date
WINDOW line AS (PARTITION BY p.environment, p.service ORDER BY begins DESC);

-- Which failure a deployment is or follows, and the newest 53 times from one to the next.
CREATE TEMP TABLE chart_run AS
SELECT environment, service, failure, count(*) FILTER (WHERE NOT failed) AS went_well,
       failure = max(failure) OVER (PARTITION BY environment, service) AS lasts,
       row_number() OVER (PARTITION BY environment, service ORDER BY failure DESC) AS back
FROM (
  SELECT *, count(*) FILTER (WHERE failed) OVER (PARTITION BY environment, service ORDER BY began, id) AS failure
  FROM counted WHERE NOT rollback AND (failed OR status <> 'in-progress') AND began IS NOT NULL AND environment IS NOT NULL
) AS one
WHERE failure > 0 GROUP BY environment, service, failure;

-- From one success to the next.
CREATE TEMP TABLE chart_gap AS
SELECT environment, service, extract(epoch FROM began - lag(began) OVER (PARTITION BY environment, service ORDER BY began, id))::float8 AS lasted
FROM counted WHERE status = 'succeeded' AND NOT rollback AND began IS NOT NULL AND environment IS NOT NULL;

-- The newest 60 durations.
CREATE TEMP TABLE chart_strip AS
SELECT environment, service, count(*) AS n, array_agg(took ORDER BY took) AS durations, percentile_cont(0.5) WITHIN GROUP (ORDER BY took) AS median
FROM (
  SELECT *, row_number() OVER (PARTITION BY environment, service ORDER BY began DESC, id DESC) AS back
  FROM counted WHERE took IS NOT NULL AND began IS NOT NULL AND environment IS NOT NULL
) AS one
WHERE back <= 60 GROUP BY environment, service;

SELECT 'chart', service, environment, what, k, 0, value, NULL::float8, NULL::float8, 0 FROM (
  SELECT environment, service, what, 0 AS k, value FROM (
    SELECT environment, service, count(*) AS n, avg(succeeded)::float8 AS mean, 2.66 * sum(moved) FILTER (WHERE back < 53) / (count(*) - 1) AS width
    FROM chart_week WHERE back <= 53 GROUP BY environment, service HAVING count(*) > 1
  ) AS w CROSS JOIN LATERAL (VALUES ('weekly mean', mean), ('weekly low', CASE WHEN n >= 6 AND mean >= 1 THEN greatest(0, mean - width) END),
    ('weekly high', CASE WHEN n >= 6 AND mean >= 1 THEN mean + width END)) AS said (what, value)
  UNION ALL
  SELECT environment, service, what, k, value FROM (
    SELECT environment, service, count(*) FILTER (WHERE NOT lasts) AS n, avg(went_well) FILTER (WHERE NOT lasts)::float8 AS mean, max(went_well) FILTER (WHERE lasts) AS since
    FROM chart_run WHERE back <= 54 GROUP BY environment, service
  ) AS b CROSS JOIN LATERAL (VALUES ('between mean', n, mean), ('between high', 0, mean + 3 * sqrt(mean * (mean + 1))), ('between since', since, NULL)) AS said (what, k, value)
  UNION ALL
  SELECT environment, service, 'gap', 0, percentile_cont(0.5) WITHIN GROUP (ORDER BY lasted) FROM chart_gap WHERE lasted IS NOT NULL GROUP BY environment, service
  UNION ALL
  SELECT environment, service, what, k, value FROM (SELECT *, pg_temp.median_rank(n) AS rank FROM chart_strip) AS s
  CROSS JOIN LATERAL (VALUES ('strip median', n, median), ('strip low', 0, durations[rank]), ('strip high', 0, durations[n + 1 - rank])) AS said (what, k, value)
) AS all_of_them;
