package exports

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What the guide shows works in both databases, and they give the same answers.
func (p project) guide(t *testing.T) {
	var postgres [][][]string
	for _, sql := range blocks(t, "PostgreSQL", "sql") {
		postgres = append(postgres, p.asks(t, sql))
	}
	for _, sh := range blocks(t, "DuckDB", "sh") {
		p.runs(t, strings.NewReader(sh), "sh", "-eu")
	}
	duckdb := p.duckdb(t, blocks(t, "DuckDB", "sql")...)
	questions := []string{"months", "steps", "issues", "undecided"}
	if len(postgres) != len(questions)+2 || len(duckdb) != len(questions)+1 {
		t.Fatalf("the guide has %d and %d examples; say here which are the same", len(postgres), len(duckdb))
	}
	for i, question := range questions {
		same(t, question, postgres[1+i], duckdb[1+i])
	}
}

// same compares two answers, however the databases write numbers.
func same(t *testing.T, question string, a, b [][]string) {
	t.Helper()
	if a, b := plain(a), plain(b); !slices.Equal(a, b) || len(a) == 0 {
		t.Errorf("%s: PostgreSQL says %d rows, DuckDB %d: %s", question, len(a), len(b), cmp.Diff(a, b))
	}
}

func plain(rows [][]string) (lines []string) {
	for _, row := range rows {
		for i, cell := range row {
			if number, err := strconv.ParseFloat(cell, 64); err == nil {
				row[i] = fmt.Sprintf("%.6f", number)
			} else {
				row[i] = strings.TrimPrefix(cell, "'") // in CSV, before what a spreadsheet would run
			}
		}
		lines = append(lines, strings.Join(row, " | "))
	}
	slices.Sort(lines)
	return lines
}

// CSV and ndjson hold the same.
func (p project) bothForms(t *testing.T) {
	const quoted = `'{title,services,environments,deployers,tags,approved_by}'::text[]` // lists, and what a spreadsheet would run
	differ := p.asks(t, `SELECT to_jsonb(r) - `+quoted+` FROM records AS r
		EXCEPT SELECT to_jsonb(jsonb_populate_record(NULL::records, line)) - `+quoted+` FROM lines`)
	if len(differ) > 0 {
		t.Errorf("CSV and ndjson differ: %v", differ)
	}
	p.runs(t, strings.NewReader("for table in records steps notes verdicts; do deploysite export $table --format csv > $table.csv; done"), "sh", "-eu")
	const counts = "SELECT (SELECT count(*) FROM %s), (SELECT count(*) FROM %s), (SELECT count(*) FROM %s), (SELECT count(*) FROM %s)"
	rows := p.asks(t, fmt.Sprintf(counts, "records", "steps", "notes", "verdicts"))
	csv := `read_csv('%s.csv', all_varchar = true)`
	read := p.duckdb(t, fmt.Sprintf(counts, "'records.ndjson'", "'steps.ndjson'", "'notes.ndjson'", "'verdicts.ndjson'"),
		fmt.Sprintf(counts, fmt.Sprintf(csv, "records"), fmt.Sprintf(csv, "steps"), fmt.Sprintf(csv, "notes"), fmt.Sprintf(csv, "verdicts")))
	if slices.Contains(rows[0], "0") || !slices.Equal(rows[0], read[0][0]) || !slices.Equal(rows[0], read[1][0]) {
		t.Errorf("PostgreSQL has %s rows, DuckDB %s of ndjson and %s of CSV", rows[0], read[0][0], read[1][0])
	}
}

// events fit the schemas of CDEvents, which refuse keys that they do not know.
func (p project) events(t *testing.T) {
	schemas, err := filepath.Abs("cdevents")
	if err != nil {
		t.Fatal(err)
	}
	events := p.runs(t, nil, filepath.Join(bin, "deploysite"), "export", "cdevents")
	if n := bytes.Count(events, []byte("\n")); n < 50 {
		t.Errorf("only %d events", n)
	}
	p.node(t, events, "validate.mjs", schemas)
}
