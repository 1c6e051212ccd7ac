package importer

import (
	"testing"

	"github.com/deploysite/deploysite/internal/records"
)

// TestStatusBeforeNames has a status with people or a ticket in brackets behind it, or another remark, which may take it back.
func TestStatusBeforeNames(t *testing.T) {
	for title, want := range map[string]records.Status{
		"api 3.4.0 — OK (Lena)":                 records.Succeeded,
		"api 3.3.9 — ROLLED BACK (Tom)":         records.RolledBack,
		"web 12.1 ✔ (Lena + Tom)":               records.Succeeded,
		"web 12.1 – failed (INC-4711)":          records.Failed,
		"web 12.1 – succeeded (@lena and @tom)": records.Succeeded,
		"YANKED api 3.3.8":                      records.RolledBack,
		"v1.2（本番）– 失敗 (鈴木)":                     "",
		"api 3.4.0 — OK (EU only)":              "",
		"api 3.4.0 — OK (not really)":           "",
		"api 3.4.0 — OK (Partially)":            "",
		"api 3.4.0 — no (Lena)":                 "",
		"the build is yanked up":                "",
	} {
		if got := titleStatus(title); got != want {
			t.Errorf("%s: %q, want %q", title, got, want)
		}
	}
}

// TestSummarySaysWhere has summaries of rows that say where something went, and such that tell of other things.
func TestSummarySaysWhere(t *testing.T) {
	for summary, want := range map[string]string{
		"TalentLMS migration request feature released to production": "production",
		"Google Skills course deployment to production.":             "production",
		"Promoted the search to Staging":                             "staging",
		"Rolled out v1.4 of the shop to the test environment":        "test",
		"Suche 1.4 nach Produktion ausgerollt":                       "produktion",
		"Recherche 1.4 mise en production":                           "production",
		"API 1.4 publicada em produção":                              "produção",
		"検索を本番環境へリリース":                                               "本番環境",
		"搜索已部署到生产":                                                   "生产",

		"Front-page featured pane 1 production mapping update":   "",
		"Not released to production":                             "",
		"Fixed a bug that pushed to production":                  "",
		"Ready to be released to production":                     "",
		"Deployed to dev, and promoted to test later on":         "",
		"Copied the data of staging to production":               "",
		"Deployment to production failed on Monday":              "",
		"Plan the deployment to production":                      "",
		"Deployment to product":                                  "",
		"Released to production in EU, and to staging elsewhere": "",
	} {
		if got := summaryEnvironment(summary); got != want {
			t.Errorf("%s: %q, want %q", summary, got, want)
		}
	}
}

// TestTitleFromALabel has sections whose heading has nothing but a time.
func TestTitleFromALabel(t *testing.T) {
	for log, want := range map[string]string{
		"## 2026-04-25 08:59 VLAT\n\n- Задача: deploy графиков\n- Длительность: около 5 минут\n": "deploy графиков",
		"## 2024-08-31 14:30\n\n**Change**: new search\n": "new search",
		"## 2024-08-31\n\n- 변경 내용: 검색\n":                  "검색",

		"## 2024-08-31 v1.4\n\n**Change**: new search\n":    "v1.4",
		"## 2024-08-31 14:30\n\n**Rollback**: not needed\n": "",
	} {
		r := Read([]Source{{"log.md", []byte(log)}}, Options{})
		if len(r.Drafts) != 1 || r.Drafts[0].Title != want {
			t.Errorf("%q: %+v", log, r.Drafts)
		}
	}
}

// TestRemarkBehindCode has a component and a version in code, with a remark.
func TestRemarkBehindCode(t *testing.T) {
	const log = "## 2024-08-31 a\n\n**Component:** `aws/lambda` — `index.mjs`\n\n## Table\n\n| Date | Version | What |\n|---|---|---|\n| 2024-08-30 | `1.4` (rebuild) | `x` (again) |\n"
	r := Read([]Source{{"log.md", []byte(log)}}, Options{})
	if len(r.Drafts) != 2 || r.Drafts[0].Services[0] != "aws/lambda" || r.Drafts[1].Version != "1.4" || r.Drafts[1].Title != "x (again)" {
		t.Errorf("%+v", r.Drafts)
	}
}

// TestStatusSaysWhere has lines on how something ended that name environments, and such that name other things.
func TestStatusSaysWhere(t *testing.T) {
	for status, want := range map[string]string{
		"released (dev, test, production)":     "dev, test, production",
		"✅ Deployed (staging)":                 "staging",
		"Live on dev and test":                 "dev and test",
		"deployed successfully to production.": "production",
		"erfolgreich（本番）":                      "本番",

		"released (all environments)":                  "",
		"released (v1.4)":                              "",
		"no-action (dev)":                              "",
		"blocked on staging":                           "",
		"failed on staging":                            "",
		"succeeded on staging, pending on production":  "",
		"released":                                     "",
		"released to the customers of production data": "",
		"deployed in 5 minutes":                        "",
	} {
		if got := placeOf(status); got != want {
			t.Errorf("%s: %q, want %q", status, got, want)
		}
	}
}

// TestTroubleSomewhere has titles that say where something went, and where trouble was met.
func TestTroubleSomewhere(t *testing.T) {
	for title, want := range map[string]string{
		"v1.4 on production":                "production",
		"Error page to staging":             "staging",
		"Hotfix for the login on test":      "test",
		"Failed deployment on production":   "production",
		"Missing index (staging)":           "staging",
		"Duplicate-key error on test":       "",
		"Login timeouts in production":      "",
		"[Bug] Basket empty on staging":     "",
		"Störung der Suche auf Produktion":  "",
		"Panne de la recherche en préprod":  "",
		"Crash on production after upgrade": "",
	} {
		if got := environmentIn(title); got != want {
			t.Errorf("%s: %q, want %q", title, got, want)
		}
	}
}

// TestServicesAreNoFiles has components that may be what was deployed, and files of code.
func TestServicesAreNoFiles(t *testing.T) {
	for value, want := range map[string]int{
		"api": 1, "shop/api": 1, "node.js": 1, "aws/lambda-orders": 1, "github.com/acme/api": 1, "api, web": 2,
		"backend/src/intent.js": 0, "artifacts/source/shop/index.php": 0, "./deploy/main.tf": 0,
	} {
		d := &Draft{}
		if d.set(KeyService, value); len(d.Services) != want {
			t.Errorf("%s: %q, want %d", value, d.Services, want)
		}
	}
}

// TestSeveralCommits has lists of commits, of which nobody knows which was deployed, and
// such that are one.
func TestSeveralCommits(t *testing.T) {
	for value, want := range map[string]string{
		"`4bad1fe0`, `d5ee4a4c`":                    "",
		"4bad1fe Mend the login, d5ee4a4 Sort":      "",
		"4bad1fe, 4bad1fe09c3e":                     "4bad1fe09c3e",
		"`d5ee4a4`":                                 "d5ee4a4",
		"https://example.org/shop/-/commit/d5ee4a4": "d5ee4a4",
	} {
		log := "# Log\n\n## 2024-08-31 shop\n\n- Commits: " + value + "\n- Environment: production\n\n## 2024-08-30 shop\n\n- Commit: 1234567\n"
		drafts := Read([]Source{{"log.md", []byte(log)}}, Options{}).Drafts
		if len(drafts) != 2 || drafts[0].Commit != want {
			t.Errorf("%s: %d drafts, commit %q, want %q", value, len(drafts), drafts[0].Commit, want)
		}
	}
}
