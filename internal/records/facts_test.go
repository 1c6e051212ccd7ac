package records

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/problem"
)

// told is what a record says of its deployment, in one line.
func told(r *Record) string {
	var out []string
	say := func(name, value string) {
		if value != "" {
			out = append(out, name+"="+value)
		}
	}
	if r.StatusFrom != FromSteps {
		say("status", string(r.Status))
	}
	say("env", r.Environment.Value)
	say("version", r.Version.Value)
	say("commit", r.Commit.Value)
	say("service", joined(r.Services))
	say("by", joined(r.Deployers))
	if d, ok := r.Duration(); ok {
		say("took", d.String())
	}
	return strings.Join(out, " ")
}

func joined(all []Text) string {
	values := make([]string, len(all))
	for i, t := range all {
		values[i] = t.Value
	}
	return strings.Join(values, "+")
}

// TestFacts holds which lines of a body are facts of the deployment.
func TestFacts(t *testing.T) {
	for _, test := range []struct{ name, body, want string }{
		// The head.
		{"head, bullets", "# T\n\n- Status: ✅ Success\n- Environment: staging\n\n## A\n\n- [x] a\n", "status=succeeded env=staging"},
		{"head without a title", "**Status**: failed\n\n- [x] a\n", "status=failed"},
		{"head of a heading of level 2", "## v1.2\n\nStatus: failed\n", "status=failed"},
		{"head as a table", "# T\n\n| Field | Value |\n|---|---|\n| **Deployed by** | Mei Tanaka |\n| **Environment** | production |\n| **Status** | ❌ Rolled back |\n\n## S\n\n- [x] a\n",
			"status=rolled-back env=production by=Mei Tanaka"},
		{"a table whose head is a fact", "# T\n\n| Environment | qa |\n|---|---|\n| Version | 1.2 |\n", "env=qa version=1.2"},
		{"a table of something else", "# T\n\n| Check | Status |\n|---|---|\n| Disk | ❌ |\n| Version | ✅ |\n", ""},
		{"a table of three columns", "# T\n\n| Version | Environment | Status |\n|---|---|---|\n| 1.2 | qa | failed |\n", ""},
		{"behind the first step", "# T\n\n- [x] a\n\nStatus: failed\n", ""},

		// A value ends with its line.
		{"a line of prose below", "# T\n\nDeployed by: Tom, Maria\nMigration took 40 min\nEnvironment: staging\nwe did it\n", "env=staging by=Tom+Maria"},
		{"prose in the same item", "# T\n\n- **Version**: 1.2\n  only on node 1\n- **Operator**: Ada\nand then lunch\n- Env: qa\n\n  shared with others\n", "env=qa version=1.2 by=Ada"},
		{"Japanese prose below", "# T\n\nEnvironment: 本番\n予定より早く終わった\n", "env=本番"},
		{"a list of remarks below a value", "# T\n\n- Status: failed\n  - succeeded at the second try\n- Service: api\n  - and its cache\n", "status=failed service=api"},
		{"a list in an item", "# T\n\n- **Operators**:\n  - Ada Park\n  - Mei Tanaka\n- Version: 1.2\n", "version=1.2 by=Ada Park+Mei Tanaka"},
		{"a list behind a line", "# T\n\nServices:\n\n1. api\n2. web\n\nVersion: 1.2\n", "version=1.2 service=api+web"},
		{"a value that ends in a comma", "# T\n\nDeployed by: Ada Park,\nMei Tanaka\nand it rained\n", "by=Ada Park+Mei Tanaka"},
		{"a list of labels below", "# T\n\nProject:\n- Version: 1.2\n- Env: qa\n", "env=qa version=1.2"},
		{"a choice with boxes below", "# T\n\n- Environment:\n  - [ ] production\n  - [x] staging\n", ""},

		// Sections that tell of the deployment.
		{"details", "# T\n\n## Deployment Details\n\n- Version: 1.2\n- Environment: qa\n", "env=qa version=1.2"},
		{"sign-off at the end", "# T\n\n## S\n\n- [x] a\n\n## Sign-Off\n\n**Status:** ❌ ROLLED BACK\n**Environment:** production\n", "status=rolled-back env=production"},
		{"numbered, with a remark", "# T\n\n## 7. Release Summary (draft)\n\nStatus: failed\n", "status=failed"},
		{"German", "# T\n\n## Zusammenfassung der Bereitstellung\n\n- Status: erfolgreich\n", "status=succeeded"},
		{"Japanese", "# T\n\n## デプロイ結果\n\n- Status: 成功\n", "status=succeeded"},
		{"French", "# T\n\n## Détails du déploiement\n\n- Version : 1.2\n- Environment: prod\n", "env=prod version=1.2"},
		{"within a phase", "# T\n\n## Phase 3\n\n### Sign-off\n\n- Deployed by: Ada Park\n", "by=Ada Park"},
		{"summary as a table", "# T\n\n## Summary\n\n| | |\n|---|---|\n| Status | failed |\n| Version | 2.0 |\n", "status=failed version=2.0"},
		{"test results", "# T\n\n## Test results\n\n- Status: failed\n", ""},
		{"a test in the summary", "# T\n\n## Summary\n\n### First call\n\n- Status: skipped\n", ""},

		// A heading that is the label.
		{"status as a heading", "# T\n\n## Status\n\nRolled back by [the hotfix](x.md)\n\n## Context\n\nText.\n", "status=rolled-back"},
		{"version as a heading", "# T\n\n## Version\n\nv1.2\n\n## S\n\n- [x] a\n", "version=v1.2"},
		{"two paragraphs", "# T\n\n## Status\n\nfailed\n\nBut see below.\n", ""},
		{"a long text", "# T\n\n## Status\n\n" + strings.Repeat("It went on and on. ", 10) + "\n", ""},
		{"below something else", "# T\n\n## Rollback\n\n### Version\n\nv1.1\n", ""},

		// What is not of the deployment.
		{"a test's status", "# T\n\n**Status**: ✅ Success\n\n## Tests\n\n### Second call\n\n- Status: `skipped`\n", "status=succeeded"},
		{"a rollback plan", "# T\n\n## Rollback plan\n\n- **Version**: v1.1.9\n- **Environment**: staging first\n\n### Details\n\n- Commit: 0d6fa9b\n", ""},
		{"a contact", "# T\n\n## Contact\n\n- **Operator**: on call\n", ""},
		{"the release before", "# T\n\n## Previous deployment\n\n- Version: 1.0\n- Status: failed\n", ""},
		{"a fallback in German", "# T\n\n## Rückfallplan\n\n- Version: 1.0\n", ""},
		{"an issue", "# T\n\n## Issues Encountered\n\n- Status: failed\n- Version: 1.0\n", ""},
		{"a code block", "# T\n\n```\nStatus: failed\n```\n", ""},

		// Which of several counts.
		{"sign-off against head", "# T\n\nStatus: in progress\n\n## S\n\n- [x] a\n\n## Sign-off\n\nStatus: done\n", "status=succeeded"},
		{"metrics against head", "# T\n\n- Date: 2024-08-31 10:00\n- Duration: 10 min\n\n## Deployment Metrics\n\n- Total Duration: 25 min\n- Status: failed\n", "status=failed took=25m0s"},
		{"head against details", "# T\n\nEnvironment: qa\n\n## Details\n\nEnvironment: prod\n", "env=qa"},

		// Values.
		{"a release that is a name", "# T\n\nRelease: Spring clean-up\n", ""},
		{"a release that is a version", "# T\n\nRelease: 2024.3\n", "version=2024.3"},
		{"steps that were completed", "# T\n\nCompleted: 12/14 steps\n", ""},
		{"a duration without a clock", "# T\n\n- Date: 2024-08-31\n- Duration: 40 min\n", "took=40m0s"},
		{"less than", "# T\n\n- Date: 2024-08-31 10:00\n- Duration: < 5 minutes\n", ""},
		{"status with whom", "# T\n\nStatus: rolled back by Ada\n", "status=rolled-back"},
		{"status with a but", "# T\n\nStatus: deployed to all, but not to eu\n", ""},
		{"superseded", "# T\n\nStatus: superseded by 9\n", ""},
	} {
		r := Parse("2024-08-31.md", []byte(test.body), Options{})
		if got := told(r); got != test.want {
			t.Errorf("%s: got %q, want %q; %v", test.name, got, test.want, r.Problems)
		}
	}
}

