-- What `deploysite review` and the pages below reviews/ count in each quarter: coverage,
-- failures, near misses, what came again, what became of it, and what the steps suggest,
-- by docs/guide/review.md. It follows metrics.sql, lessons.sql and steps.sql, whose
-- tables it reads, and prints as many columns.
--
-- Prints 'review', what, nothing, quarter, k, n, seconds, nothing thrice; 'reviews' where
-- only pages have it.

-- A deployment that was cancelled, or has not begun, is in no review; nor has it a
-- quarter without a date. One that began more than a day ago and says of no end has no
-- outcome, since whoever works on one finishes it.
CREATE TEMP TABLE deployment AS
SELECT *, status IN ('failed', 'rolled-back') OR id IN (SELECT named FROM naming) AS failed,
       status = 'in-progress' AND timestamptz :'now' > began + CASE WHEN began_by_clock THEN '24 hours' ELSE '48 hours' END::interval AS old,
       to_char(began, 'YYYY"-q"Q') AS quarter
FROM record
WHERE began IS NOT NULL AND status <> 'cancelled' AND NOT (status = 'in-progress' AND began > timestamptz :'now' + interval '5 minutes');

CREATE TEMP TABLE fact AS
SELECT quarter, count(*) AS n,
       count(*) FILTER (WHERE status = 'in-progress' AND old AND NOT failed) AS no_outcome,
       count(*) FILTER (WHERE status = 'in-progress' AND NOT old) AS under_way,
       count(*) FILTER (WHERE ended IS NULL AND (status <> 'in-progress' OR old AND failed)) AS no_end,
       count(*) FILTER (WHERE environments = '{}') AS no_environment,
       count(*) FILTER (WHERE failed) AS failed,
       count(*) FILTER (WHERE status = 'succeeded' AND NOT failed AND failed_step) AS near_misses
FROM deployment
CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM step_line WHERE line->>'record' = id AND line->>'state' = 'failed') AS failed_step) AS s
GROUP BY quarter;

-- What is told in each quarter: its newest note there, and in how many records it was
-- told up to the end of the quarter.
CREATE TEMP TABLE told AS
SELECT quarter.name AS quarter, entry, count(DISTINCT record) AS records,
       (array_agg(ref ORDER BY number) FILTER (WHERE to_char(began, 'YYYY"-q"Q') = quarter.name))[1] AS newest,
       (array_agg(kind ORDER BY number) FILTER (WHERE to_char(began, 'YYYY"-q"Q') = quarter.name))[1] AS kind,
       (array_agg(fate ORDER BY number) FILTER (WHERE to_char(began, 'YYYY"-q"Q') = quarter.name))[1] AS fate
FROM quarter JOIN note ON began < quarter.ends JOIN fate USING (number)
GROUP BY quarter.name, entry HAVING bool_or(to_char(began, 'YYYY"-q"Q') = quarter.name);

-- What was learned three times up to then, and is not in the checklist today.
CREATE TEMP TABLE to_add AS
SELECT quarter.name AS quarter, (array_agg(ref ORDER BY number))[1] AS newest, count(DISTINCT record) AS records
FROM quarter JOIN note ON began < quarter.ends JOIN tells USING (number)
WHERE entry IN (SELECT entry FROM learned) GROUP BY quarter.name, entry HAVING count(DISTINCT record) >= 3;

-- Steps that failed in the quarter and before it.
CREATE TEMP TABLE stumbled AS
SELECT until AS quarter, key, failed, n, failures[1] AS latest
FROM step_sum WHERE failed > 1 AND until = (SELECT to_char(began, 'YYYY"-q"Q') FROM record WHERE id = failures[1]);

