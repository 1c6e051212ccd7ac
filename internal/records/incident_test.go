package records

import (
	"slices"
	"strings"
	"testing"

	"github.com/deploysite/deploysite/internal/problem"
)

// Who wrote a postmortem need not have deployed anything.
func TestWriterOfAPostmortem(t *testing.T) {
	for body, want := range map[string]string{
		"# Postmortem: the queue stood still\n\n**Author:** Ada Park\n":                    "",
		"# Incident report 12\n\n| Author | Ada Park |\n|---|---|\n| Environment | qa |\n": "",
		"---\ntitle: Post-mortem of the login\nauthor: Ada Park\n---\n\nText.\n":           "",
		"---\nauthors: [Ada Park]\n---\n\n# ポストモーテム\n":                                     "",
		"# Root cause analysis\n\n**Author:** Ada Park\n**Deployed by:** Mei Tanaka\n":     "Mei Tanaka",
		"---\nauthor: Ada Park\noperator: Mei Tanaka\n---\n\n# Postmortem: login\n":        "Mei Tanaka",
		"# Shop 1.2\n\n**Author:** Ada Park\n":                                             "Ada Park",
		"# Hotfix of the incident\n\n- Author: Ada Park\n":                                 "Ada Park",
		"---\nauthor: Ada Park\n---\n\n# Shop 1.2\n\nWe wrote a postmortem.\n":             "Ada Park",
	} {
		r := Parse("2024-08-31.md", []byte(body), Options{})
		if got := joined(r.Deployers); got != want || len(otherThanIncidents(r)) > 0 {
			t.Errorf("%q was deployed by %q, want %q; %v", body, got, want, r.Problems)
		}
	}
}

// The status of an incident is none of a deployment, and no mistake.
func TestStatusOfAPostmortem(t *testing.T) {
	for body, warned := range map[string]bool{
		"# Postmortem: the queue stood still\n\n**Status:** Mitigated\n":     false,
		"# Incident report 12\n\n**Status:** Resolved (cause unknown)\n":     false,
		"---\ntitle: ポストモーテム\n---\n\n**Status:** Resolved\n":                 false,
		"# Shop 1.2\n\n**Status:** Mitigated\n":                              true,
		"# Hotfix of the incident\n\n**Status:** Resolved (cause unknown)\n": true,
	} {
		r := Parse("2024-08-31.md", []byte(body), Options{})
		if r.Status != InProgress || len(otherThanIncidents(r)) > 0 != warned {
			t.Errorf("%q: %s, %v", body, r.Status, r.Problems)
		}
	}
}

func otherThanIncidents(r *Record) []problem.Problem {
	return slices.DeleteFunc(slices.Clone(r.Problems), func(p problem.Problem) bool { return p.Rule == problem.IncidentReport })
}

// A report on an incident that says nothing of what was deployed is counted all the same, with a
// warning.
func TestPostmortemsAmongRecords(t *testing.T) {
	for body, warned := range map[string]bool{
		"2024-08-31.md\n# Postmortem: the queue stood still\n":                       true,
		"2024-08-31.md\n---\ntitle: Vorfallsbericht 12\n---\n":                       true,
		"2024-08-31.md\n# 障害報告\n\nStatus: resolved\n":                                true,
		"2024-08-31-postmortem-login.md\n# The login was down\n\nAuthor: Ada Park\n": true,
		"2024-08-31-incident-report.md\n# Login\n":                                   true,
		"2024-08-31-rca.md\n# Login\n\n- Service: login\n":                           true,
		"2024-08-31.md\n# Postmortem: login\n\nDeployed by: Ada Park\n":              false,
		"2024-08-31.md\n# Incident report\n\n- Commit: 4bad1fe\n":                    false,
		"2024-08-31-incident-hotfix.md\n# Hotfix of the incident\n":                  false,
		"2024-08-31.md\n# Shop 1.2\n\n## Postmortem\n\nIt went well.\n":              false,
		"postmortems/2024-08-31-incident-report.md\n# Shop\n\nVersion: 1.2\n":        false,
	} {
		name, source, _ := strings.Cut(body, "\n")
		r := Parse(name, []byte(source), Options{})
		if got := len(r.Problems) > len(otherThanIncidents(r)); got != warned {
			t.Errorf("%q: %v", body, r.Problems)
		}
	}
}