func TestFactTableIsNoStep(t *testing.T) {
	r := Parse("2024-08-31.md", []byte("# T\n\n| Field | Value |\n|---|---|\n| Status | ❌ Rolled back |\n| Version | 1.2 |\n\n## S\n\n- [x] a\n"), Options{})
	if len(r.Steps) != 1 {
		t.Errorf("%d steps, want 1", len(r.Steps))
	}
}

// TestContradictions holds that two lines that cannot both be right are named, both.
func TestContradictions(t *testing.T) {
	for body, want := range map[string]string{
		"# T\n\nStatus: success\n\n## Sign-off\n\nStatus: rolled back\n":                                                                     "3:1: warning: the status is “success” here and “rolled back” on line 7",
		"# T\n\nDate: 2024-08-31\nTime: 14:30 UTC (September 1, 2024)\n":                                                                     "4:7: warning: “14:30 UTC (September 1, 2024)” is no hour that can be read; only the day is taken",
		"# T\n\nDate: 2024-08-31\nTime: 02:30 (evening)\n":                                                                                   "4:7: warning: “02:30 (evening)” is no hour that can be read; only the day is taken",
		"# T\n\nDate: 2024-08-31\nTime: 02:30 (Beijing time)\n":                                                                              "4:7: warning: “02:30 (Beijing time)” is no hour that can be read; only the day is taken",
		"# T\n\nDate: 2024-08-31 10:00\nEnd: 2024-08-31 11:00\n\n## Deployment Metrics\n\n- End Time: 2024-08-31 12:30\n- Status: success\n": "4:6: warning: the end is “2024-08-31 11:00” here and “2024-08-31 12:30” on line 8",
		"# T\n\nStatus: failed\n\n## Sign-off\n\nStatus: rolled back\n":                                                                      "",
		"# T\n\nStatus: in progress\n\n## Sign-off\n\nStatus: success\n":                                                                     "",
	} {
		said := fmt.Sprint(Parse("2024-08-31.md", []byte(body), Options{}).Problems)
		if !strings.Contains(said, want) || want == "" && said != "[]" {
			t.Errorf("%q: %s, want %s", body, said, want)
		}
	}
}

