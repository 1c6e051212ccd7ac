package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/deploysite/deploysite/internal/records"
)

// parse is a record of a project in which "ada" is Ada Park.
func parse(source string) Record {
	r := records.Parse("deployments/checklists/2026-05-05-10-00-deployment.md", []byte(source), records.Options{})
	return Record{Record: r, Shown: r.File, Named: func(id string) string { return "web/" + id },
		Person: func(name string) string { return strings.Replace(name, "ada", "Ada Park", 1) }}
}

func written(t *testing.T, table Table, format Format, all ...Record) string {
	t.Helper()
	var b bytes.Buffer
	w := NewWriter(&b, table, format)
	for _, r := range all {
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// cells are a table as CSV, read again: for each row the cells by their columns.
func cells(t *testing.T, table Table, all ...Record) (rows []map[string]string) {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(written(t, table, CSV, all...))).ReadAll()
	if err != nil || !slices.Equal(lines[0], table.Columns) {
		t.Fatal(err, lines)
	}
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, cell := range line {
			row[lines[0][i]] = cell
		}
		rows = append(rows, row)
	}
	return rows
}

const full = `---
title: 'web, "the shop"'
date: 2026-05-05T10:00:00Z
finished: 2026-05-05T10:30:00Z
service: [web, Web, api]
environment: production
deployer: [ada, Ada Park]
status: failed
rollback_of: 2026-05-01-10-00
---
# T

## Deploy

- ✅ **Migrate**: run it <!-- 2026-05-05T10:01:00Z ada -->
- ❌ **=Smoke()**: look

## Issues

### Issue #1: lock timeout

- **Error**: it hung
- **Resolution**: waited,
  and tried "again"

## Lessons Learned

- @all: be patient. <!-- 2026-05-05T10:20:00Z ada, step deploy/migrate -->
`

func TestCSVRoundTrip(t *testing.T) {
	r := cells(t, Records, parse(full))[0]
	for column, want := range map[string]string{
		"schema": "1", "id": "2026-05-05-10-00", "title": `web, "the shop"`, "status": "failed", "date": "2026-05-05T10:00:00Z", "duration_s": "1800",
		"services": "web; api", "environments": "production", "version": "", "deployers": "Ada Park", "rollback_of": "web/2026-05-01-10-00",
		"steps_done": "1", "steps_failed": "1", "steps_pending": "0", "notes_issue": "1", "notes_lesson": "1", "notes_tip": "0",
	} {
		if r[column] != want {
			t.Errorf("%s is %q, not %q", column, r[column], want)
		}
	}
	steps := cells(t, Steps, parse(full))
	if s := steps[0]; s["key"] != "deploy/migrate" || s["position"] != "1" || s["at"] != "2026-05-05T10:01:00Z" || s["by"] != "Ada Park" {
		t.Error(s)
	}
	if s := steps[1]; s["label"] != "'=Smoke()" || s["state"] != "failed" || s["at"] != "" || s["by"] != "" {
		t.Error(s)
	}
	notes := cells(t, Notes, parse(full))
	if n := notes[0]; n["kind"] != "issue" || n["resolution"] != `waited, and tried "again"` || n["step"] != "" {
		t.Error(n)
	}
	if n := notes[1]; n["text"] != "'@all: be patient." || n["step"] != "deploy/migrate" || n["by"] != "Ada Park" {
		t.Error(n)
	}
}

// A verdict names notes by their IDs on the whole site. One of a record that a note is in
// names that record; the checklist has no name.
func TestVerdicts(t *testing.T) {
	const source = `
- [ ] **Ask first** <!-- lesson: 2026-05-01-10-00#lesson-ask -->
- Gone — dismissed by ada: no use <!-- tip: 2026-05-01-10-00#tip-x dismissed -->

## Lessons Learned

- Be patient. <!-- same: 2026-05-01-10-00#lesson-wait -->
`
	const lesson, itself = "web/2026-05-01-10-00#lesson-ask", "web/2026-05-05-10-00#lesson-be-patient"
	rows := cells(t, Verdicts, parse(source))
	for i, want := range []map[string]string{
		{"verdict": "accept", "note": lesson, "step": "ask-first"},
		{"verdict": "dismiss", "note": "web/2026-05-01-10-00#tip-x", "by": "Ada Park", "reason": "no use"},
		{"verdict": "same", "note": itself, "other": "web/2026-05-01-10-00#lesson-wait"},
	} {
		want["schema"], want["record"] = "1", "2026-05-05-10-00"
		for _, column := range Verdicts.Columns {
			if rows[i][column] != want[column] {
				t.Errorf("%d: %s is %q, not %q", i, column, rows[i][column], want[column])
			}
		}
	}
	checklist := parse("- [ ] **Ask first** <!-- lesson: 2026-05-01-10-00#lesson-ask -->\n")
	checklist.IsChecklist = true
	if row := cells(t, Verdicts, checklist)[0]; row["record"] != "" || row["note"] != lesson {
		t.Error(row)
	}
}

// What nobody wrote down is null, and a list of nothing is empty.
func TestUnknownIsNull(t *testing.T) {
	var row map[string]any
	if err := json.Unmarshal([]byte(written(t, Records, NDJSON, parse("nothing\n"))), &row); err != nil {
		t.Fatal(err)
	}
	for _, column := range []string{"title", "finished", "duration_s", "version", "commit", "rollback_of", "fixes"} {
		if v, there := row[column]; !there || v != nil {
			t.Errorf("%s is %v", column, v)
		}
	}
	if list, ok := row["services"].([]any); !ok || len(list) != 0 {
		t.Errorf("services is %v", row["services"])
	}
}

func TestJSONIsOneDocument(t *testing.T) {
	for _, all := range [][]Record{nil, {parse(full)}, {parse(full), parse("x\n")}} {
		var doc struct {
			Version int
			Records []struct{ ID string }
		}
		if err := json.Unmarshal([]byte(written(t, Records, JSON, all...)), &doc); err != nil || doc.Version != 1 || len(doc.Records) != len(all) {
			t.Errorf("%v: %+v", err, doc)
		}
	}
}

func TestHarmless(t *testing.T) {
	for in, want := range map[string]string{"=1+1": "'=1+1", "+1": "'+1", "-x": "'-x", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "a=b": "a=b", "": "", "\r=1": "[U+000D]=1", "\x00": "[U+0000]"} {
		if got := cell(in); got != want {
			t.Errorf("%q becomes %q, not %q", in, got, want)
		}
	}
	if got := cell([]string{"=a", "b"}); got != "'=a; b" {
		t.Error(got)
	}
	if got := cell(-5); got != "-5" { // a number is one
		t.Error(got)
	}
}