// Who agreed may be written in the text, too.
func TestApproversInTheText(t *testing.T) {
	for body, want := range map[string]string{
		"**Approved by:** Mei Tanaka (lead) / Kofi Mensah\n":                                       "Mei Tanaka+Kofi Mensah",
		"## Sign-off\n\n| Field | Value |\n|---|---|\n| Deployed by | Ada |\n| Approver | Mei |\n": "Mei",
		"- Freigegeben von: Mei Tanaka und Kofi\n":                                                 "Mei Tanaka+Kofi",
		"承認者: 佐藤\n":                         "佐藤",
		"Approuvé par :\n\n- Mei\n- Kofi\n": "Mei+Kofi",

		"**Approved by:** _________\n":                       "",
		"Approved by: TBD\n":                                 "",
		"**Approved:** yes\n":                                "",
		"## Rollback plan\n\n- Approved by: Mei Tanaka\n":    "",
		"## Steps\n\n- [x] a\n  - Approved by: Mei Tanaka\n": "",
	} {
		r := Parse("2024-08-31.md", []byte("# T\n\n"+body), Options{})
		if got := joined(r.ApprovedBy); got != want {
			t.Errorf("%q was approved by %q, want %q", body, got, want)
		}
	}
	r := Parse("2024-08-31.md", []byte("---\napproved_by: Kofi\n---\n# T\n\nApproved by: Mei\n"), Options{})
	if got := joined(r.ApprovedBy); got != "Kofi" {
		t.Errorf("the front matter says Kofi, the record %q", got)
	}
}

// A sign in front of what was wrong is no step; a box there is.
func TestSignsInWhatWasWrong(t *testing.T) {
	for body, want := range map[string]string{
		"## Symptoms\n\n- ❌ nobody could log in\n- ✅ the shop was fine\n":  "",
		"## Root cause\n\n### Before the fix\n\n- ❌ no index\n":            "",
		"## Auswirkungen\n\n- ⚠️ langsame Suche\n\n## Schritte\n\n- ✅ a\n": "a",
		"## 🔍 Cause racine\n\n- ❌ pas de cache\n":                          "",
		"## 影響\n\n1. ❌ ログイン不可\n":                                           "",
		"## Impact\n\n| Check | Status |\n|---|---|\n| Login | ❌ |\n":      "",

		"## Impact\n\n- [ ] write to customers\n- ❌ login\n": "write to customers",
		"## Causeway\n\n- ✅ built\n":                         "built",
		"## After the fix\n\n- ✅ login\n":                    "login",
		"## Migrate\n\n- ❌ Impact on the cache\n":            "Impact on the cache",
	} {
		var labels []string
		for _, s := range Parse("2024-08-31.md", []byte("# T\n\n"+body), Options{}).Steps {
			labels = append(labels, s.Label)
		}
		if got := strings.Join(labels, "+"); got != want {
			t.Errorf("%q has the steps %q, want %q", body, got, want)
		}
	}
}