func TestPeople(t *testing.T) {
	for written, want := range map[string]string{
		"Ada Park <ada@example.org>":              "Ada Park",
		"Ada Park <mailto:ada@example.org>":       "Ada Park",
		"@adapark":                                "adapark",
		"ada@example.org":                         "ada@example.org",
		"<ada@example.org>":                       "ada@example.org",
		"Ada Park (SRE on call)":                  "Ada Park",
		"Ada Park (primary), Mei Tanaka (shadow)": "Ada Park+Mei Tanaka",
		"Ada Park / Mei Tanaka":                   "Ada Park+Mei Tanaka",
		"Ada/Mei":                                 "Ada+Mei",
		"CI/CD pipeline":                          "CI/CD pipeline",
		"Ada Park + Mei Tanaka":                   "Ada Park+Mei Tanaka",
		"Ada Park; Mei Tanaka":                    "Ada Park+Mei Tanaka",
		"Ada Park und Mei Tanaka":                 "Ada Park+Mei Tanaka",
		"Ada Park et Mei Tanaka":                  "Ada Park+Mei Tanaka",
		"Ada Park with Mei Tanaka":                "Ada Park+Mei Tanaka",
		"Ada Park, Mei Tanaka, and Kofi Mensah":   "Ada Park+Mei Tanaka+Kofi Mensah",
		"李雷、韩梅梅":                                  "李雷+韩梅梅",
		"[Ada Park](https://example.org/ada)":     "Ada Park",
		"**Ada Park**":                            "Ada Park",
		"_Ada Park_":                              "Ada Park",
		"~~Mei Tanaka~~ Ada Park":                 "Ada Park",
		"GitHub Actions (ci)":                     "GitHub Actions",
		"Sandy Anderson":                          "Sandy Anderson",
		"Yves Undset":                             "Yves Undset",
	} {
		for _, body := range []string{"# T\n\n- **Deployed by**: " + written + "\n", "# T\n\n| A | B |\n|---|---|\n| Deployed by | " + written + " |\n| Version | 1 |\n"} {
			if got := joined(Parse("2024-08-31.md", []byte(body), Options{}).Deployers); got != want {
				t.Errorf("%q: got %q, want %q", body, got, want)
			}
		}
	}
	if r := Parse("2024-08-31.md", []byte("---\ndeployer: Ada Park <ada@example.org>\n---\n"), Options{}); joined(r.Deployers) != "Ada Park" {
		t.Errorf("in the front matter: %v", r.Deployers)
	}
}

// TestClocksThatChange holds that an hour that was twice, or never, is said.
func TestClocksThatChange(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ start, end, want, took string }{
		{"2024-03-31 02:30", "2024-03-31 04:10", "never was in Europe/Berlin", "40m0s"},
		{"2024-10-27 02:50", "2024-10-27 02:10", "was twice in Europe/Berlin", "20m0s"},
		{"2024-10-27 01:50", "2024-10-27 03:10", "", "2h20m0s"},
		{"2024-07-01 02:30", "2024-07-01 03:10", "", "40m0s"},
		{"2024-10-27T02:50:00+02:00", "2024-10-27T02:10:00+01:00", "", "20m0s"},
	} {
		for _, body := range []string{"---\ndate: " + test.start + "\nfinished: " + test.end + "\nstatus: success\n---\n", "# T\n\n- Date: " + test.start + "\n- End: " + test.end + "\n- Status: success\n"} {
			r := Parse("2024-deployment.md", []byte(body), Options{Location: berlin})
			var said []string
			for _, p := range r.Problems {
				if p.Line > 0 && p.Severity == problem.Warning {
					said = append(said, p.Message)
				}
			}
			d, _ := r.Duration()
			if all := strings.Join(said, "; "); !strings.Contains(all, test.want) || test.want == "" && all != "" || d.String() != test.took {
				t.Errorf("%s: took %s, said %s", body, d, all)
			}
		}
	}
}