-- Decisions are boxes of the reviews, which people write, so the export has none. One
-- that a later review takes up in the same words is the same: of the first it counts,
-- and as the last has it.
CREATE TEMP TABLE box (nr int GENERATED ALWAYS AS IDENTITY, line text);
\copy box (line) FROM PROGRAM 'grep -HE "^- (\[[ x]\]|⏭️) " docs/reviews/*.md 2>/dev/null || true' (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
CREATE TEMP TABLE decided AS
SELECT (array_agg(quarter ORDER BY nr))[1] AS quarter, (array_agg(mark ORDER BY nr DESC))[1] AS mark
FROM (SELECT nr, substring(line FROM 'reviews/(.{7})') AS quarter, substring(line FROM 'md:- (\[ \]|\[x\]|⏭️)') AS mark,
             regexp_replace(regexp_replace(line, '^[^:]*:- (\[ \]|\[x\]|⏭️) |\(owner:.*$', '', 'g'), '[^[:alnum:]]+', ' ', 'g') AS words FROM box) AS box
GROUP BY words;

-- n is 0 where the draft may leave a number out, since its lists are cut.
SELECT 'review', what, NULL, quarter, k, CASE WHEN what = 'no-end' THEN n - no_outcome - under_way ELSE n END, NULL, NULL, NULL, NULL FROM fact CROSS JOIN LATERAL (VALUES
  ('deployments', fact.n), ('no-outcome', no_outcome), ('under-way', under_way), ('no-end', no_end),
  ('no-environment', no_environment), ('failed', failed), ('near-misses', near_misses)) AS number (what, k)
UNION ALL
SELECT 'review', 'recovery of ' || deployment.id, NULL, deployment.quarter, 0, 0,
       CASE WHEN lasted >= 48 * 3600 THEN floor(lasted / 86400) * 86400 ELSE floor(lasted / 60) * 60 END, NULL, NULL, NULL
FROM deployment JOIN (
  SELECT id, CASE WHEN bool_and(lasted IS NOT NULL) THEN max(lasted) END AS lasted
  FROM counted WHERE total AND failed AND environment IS NOT NULL GROUP BY id) AS everywhere USING (id)
UNION ALL
SELECT 'review', what, NULL, quarter, k, k, NULL, NULL, NULL, NULL FROM (
  SELECT quarter, count(*) FILTER (WHERE kind <> 'well') AS notes, count(*) FILTER (WHERE kind = 'well') AS well,
         count(*) FILTER (WHERE kind <> 'well' AND records > 1) AS again FROM told GROUP BY quarter) AS told
CROSS JOIN LATERAL (VALUES ('notes', notes), ('well', well), ('again', again)) AS number (what, k)
UNION ALL
SELECT 'review', 'again ' || newest, NULL, quarter, records, 0, NULL, NULL, NULL, NULL FROM told WHERE kind <> 'well' AND records > 1
UNION ALL
SELECT 'review', fate, NULL, quarter, count(*), count(*), NULL, NULL, NULL, NULL FROM told WHERE kind <> 'well' GROUP BY quarter, fate
UNION ALL
SELECT 'review', 'learned', NULL, quarter, count(*), count(*), NULL, NULL, NULL, NULL FROM to_add GROUP BY quarter
UNION ALL
SELECT 'review', 'add ' || newest, NULL, quarter, records, 0, NULL, NULL, NULL, NULL FROM to_add
UNION ALL
SELECT 'review', sign, NULL, until, count(*), count(*), NULL, NULL, NULL, NULL FROM advice WHERE until <> 'all' GROUP BY until, sign
UNION ALL
SELECT 'review', sign || ' ' || k || ' of ' || n, NULL, until, 0, 0, NULL, NULL, NULL, NULL FROM advice WHERE until <> 'all'
UNION ALL
SELECT 'review', 'stumbled', NULL, quarter, count(*), count(*), NULL, NULL, NULL, NULL FROM stumbled GROUP BY quarter
UNION ALL
SELECT 'review', 'stumbled in ' || latest || ': ' || failed || ' of ' || n, NULL, quarter, 0, 0, NULL, NULL, NULL, NULL FROM stumbled
UNION ALL
SELECT 'reviews', 'decisions', NULL, quarter, count(*) FILTER (WHERE mark = '[x]'), count(*), NULL, NULL, NULL, NULL FROM decided WHERE mark <> '⏭️' GROUP BY quarter;
