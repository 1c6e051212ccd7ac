-- What `deploysite lessons --json` says of each note, and the page lessons/ of all: in
-- how many records it was said, and what became of it, by docs/guide/lessons.md. It
-- follows metrics.sql, whose tables it reads.
--
-- Prints 'note', its name, what became of it, nothing, in how many records it was said,
-- the same, nothing four times; 'ledger' where it is of all that is told.

-- Numbered as they come: a table keeps no order.
CREATE TEMP TABLE note_line (nr int GENERATED ALWAYS AS IDENTITY, line jsonb);
CREATE TEMP TABLE verdict_line (nr int GENERATED ALWAYS AS IDENTITY, line jsonb);
\copy note_line (line) FROM 'notes.ndjson' (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
\copy verdict_line (line) FROM 'verdicts.ndjson' (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')

-- Notes in the same words, whatever their case and punctuation; what went well apart.
CREATE TEMP TABLE note AS
SELECT row_number() OVER (ORDER BY began DESC NULLS LAST, record.id DESC, nr) AS number, record.id AS record, began, kind, text, done,
       record.id || '#' || note_id AS ref,
       (kind = 'well')::text || (
         SELECT string_agg(word, ' ' ORDER BY place)
         FROM regexp_split_to_table(lower(normalize(text, NFKC) COLLATE "und-x-icu"), '\s+') WITH ORDINALITY AS piece (piece, place)
         CROSS JOIN LATERAL btrim(piece, $$.,;:!…。、「」『』()[]{}"'“”„«»‘’`*_–—$$) AS word WHERE word <> '') AS words
FROM (SELECT line->>'record' AS of, line->>'id' AS note_id, line->>'kind' AS kind, line->>'text' AS text, (line->>'done')::boolean AS done, nr FROM note_line) AS written
JOIN record ON record.id = of;

-- What comments say. Those of the checklist are of no record.
CREATE TEMP TABLE verdict AS
SELECT nr, line->>'verdict' AS verdict, line->>'note' AS note, line->>'other' AS other, line->>'step' AS step, line->>'reason' AS reason,
       line->>'record' IS NULL AS in_checklist, record.id AS record, began
FROM verdict_line LEFT JOIN record ON record.id = line->>'record';

-- What the latest comment says of two notes.
CREATE TEMP TABLE joined AS
SELECT DISTINCT ON (least(note, other), greatest(note, other)) note, other, verdict
FROM verdict WHERE verdict IN ('same', 'apart')
ORDER BY least(note, other), greatest(note, other), in_checklist DESC, began DESC NULLS LAST, record DESC, nr DESC;

-- Which notes tell the same: in the same words, or joined by people, and so on.
CREATE TEMP TABLE said AS SELECT number, ref, min(number) OVER (PARTITION BY words) AS words FROM note;
CREATE TEMP TABLE tells AS
WITH RECURSIVE pair AS (
  SELECT unnest(ARRAY[a.words, b.words]) AS a, unnest(ARRAY[b.words, a.words]) AS b
  FROM joined JOIN said AS a ON a.ref = joined.note JOIN said AS b ON b.ref = joined.other WHERE verdict = 'same'
), reached AS (
  SELECT words AS a, words AS b FROM said UNION SELECT reached.a, pair.b FROM reached JOIN pair ON pair.a = reached.b
)
SELECT number, min(b) AS entry FROM said JOIN reached ON a = words GROUP BY number;

-- What people decided on what is told. A step that one deployment took up for itself is
-- none of the checklist's.
CREATE TEMP TABLE decision AS
SELECT verdict.*, entry,
       CASE WHEN in_checklist OR step NOT LIKE 'from-earlier-deployments/%' THEN regexp_replace(step, '^.*/', '') END AS label
FROM verdict JOIN note ON note.ref = verdict.note JOIN tells USING (number) WHERE verdict IN ('accept', 'dismiss');

-- Since when the checklist has the steps that it became; NULL where no record tells.
CREATE TEMP TABLE adopted AS
SELECT entry, CASE WHEN bool_and(since IS NOT NULL) THEN max(since) END AS since
FROM (
  SELECT listed.entry, listed.label, min(d.began) AS since
  FROM (SELECT DISTINCT entry, label FROM decision WHERE in_checklist AND verdict = 'accept') AS listed
  LEFT JOIN decision AS d ON d.entry = listed.entry AND d.label = listed.label AND d.verdict = 'accept' AND NOT d.in_checklist
  GROUP BY listed.entry, listed.label) AS step
GROUP BY entry;

-- The fate of each note. What was decided on the note itself counts, and else what was
-- decided later, or in the checklist, on one that tells the same. The checklist counts
-- before records, of which the first that accepted counts, or the last that dismissed. What a
-- note says is done, older ones that tell the same are too.
CREATE TEMP TABLE fate AS
SELECT number, tells.entry, coalesce(
    CASE WHEN kind = 'issue' AND NOT own AND in_checklist AND verdict = 'accept' AND note.began >= since THEN 'came-back' END,
    CASE verdict WHEN 'accept' THEN 'accepted' WHEN 'dismiss' THEN 'dismissed' ELSE CASE WHEN number >= done_from THEN 'done' ELSE 'open' END END) AS fate,
  CASE WHEN in_checklist THEN 'checklist' ELSE decided.record END AS decided_in, step, reason
FROM note JOIN tells USING (number) LEFT JOIN adopted USING (entry)
LEFT JOIN (SELECT entry, min(number) AS done_from FROM note JOIN tells USING (number) WHERE done GROUP BY entry) AS finished USING (entry)
LEFT JOIN LATERAL (
  SELECT *, d.note = ref AS own FROM decision AS d
  WHERE d.entry = tells.entry AND (d.note = ref OR in_checklist OR coalesce(d.began > coalesce(note.began, '-infinity'), false))
  ORDER BY d.note = ref DESC, in_checklist DESC, CASE WHEN in_checklist THEN nr END, verdict,
           CASE verdict WHEN 'accept' THEN d.began END, d.began DESC, d.record DESC, nr
  LIMIT 1) AS decided ON true;

-- What is told, and what became of the newest note of it.
CREATE TEMP TABLE entry AS
SELECT entry, count(DISTINCT record) AS records, (array_agg(record ORDER BY number DESC))[1] AS first, (array_agg(record ORDER BY number))[1] AS last,
       (array_agg(kind ORDER BY number))[1] AS kind, (array_agg(fate ORDER BY number))[1] AS fate
FROM note JOIN fate USING (number) GROUP BY entry;

CREATE TEMP TABLE learned AS
SELECT * FROM entry WHERE records >= 3 AND kind <> 'well' AND fate <> 'dismissed' AND entry NOT IN (SELECT entry FROM adopted);

SELECT 'note', ref, concat_ws(' ', fate.fate, 'in ' || decided_in, 'as ' || step, 'because ' || reason, 'from ' || first, 'to ' || last), NULL, records, records, NULL, NULL, NULL, NULL
FROM note JOIN fate USING (number) JOIN entry USING (entry) WHERE note.kind <> 'well'
UNION ALL
SELECT 'ledger', '', coalesce(what, 'learned'), NULL, count(*), count(*), NULL, NULL, NULL, NULL
FROM (SELECT fate AS what FROM entry WHERE kind <> 'well' UNION ALL SELECT NULL FROM learned) AS what GROUP BY what;