func TestNightCalledByItsEvening(t *testing.T) {
	for name, want := range map[string]int{"2024-10-08-night.md": 0, "2024-10-05-night.md": 1, "2024-10-09-02-30-deployment.md": 0, "2024-10-07-02-00-deployment.md": 1} {
		if r := Parse(name, []byte("# T\n\n**Date**: 2024-10-09 02:00\n**Status**: success\n"), Options{}); len(r.Problems) != want {
			t.Errorf("%s: %v", name, r.Problems)
		}
	}
}

// TestUnitsInLabels has the zone of a time, or the unit of a duration, in its label.
func TestUnitsInLabels(t *testing.T) {
	loc, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		t.Fatal(err)
	}
	for head, want := range map[string]string{
		"- Date (UTC): 2026-03-04T19:21:31Z":                                     "2026-03-04T19:21:31Z 0s",
		"- Date (UTC): 2026-03-04 19:21":                                         "2026-03-04T19:21:00Z 0s",
		"- Date: 2026-03-04\n- Time: 23:20 UTC (evening)":                        "2026-03-04T23:20:00Z 0s",
		"- Date: 2026-03-04\n- **Time**: 00:30 UTC (March 4, 2026)":              "2026-03-04T00:30:00Z 0s",
		"- **Start Time (UTC+2):** 2026-03-04 19:21":                             "2026-03-04T19:21:00+02:00 0s",
		"- Date (UTC): 2026-03-04":                                               "2026-03-04T00:00:00+01:00 0s",
		"- Date: 2026-03-04\n- Duration (min): 47":                               "2026-03-04T00:00:00+01:00 47m0s",
		"- Datum: 2026-03-04\n- Dauer (Minuten): 47":                             "2026-03-04T00:00:00+01:00 47m0s",
		"- Date: 2026-03-04\n- Duration (h): 1 h 20 min":                         "2026-03-04T00:00:00+01:00 1h20m0s",
		"- Date (planned): 2026-03-04":                                           "",
		"- Date: 2026-03-04\n- Duration (estimated): 47 min":                     "2026-03-04T00:00:00+01:00 0s",
		"- Date: 2026-03-04\n- Start Time (UTCGMT): 2026-03-05":                  "2026-03-04T00:00:00+01:00 0s",
		"- Date: 2026-03-04\n- Date (+): 2026-03-05":                             "2026-03-04T00:00:00+01:00 0s",
		"| Date (UTC) | 2026-03-04 19:21 |\n|---|---|\n| Status | succeeded |\n": "2026-03-04T19:21:00Z 0s",
	} {
		r := Parse("x.md", []byte("# Web\n\n"+head+"\n"), Options{Location: loc})
		got := ""
		if !r.Started.IsZero() {
			got = r.Started.Time.Format(time.RFC3339) + " " + r.Took.String()
		}
		if got != want {
			t.Errorf("%q: %q, want %q", head, got, want)
		}
	}
}

