package records

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/problem"
)

// readBody is what a record of a body has: its steps with their states, its notes with their
// kinds, and its warnings.
func readBody(body string) (steps, notes, warnings string) {
	r := Parse("2024-08-31.md", []byte("# Shop\n\n"+body+"\n"), Options{})
	var all [3][]string
	for _, s := range r.Steps {
		all[0] = append(all[0], string(s.State)+" "+s.Label)
	}
	for _, n := range r.Notes {
		all[1] = append(all[1], string(n.Kind)+" "+n.Text)
	}
	for _, p := range r.Problems {
		all[2] = append(all[2], p.Message)
	}
	return strings.Join(all[0], ", "), strings.Join(all[1], ", "), strings.Join(all[2], ", ")
}

// TestHeadingsThatTell: a list below a heading such as "Features" has no steps, unless it has boxes.
func TestHeadingsThatTell(t *testing.T) {
	for body, want := range map[string]string{
		"### Features\n\n- ⚠️ deprecates /v1\n- ✅ new cart":                "",
		"## ✨ Bug Fixes & Improvements (3)\n\n- ✅ faster search":           "",
		"## What's new in v2.3.1\n\n### API\n\n- ❌ no more /v1":            "",
		"## Enthaltene Änderungen\n\n- ⚠️ Schema":                          "",
		"## Nouveautés de la version 2\n\n- ✅ panier":                      "",
		"## 変更点\n\n- ⚠️ 旧APIは廃止":                                           "",
		"## Fixes\n\n- [x] Ship it\n- ⚠️ slow":                             "done Ship it",
		"## Changes to make\n\n- ✅ Migrate":                                "done Migrate",
		"## What's new\n\n### Deployment steps\n\n- ❌ Migrate":             "failed Migrate",
		"## Feature flags\n\n- ✅ Switch on search":                         "done Switch on search",
		"## Changes\n\n- ✅ new cart\n\n## Rollout\n\n- ✅ Migrate":          "done Migrate",
		"## Änderungen einspielen\n\n- ❌ Schema":                           "failed Schema",
		"## Features\n\n| Step | Status |\n|---|---|\n| Migrate | ❌ |":     "failed Migrate",
		"## Features\n\nText.\n\n## Verify\n\n- ✅ Features\n- ❌ Bug fixes": "done Features, failed Bug fixes",
	} {
		if got, _, _ := readBody(body); got != want {
			t.Errorf("%q: %q, want %q", body, got, want)
		}
	}
	if r := Parse("2024-08-31.md", []byte("# Features\n\n- ✅ Migrate\n"), Options{}); len(r.Steps) != 1 {
		t.Errorf("a title is of the whole record: %d steps", len(r.Steps))
	}
}

// TestOtherBoxes: boxes for yes and no behind a step, words in a column for boxes, and the marks of
// wikis are warned of. A choice, a word for a test's outcome and a remark are not.
func TestOtherBoxes(t *testing.T) {
	for body, want := range map[string]int{
		"1. Stop the worker ☒ done ☐ not done\n2. Start it ☐ done ☒ not done": 2,
		"- Sichern [x] erledigt [ ] nicht erledigt":                           1,
		"## Checks\n\nMonitoring: ☐ oui ☒ non":                                1,
		"- Backup ☑":                        1,
		"- Risk ☐ low ☒ high":               0,
		"**Downtime**: ☐ yes ☒ no":          0,
		"- Put a ☑ in front of each":        0,
		"- ☒ Stop the worker\n- ☐ Start it": 0,

		"| Step | OK? |\n|---|---|\n| Migrate | x |\n| Verify | |":                1,
		"| Step | Done? |\n|---|---|\n| Migrate | yes |\n| Verify | no |":         1,
		"| ✓ | Step |\n|---|---|\n| X | Migrate |\n| | Verify |":                  1,
		"| Schritt | Erledigt |\n|---|---|\n| Sichern | ja |\n| Prüfen | - |":     1,
		"| 手順 | 完了 |\n|---|---|\n| 移行 | はい |":                                     1,
		"| Step | Done |\n|---|---|\n| Migrate | [x] yes [ ] no |":                1,
		"| Check | Status |\n|---|---|\n| DNS | OK |\n| TLS | x509 |":             0,
		"| Option | Required |\n|---|---|\n| TLS | yes |":                         0,
		"| Step | Done? |\n|---|---|\n| Migrate | x |\n| Verify | by Monday |":    0,
		"| Step | Status |\n|---|---|\n| Migrate | ✅ done |\n| Verify | ⬜ todo |": 0,
		"| Step | Status |\n|---|---|\n| Migrate | ✅ pending |\n| Verify | ✅ |":   1,
		"| Step | Status |\n|---|---|\n| Migrate | ❌ done |\n| Verify | ✅ |":      1,

		"* (/) Deploy web\n* (x) Deploy api\n* (!) slow": 3,
		"(/) Backup\n(x) Verify":                         2,
		"# (/) Backup\n# (x) Verify\n# ( ) Tell":         3,
		"# (x) marks the spot":                           0,
		"- ![(tick)](images/check.svg) Deploy":           1,
		"- :check_mark: Deploy\n- :cross_mark: Verify":   2,
		"- (!) Note the load":                            0,
		"- (a) first\n- (b) second":                      0,
		"A tick (/) in the text.":                        0,
	} {
		r := Parse("2024-08-31.md", []byte("# Shop\n\n"+body+"\n"), Options{})
		warned := 0
		for _, p := range r.Problems {
			if p.Rule == problem.UnclearBox {
				warned++
			}
		}
		if warned != want {
			t.Errorf("%q: %d warnings, want %d", body, warned, want)
		}
	}
}

