-- What `deploysite review` and the pages below reviews/ count in each quarter: coverage,
-- failures, near misses and what came again, by docs/guide/review.md. It follows
-- metrics.sql, whose tables it reads, and prints as many columns.
--
-- Variables: keys, an object of former keys of steps and today's; same, a list of pairs
-- of notes of which a comment says that they are the same, since the export has no
-- comments. Prints 'review', what, nothing, quarter, k, n, seconds.

CREATE TEMP TABLE note_line (line jsonb);
\copy note_line FROM 'notes.ndjson' (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')

CREATE TEMP TABLE quarter AS
SELECT DISTINCT to_char(began, 'YYYY"-q"Q') AS name, date_trunc('quarter', began) + interval '3 months' AS ends
FROM record WHERE began IS NOT NULL;

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

-- Notes in the same words, whatever their case and punctuation; what went well apart.
CREATE TEMP TABLE note AS
SELECT row_number() OVER (ORDER BY began DESC NULLS LAST, record.id DESC, nr) AS number, record.id AS record, began, kind, text,
       record.id || '#' || note_id AS ref,
       (kind = 'well')::text || (
         SELECT string_agg(word, ' ' ORDER BY place)
         FROM regexp_split_to_table(lower(normalize(text, NFKC) COLLATE "und-x-icu"), '\s+') WITH ORDINALITY AS piece (piece, place)
         CROSS JOIN LATERAL btrim(piece, $$.,;:!…。、「」『』()[]{}"'“”„«»‘’`*_–—$$) AS word WHERE word <> '') AS words
FROM (SELECT line->>'record' AS of, line->>'id' AS note_id, line->>'kind' AS kind, line->>'text' AS text, nr
      FROM (SELECT line, row_number() OVER () AS nr FROM note_line) AS numbered) AS written
JOIN record ON record.id = of;

-- Which notes tell the same: in the same words, or joined by people, and so on.
CREATE TEMP TABLE tells AS
WITH RECURSIVE pair AS (
  SELECT a.number AS a, b.number AS b FROM note AS a JOIN note AS b ON a.words = b.words
  UNION SELECT unnest(ARRAY[a.number, b.number]), unnest(ARRAY[b.number, a.number])
  FROM jsonb_array_elements(:'same') AS p JOIN note AS b ON b.ref = p->>'B'
  JOIN note AS a ON a.ref = p->>'A' OR p->>'A' = '' AND a.record = p->>'Record' AND position(p->>'Words' IN a.text) > 0
), reached AS (
  SELECT a, b FROM pair UNION SELECT reached.a, pair.b FROM reached JOIN pair ON pair.a = reached.b
)
SELECT a AS number, min(b) AS entry FROM reached GROUP BY a;

-- What is told in each quarter: its newest note there, and in how many records it was
-- told up to the end of the quarter.
CREATE TEMP TABLE told AS
SELECT quarter.name AS quarter, entry, count(DISTINCT record) AS records,
       (array_agg(ref ORDER BY number) FILTER (WHERE to_char(began, 'YYYY"-q"Q') = quarter.name))[1] AS newest,
       (array_agg(kind ORDER BY number) FILTER (WHERE to_char(began, 'YYYY"-q"Q') = quarter.name))[1] AS kind
FROM quarter JOIN note ON began < quarter.ends JOIN tells USING (number)
GROUP BY quarter.name, entry HAVING bool_or(to_char(began, 'YYYY"-q"Q') = quarter.name);

-- Steps that failed in the quarter and before it. Of a step that a record has twice the
-- worst counts.
CREATE TEMP TABLE stumbled AS
SELECT quarter.name AS quarter, key, count(*) FILTER (WHERE failed) AS failed, count(*) AS n,
       (array_agg(record ORDER BY began DESC, record DESC) FILTER (WHERE failed))[1] AS latest
FROM quarter JOIN (
  SELECT line->>'record' AS record, began, coalesce(jsonb :'keys'->>(line->>'key'), line->>'key') AS key, bool_or(line->>'state' = 'failed') AS failed
  FROM step_line JOIN record ON record.id = line->>'record' GROUP BY 1, 2, 3) AS step ON began < quarter.ends
GROUP BY quarter.name, key
HAVING bool_or(failed AND to_char(began, 'YYYY"-q"Q') = quarter.name) AND count(*) FILTER (WHERE failed) > 1;

-- n is 0 where the draft may leave a number out, since its lists are cut.
SELECT 'review', what, NULL, quarter, k, n, NULL FROM fact CROSS JOIN LATERAL (VALUES
  ('deployments', fact.n), ('no-outcome', no_outcome), ('under-way', under_way), ('no-end', no_end),
  ('no-environment', no_environment), ('failed', failed), ('near-misses', near_misses)) AS number (what, k)
UNION ALL
SELECT 'review', 'recovery of ' || deployment.id, NULL, deployment.quarter, 0, 0,
       CASE WHEN lasted >= 48 * 3600 THEN floor(lasted / 86400) * 86400 ELSE floor(lasted / 60) * 60 END
FROM deployment JOIN (
  SELECT id, CASE WHEN bool_and(lasted IS NOT NULL) THEN max(lasted) END AS lasted
  FROM counted WHERE total AND failed AND environment IS NOT NULL GROUP BY id) AS everywhere USING (id)
UNION ALL
SELECT 'review', what, NULL, quarter, k, k, NULL FROM (
  SELECT quarter, count(*) FILTER (WHERE kind <> 'well') AS notes, count(*) FILTER (WHERE kind = 'well') AS well,
         count(*) FILTER (WHERE kind <> 'well' AND records > 1) AS again FROM told GROUP BY quarter) AS told
CROSS JOIN LATERAL (VALUES ('notes', notes), ('well', well), ('again', again)) AS number (what, k)
UNION ALL
SELECT 'review', 'again ' || newest, NULL, quarter, records, 0, NULL FROM told WHERE kind <> 'well' AND records > 1
UNION ALL
SELECT 'review', 'stumbled', NULL, quarter, count(*), count(*), NULL FROM stumbled GROUP BY quarter
UNION ALL
SELECT 'review', 'stumbled in ' || latest || ': ' || failed || ' of ' || n, NULL, quarter, 0, 0, NULL FROM stumbled;