// TestSeveralCommits: of several commits nobody knows which was deployed.
func TestSeveralCommits(t *testing.T) {
	for line, want := range map[string]string{
		"**Commits**: `4bad1fe`, `d5ee4a4`":          "!",
		"**Commit**: 4bad1fe + d5ee4a4":              "!",
		"- Commits: 4bad1fe, d5ee4a4 and 88324ead":   "!",
		"| Commit | `4bad1fe`、`d5ee4a4` |":           "!",
		"**Commits**: `4bad1fe`":                     "4bad1fe",
		"**Git commits**: 4bad1fe (the fix)":         "4bad1fe",
		"**Commit**: 4bad1fe..d5ee4a4":               "d5ee4a4",
		"**Commit**: 4bad1fe → d5ee4a4":              "d5ee4a4",
		"**Commit**: 4bad1fe, 4bad1fe0123456789abcd": "4bad1fe0123456789abcd",
		"**Commit**: 4bad1fe, merged by Ada":         "4bad1fe",
		"**Commits**: 12":                            "",
		"**Commits**: 4 (3 docs, 1 tests)":           "",
		"**Related commits**: 4bad1fe":               "",
	} {
		source := "# Ship\n\n**Date**: 2024-08-31\n" + line + "\n"
		if strings.HasPrefix(line, "|") {
			source = "# Ship\n\n| Field | Value |\n|---|---|\n| Date | 2024-08-31 |\n" + line + "\n"
		}
		r := Parse(recordName1, []byte(source), Options{})
		got := r.Commit.Value
		for _, p := range r.Problems {
			if p.Rule == problem.ConflictingFacts {
				got += "!"
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q; %v", line, got, want, r.Problems)
		}
	}
	if r := Parse(recordName1, []byte("---\ncommit: d5ee4a4\n---\n# Ship\n\n**Commits**: 4bad1fe, d5ee4a4\n"), Options{}); r.Commit.Value != "d5ee4a4" || len(r.Problems) > 0 {
		t.Errorf("the front matter says which: %q, %v", r.Commit.Value, r.Problems)
	}
}

// TestImprint: what a document says of itself at its end is not of the section above.
func TestImprint(t *testing.T) {
	for foot, want := range map[string]string{
		"**Acme Shop**\n_Release report_\n_Completed: September 3, 2024_\n_Status: ✅ Success_\n": "",
		"*Shop*\n**Version**: 1.0\n**Status**: Failed\n":                                         "",
		"**Version**: 1.0\n**Status**: Failed\n**Last updated**: 2024-09-03\n":                   "",
		"**Stand**: 03.09.2024\n**Version**: 1.0\n":                                              "",
		"**Deployed by**: Ada\n**Status**: Failed\n**Last updated**: 2024-09-03\n":               "failed by Ada",
		"**Status**: Failed\n**Completed**: 2024-09-03\n":                                        "failed 2024-09-03",
		"All of us were there.\n**Status**: Failed\n":                                            "failed",
		"**Déploiement validé** ✅\n**Déployé par**: Ada\n**Version**: 1.0\n":                     "1.0 by Ada",
	} {
		r := Parse("2024-08-31-ship.md", []byte("# Ship\n\n## Conclusion\n\nIt works.\n\n---\n\n"+foot), Options{})
		var got []string
		if r.Status != InProgress {
			got = append(got, string(r.Status))
		}
		if !r.Finished.IsZero() {
			got = append(got, r.Finished.Time.Format("2006-01-02"))
		}
		if !r.Version.IsZero() {
			got = append(got, r.Version.Value)
		}
		if len(r.Deployers) > 0 {
			got = append(got, "by "+r.Deployers[0].Value)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q, want %q; %v", foot, got, want, r.Problems)
		}
	}
	r := Parse("2024-08-31-ship.md", []byte("# Ship\n\n## Sign-off\n\n---\n\n*Shop*\n**Status**: Failed\n"), Options{})
	if r.Status != Failed {
		t.Error("what is all of a sign-off is not read")
	}
}

// TestNamesInCode has names in code with a remark behind them, and values in which the code is a part.
func TestNamesInCode(t *testing.T) {
	for line, want := range map[string]string{
		"**Version**: `1.4.2` (hotfix)":                                      "1.4.2",
		"**Version**: `feature/x`（standard rebuild）":                         "feature/x",
		"**Service**: `api` — payments, and `x.js`":                          "api",
		"**Service**: `api` - the payments":                                  "api",
		"**Branch**: `main` (protected)":                                     "main",
		"| Version | `1.4.2` (hotfix) |\n|---|---|\n| Service | `api` – x |": "1.4.2 api",

		"**Version**: 1.4.2 (hotfix)":            "1.4.2 (hotfix)",
		"**Version**: `1.4.2`-rc1":               "1.4.2-rc1",
		"**Version**: `1.4.2` → `1.4.3`":         "1.4.3",
		"**Service**: `api`, `web`":              "api web",
		"**Service**: `api` - `web`":             "api - web",
		"**Service**: the `api` (all)":           "the api (all)",
		"**Version**: `HEAD`（v2.7，working tree）": "v2.7",
		"**Environment**: `prod` (eu-1)":         "prod (eu-1)",
	} {
		r := Parse("2024-08-31.md", []byte("# D\n\n"+line+"\n"), Options{})
		got := []string{r.Version.Value, r.Branch.Value, r.Environment.Value}
		for _, s := range r.Services {
			got = append(got, s.Value)
		}
		if said := strings.Join(strings.Fields(strings.Join(got, " ")), " "); said != want {
			t.Errorf("%s: got %q, want %q", line, said, want)
		}
	}
}