// In a column of marks words behind a sign are a remark, where they go with it. Where
// they do not, nobody knows what is meant, and a warning says so.
func TestRemarksBehindSignsInTables(t *testing.T) {
	for cell, want := range map[string]string{
		"✅ ZERO": "done", "✅ nenhum": "done", "✅ Keine": "done", "✅ nenhum sucesso": "", "✅ sem": "",
		"✅ 152 tests": "done", "✅ 152/152 tests": "done", "✅ vite 7.1.2": "done", "✅ 200 (≈ 208 ms)": "done",
		"❌ Timeout nach 30 s": "failed", "❌ 9 erreurs": "failed", "⏳ à tester": "in-progress", "✅ テスト完了": "done",

		"✅ 150/152 tests": "", "⚠️ slow": "", "✅ ready next week": "", "❌ not needed": "", "❌ at first, ✅ after a minute": "",
		"✅ partly": "", "✅ but slow": "", "✅ läuft es?": "",
	} {
		r := Parse("2024-08-31.md", []byte("# T\n\n| Check | Result |\n|---|---|\n| Lint | ✅ |\n| Run | "+cell+" |\n"), Options{})
		got := ""
		if len(r.Steps) > 1 {
			got = string(r.Steps[1].State)
		}
		if got != want || (len(r.Problems) > 0) != (want == "") {
			t.Errorf("%q is %q, want %q; %v", cell, got, want, r.Problems)
		}
	}
	for _, table := range []string{
		"| Check | Note |\n|---|---|\n| ✅ Disk | 20 GB |\n",
		"| Feature | Required |\n|---|---|\n| Login | ✅ for all |\n",
		"| Part | Status |\n|---|---|\n| API | running |\n",
	} {
		if r := Parse("2024-08-31.md", []byte("# T\n\n"+table), Options{}); len(r.Steps) > 0 || len(r.Problems) > 0 {
			t.Errorf("%q has steps: %v; %v", table, r.Steps, r.Problems)
		}
	}
}

// Each row of a table in a section of notes is a note.
func TestRowsOfNotes(t *testing.T) {
	for body, want := range map[string]string{
		"## Action items\n\n| # | Action | Owner | Status |\n|---|---|---|---|\n| 1 | Warm `it` **up** | Mei | ✅ Done |\n| 2 | Look | Ada | Todo |\n| 3 | | | |\n": "Warm it up · Mei · Done|Look · Ada",
		"## Lessons learned\n\n| Lesson | |\n|---|---|\n| Ask first | [x] |\n":                                                                                     "Ask first",
		"## Probleme\n\n| Problem | Lösung |\n|---|---|\n| Kein Platz | aufgeräumt |\n| – | – |\n":                                                                 "Kein Platz · aufgeräumt",
		"## What went poorly\n\n- The alarm slept\n\n## Key takeaways\n\nWake it.\n":                                                                               "The alarm slept|Wake it.",
		"## What went well\n\n| ID | What |\n|---|---|\n| A1 | The alarm |\n":                                                                                      "The alarm",

		"## Action items\n\n| Action | Owner |\n|---|---|\n":                                 "",
		"## Action items\n\n| Action | Owner |\n|---|---|\n| TBD | |\n| [PENDING] | Ada |\n": "",
		"## Steps\n\n| Action | Owner |\n|---|---|\n| Look | Ada |\n":                        "",
	} {
		var notes []string
		for _, n := range Parse("2024-08-31.md", []byte("# T\n\n"+body), Options{}).Notes {
			notes = append(notes, n.Text)
		}
		if got := strings.Join(notes, "|"); got != want {
			t.Errorf("%q has the notes %q, want %q", body, got, want)
		}
	}
}