// TestNotesOfATime: headings of notes may say of which time they are.
func TestNotesOfATime(t *testing.T) {
	for heading, want := range map[string]NoteKind{
		"Post-deploy issue and fix":             Issues,
		"Issues during deployment":              Issues,
		"Post-deployment problems":              Issues,
		"Probleme nach dem Deployment":          Issues,
		"Problèmes après la mise en production": Issues,
		"Problemas durante el despliegue":       Issues,
		"デプロイ後の問題":                              Issues,
		"部署过程中遇到的问题":                            Issues,
		"Проблемы после релиза":                 Issues,
		"Pre-production lesson":                 Lessons,
		"Lessons from this deployment":          Lessons,
		"Lesson learned":                        Lessons,
		"Post-deployment checks":                NoNote,
		"Post-deployment follow-up":             NoNote, // which may be steps
		"Issue":                                 NoNote, // the ticket
		"Known issues":                          NoNote,
		"Issues before the deployment":          NoNote,
		"Deployment metrics of the issues":      NoNote,
		"Deployer":                              NoNote,
	} {
		_, notes, _ := readBody("## " + heading + "\n\n- a")
		if got, _, _ := strings.Cut(notes, " "); got != string(want) {
			t.Errorf("%s: %q, want %q", heading, got, want)
		}
	}
}

// TestWhoSigned: the last line of a record may say who deployed, unless it may be of its section.
func TestWhoSigned(t *testing.T) {
	for body, want := range map[string]string{
		"## Schritte\n\n- [x] a\n\nDurchgeführt von: Ada Park":                     "Ada Park",
		"## Steps\n\n- [x] a\n\n## Lessons\n\n- b\n\n**Performed by:** Ada Park":   "Ada Park",
		"## Steps\n\n- [x] a\n\n## Backup\n\n- [x] b\n\n---\n\nEjecutado por: Ada": "Ada",
		"## Verification\n\n- [x] a\n\nDeployed by: Ada Park":                      "Ada Park",
		"## Steps\n\n- [x] a\n\n## Backup\n\n- [x] b\n\nExecuted by: Ada":          "", // the backup
		"## Tests\n\n- [x] a\n\nPerformed by: Ada Park":                            "",
		"## Previous deployment\n\nIt went well.\n\nDeployed by: Ada Park":         "",
		"## Steps\n\n- [x] a\n\nReviewed by: Ada Park":                             "",
	} {
		if got := joined(Parse("2024-08-31.md", []byte("# Shop\n\n"+body+"\n"), Options{}).Deployers); got != want {
			t.Errorf("%q: %q, want %q", body, got, want)
		}
	}
}

// TestMergeCommits: the commit of a merge counts where no other is named.
func TestMergeCommits(t *testing.T) {
	for body, want := range map[string]string{
		"- Feature merge commit: 4bad1fe":                            "4bad1fe",
		"- PR merge commit: 4bad1fe (#12)":                           "4bad1fe",
		"- Feature merge commit: 4bad1fe\n- Release commit: d5ee4a4": "d5ee4a4",
		"- Revert merge commit: 4bad1fe":                             "",
		"- Feature merge commit: see the ticket":                     "",
	} {
		if got := Parse("2024-08-31.md", []byte("# Shop\n\n"+body+"\n"), Options{}).Commit.Value; got != want {
			t.Errorf("%q: %q, want %q", body, got, want)
		}
	}
}

// TestResultsToCome: where a result is still to be written, the steps make no success.
func TestResultsToCome(t *testing.T) {
	for line, want := range map[string]Status{
		"Publish-Ergebnis: ⏳ ausstehend":                      InProgress,
		"Publish result: pending":                             InProgress,
		"Status: pending":                                     InProgress,
		"Result: TBD":                                         Succeeded, // as if nobody wrote it
		"Status: [PENDING]":                                   Succeeded,
		"Status: ausstehend":                                  InProgress,
		"## Status\n\npending":                                InProgress,
		"Image-Ergebnis: ⏳ ausstehend":                        InProgress,
		"Résultat de la publication : ⏳ en attente":           InProgress,
		"Resultado de la publicación: pendiente":              InProgress,
		"イメージ公開結果: ⏳ 未実施":                                     InProgress,
		"镜像推送结果: ⏳ 未开始":                                       InProgress,
		"Wynik publikacji: ⏳ oczekuje":                        InProgress,
		"Image result: ❌ failed":                              InProgress, // of a part
		"Publish result: ✅ ok":                                Succeeded,
		"Image result: ✅ pushed":                              Succeeded,
		"Test result: ⏳ pending":                              Succeeded,
		"Rollback result: TBD":                                Succeeded,
		"Image result: [PENDING]":                             Succeeded, // of the form
		"Status: pending\n\n## Result\n\n- Status: succeeded": Succeeded,
	} {
		r := Parse("2024-08-31.md", []byte("# Shop\n\nStart: 10:00\nEnd: 10:20\n"+line+"\n\n## Steps\n\n- [x] Migrate\n"), Options{})
		if r.Status != want {
			t.Errorf("%q: %s, want %s", line, r.Status, want)
		}
	}
}