// A range of times in the front matter is the start and the end.
func TestRangesInTheFrontMatter(t *testing.T) {
	for date, want := range map[string]string{
		"2024-08-30 to 2024-09-01":         "2024-08-30 2024-09-01",
		"2024-08-30 22:00–01:30":           "2024-08-30 22:00 2024-08-31 01:30",
		"30.08.2024 22:00 bis 23:10 Uhr":   "2024-08-30 22:00 2024-08-30 23:10",
		"2024年8月30日 22:00 〜 23:10":         "2024-08-30 22:00 2024-08-30 23:10",
		"2024-08-30 22:00":                 "2024-08-30 22:00 ",
		"2024-08-30 sometime":              "2024-08-31  BAD",
		"2024-08-30 22:00 to 12:00":        "2024-08-31  BAD",
		"2024-08-30 22:00 to the next day": "2024-08-31  BAD",
		"01/02/2024 to 03/02/2024":         "2024-08-31  BAD",
	} {
		r := Parse("2024-08-31.md", []byte("---\ndate: "+date+"\n---\n# T\n"), Options{})
		got := r.Started.Words() + " " + r.Finished.Words()
		if len(r.Problems) > 0 {
			got += " BAD"
		}
		if got != want {
			t.Errorf("%q is %q, want %q; %v", date, got, want, r.Problems)
		}
	}
	r := Parse("2024-08-31.md", []byte("---\nfinished: 2024-08-30T23:30:00Z\ndate: 2024-08-30 22:00–23:10 UTC\n---\n# T\n"), Options{})
	if got := r.Finished.ISO(); got != "2024-08-30T23:30:00Z" {
		t.Errorf("the end that is written counts, not %s", got)
	}
}

// In a column with an East Asian head ○ says yes and × no.
func TestCircles(t *testing.T) {
	for table, want := range map[string]string{
		"| 項目 | 結果 |\n|---|---|\n| 起動 | ○ |\n| 検索 | × |\n": "done failed",
		"| 作業 | 確認 |\n|---|---|\n| 起動 | ◯ |\n| 検索 |  |\n":  "done",
		"| 步骤 | 完成 |\n|---|---|\n| 备份 | 〇 |\n":             "done",

		"| Check | Result |\n|---|---|\n| Start | ○ |\n": "",
		"| 項目 | 必須 |\n|---|---|\n| 起動 | ○ |\n":           "",
		"| 項目 | 結果 |\n|---|---|\n| 起動 | ○ 3件中2件 |\n":     "",
		"| 項目 | 結果 |\n|---|---|\n| 起動 | △ |\n":           "",
	} {
		var states []string
		for _, s := range Parse("2024-08-31.md", []byte("# T\n\n"+table), Options{}).Steps {
			states = append(states, string(s.State))
		}
		if got := strings.Join(states, " "); got != want {
			t.Errorf("%q is %q, want %q", table, got, want)
		}
	}
}

// A record of several days may be called by any of them.
func TestNameOfOneOfSeveralDays(t *testing.T) {
	for _, test := range []struct {
		name, date string
		warned     bool
	}{
		{"2024-08-30.md", "2024-08-25 to 2024-08-30", false}, {"2024-08-28.md", "2024-08-25 – 2024-08-30", false},
		{"2024-08-25.md", "2024-08-25 bis 2024-08-30", false},
		{"2024-08-20.md", "2024-08-25 to 2024-08-30", true}, {"2024-09-04.md", "2024-08-25 to 2024-08-30", true},
	} {
		r := Parse(test.name, []byte("# T\n\n**Date:** "+test.date+"\n"), Options{})
		if (len(r.Problems) > 0) != test.warned {
			t.Errorf("%s with %s: %v", test.name, test.date, r.Problems)
		}
	}
}

// Of a hundred thousand labelled lines the first are read, and a warning says so.
func TestManyLabelledLines(t *testing.T) {
	lines := func(n int) string { return "# T\n\nEnvironment: staging\n" + strings.Repeat("Date: 2024-08-31\n", n) }
	for n, warned := range map[int]bool{maxMetrics - 2: false, maxMetrics + 1: true} {
		r := Parse("2024-08-31.md", []byte(lines(n)), Options{})
		got := slices.ContainsFunc(r.Problems, func(p problem.Problem) bool { return p.Rule == problem.ManyNames })
		if got != warned || r.Environment.Value != "staging" || len(r.Metrics) > maxMetrics {
			t.Errorf("of %d lines %d are read, environment %q; %v", n, len(r.Metrics), r.Environment.Value, r.Problems)
		}
	}
}