// TestSuccessesInDoubt: a share, mere planning, and a rollback that may have been leave it open.
func TestSuccessesInDoubt(t *testing.T) {
	for body, want := range map[string]Status{
		"状态：成功（灰度10%）":                                InProgress,
		"Status: success (10 %)":                      InProgress,
		"Status: Complete (planning)":                 InProgress,
		"Status: erledigt (Umsetzung)":                InProgress,
		"Status: Deployed\nRollback: yes":             InProgress,
		"Estado: éxito\nReversión: sí":                InProgress,
		"Status: Deployed\nRollback: no":              Succeeded,
		"Status: Deployed\nRollback: ✅ plan in place": Succeeded,
		"Status: Deployed (build 12)":                 Succeeded,
		"Status: success – all tests passed":          Succeeded,
		"Status: success (100 %)":                     Succeeded,
		"ステータス: 切り戻し済":                                RolledBack,
		"Status: reverted\nRollback: yes":             RolledBack,
	} {
		if r := Parse("2024-08-31.md", []byte("# Shop\n\n"+body+"\n"), Options{}); r.Status != want || (len(r.Problems) > 0) != (want == InProgress) {
			t.Errorf("%q: %s, want %s; %v", body, r.Status, want, r.Problems)
		}
	}
}

// TestHoursOfLabels: a start and an end may be an hour alone, and labels say so in more languages.
func TestHoursOfLabels(t *testing.T) {
	for body, want := range map[string][2]string{
		"Data: 31/08/2024\nInício: 14h\nTérmino: 15h":                   {"2024-08-31T14:00:00Z", "2024-08-31T15:00:00Z"},
		"Date: 31 August 2024\nStart: 2pm\nEnd: 3pm":                    {"2024-08-31T14:00:00Z", "2024-08-31T15:00:00Z"},
		"Datum: 31-08-2024\nStarttijd: 19:00\nEindtijd: 19:20":          {"2024-08-31T19:00:00Z", "2024-08-31T19:20:00Z"},
		"Дата: 31.08.2024\nВремя начала: 03:00\nВремя окончания: 03:30": {"2024-08-31T03:00:00Z", "2024-08-31T03:30:00Z"},
		"일시: 2024년 8월 31일 22:00 ~ 22:40":                                {"2024-08-31T22:00:00Z", "2024-08-31T22:40:00Z"},
		"Date: 2024-08-31\nStart: phase 2":                              {"2024-08-31", "0001-01-01T00:00:00Z"},
		"Date: 2024-08-31\nTime: 14h":                                   {"2024-08-31", "0001-01-01T00:00:00Z"}, // how long
	} {
		r := Parse("2024-08-31.md", []byte("# Shop\n\n"+body+"\n"), Options{})
		if got := [2]string{at(r.Started), at(r.Finished)}; got != want {
			t.Errorf("%q: %v, want %v", body, got, want)
		}
	}
}

// TestSkippedHours: an hour that never was is warned of also where the day is of the file's name, in
// words, or in a range.
func TestSkippedHours(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for body, warned := range map[string]bool{
		"Time: 02:30":                               true,
		"Uhrzeit: 02:30 Uhr":                        true,
		"Date: 31 March 2024 02:30":                 true,
		"Date: 2024-03-31 02:30 - 04:00":            true,
		"Date: 2024-03-31 01:30 - 02:10":            true,
		"Time: 01:30":                               false,
		"Time: 03:30":                               false,
		"Time: 01:10\nDuration: 42 min 10 s":        false,
		"Time: 02:30 UTC":                           false,
		"Time: 12:30 MSK":                           false,
		"Date: 2024-03-31 01:30 - 04:10":            false,
		"Date: 2024-03-30 23:30\nEnd: 01:30":        false,
		"Date: 2024-03-31 01:30\nEnd: 03:10 (CEST)": false,
	} {
		r := Parse("2024-03-31.md", []byte("# Shop\n\n"+body+"\n"), Options{Location: berlin})
		got := slices.ContainsFunc(r.Problems, func(p problem.Problem) bool { return p.Rule == problem.AmbiguousTime })
		if got != warned || len(r.Problems) > 1 {
			t.Errorf("%q: warned is %v; %v", body, got, r.Problems)
		}
	}
}
