package importer

import (
	"cmp"
	"strings"
	"testing"
	"time"
)

// kindsOfLogs are logs by kind: what is read of each, entry by entry, as the day, the
// last day, the outcome, the version, the environment and the people; "" where nothing
// is a deployment.
var kindsOfLogs = map[string]map[string]string{
	"lists": {
		"- 2024-08-31: v1.4 deployed\n- 2024-08-30: v1.3 deployed\n":                         "08-31 v1.4; 08-30 v1.3",
		"* **2024-08-31 14:30** v1.4 – OK\n* **2024-08-30** v1.3 – failed\n":                 "08-31 succeeded v1.4; 08-30 failed v1.3",
		"1. 31.08.2024 v1.4\n2. 30.08.2024 v1.3\n":                                           "08-31 v1.4; 08-30 v1.3",
		"- [x] 2024-08-31 v1.4\n- [ ] 2024-09-01 v1.5\n":                                     "08-31 v1.4; 09-01 v1.5",
		"+ 31 Aug 2024 - v1.4 (production)\n  went well\n\n+ 30 Aug 2024 - v1.3 (staging)\n": "08-31 v1.4 production; 08-30 v1.3 staging",

		"- v1.4 needs the fix of 2024-08-31\n- v1.3 as well\n":            "",
		"- since 2024-08-31 we deploy on Tuesdays\n- never on a Friday\n": "",
		"- Owner: Ada (2024-08-31)\n- Reviewed: 2024-08-30\n":             "",
	},
	"headings": {
		"## v1.4 (2024-08-31) ✅\n\na\n":                   "08-31 succeeded v1.4",
		"## 2024-08-31 v1.4 failed\n\na\n":                "08-31 failed v1.4",
		"### 2024-08-31 | v1.4 | staging | rolled back\n": "08-31 rolled-back v1.4 staging",
		"## 2024-08-31 / STAGING/TEST / v1.4（预部署）\n\na\n": "08-31 v1.4 STAGING/TEST",
		"## 2024-08-31 – v1.4.0 – Produktion\n\na\n":      "08-31 v1.4.0 Produktion",
		"## 2024-08-31 · dev (first try) · v1.4\n\na\n":   "08-31 v1.4 dev",
		"## Release v1.4, 31. August 2024: abgebrochen\n": "08-31 cancelled v1.4",
		"## 2024-08-31 ROLLBACK of v1.4\n\na\n":           "08-31 v1.4",

		"## ✅ v1.4 ready for deployment (2024-08-31)\n":        "08-31 v1.4", // nothing says that it was deployed
		"## 2024-08-31 v1.4 is ready ✅\n":                      "08-31 v1.4",
		"## 2024-08-31 Rollback\n":                             "08-31",
		"## 2024-08-31 Success stories\n":                      "08-31",
		"## 2024-08-31 Deployment of the search that failed\n": "08-31",
		"## 2024-08-31 Fix the rollback\n":                     "08-31",
		"## Failed logins since 2023, and more\n\na\n":         "",
		"## 2024-08-31 build / test / docs\n\na\n":             "08-31",
		"## 2024-08-31 v1.4 | staging | production\n\na\n":     "08-31 v1.4",
		"## 2024-08-31 v1.4 | the staging area | new\n\na\n":   "08-31 v1.4",
		"## Requirements of v1.4\n\nBy 2024-08-31.\n":          "",
	},
	"lines": {
		"**2024-08-31 10:00** v1.4 to production OK\n\n**2024-08-30** v1.3 failed\n": "08-31 succeeded v1.4 production; 08-30 failed v1.3",
		"**2024-08-31 10:00** v1.4 OK\n**2024-08-30 09:00:** v1.3 failed\n":          "08-31 succeeded v1.4; 08-30 failed v1.3",
		"## 2024-08-31\n\n**2024-08-31 10:00** v1.4 OK\n**2024-08-31 14:00** v1.5\n": "08-31 succeeded v1.4; 08-31 v1.5",

		"## 2024-08-31 v1.4\n\n**2024-08-31 10:00** began\n\n**2024-08-31 10:20** errors rise\n": "08-31 v1.4",
		"**2024-08-31** we met\n\n**2024-09-01** we met again\n":                                 "",
	},
	"tables": {
		"| When | What | Who | OK? |\n|---|---|---|---|\n| 2024-08-31 | v1.4 | Ada | ✅ |\n| 2024-08-30 | v1.3 | Mei | ❌ |\n": "08-31 succeeded Ada; 08-30 failed Mei",
		"| Version | Datum | Umgebung | Ergebnis |\n|---|---|---|---|\n| 1.4 | 31.08.2024 | Test | zurückgerollt |\n":        "08-31 rolled-back 1.4 Test",
		"| 日付 | バージョン | 担当 | 結果 |\n|---|---|---|---|\n| 2024年8月31日 | 1.4 | 佐藤 | 成功 |\n":                                      "08-31 succeeded 1.4 佐藤",
		"Date | Env\n---|---\n2024-08-31 | qa\n":                                                         "08-31 qa",
		"| Date | Env |\n|---|---|\n| 2024-08-31 | staging (dry run) |\n| 2024-09-01 | staging (eu) |\n": "08-31 staging; 09-01 staging (eu)",

		"| Version | Supported until |\n|---|---|\n| 1.4 | 2024-08-31 |\n":                                            "",
		"| Name | Value |\n|---|---|\n| Go | 1.22 |\n":                                                                "",
		"| Time | Event |\n|---|---|\n| 2024-08-31 08:00 | a |\n| 2024-08-31 09:00 | b |\n| 2024-08-31 10:00 | c |\n": "",
	},
	"tables above the sections": {
		"| Date | Version | Env |\n|---|---|---|\n| 2024-08-31 | v1.4 | qa |\n| 2024-08-30 | v1.3 | qa |\n\n## 2024-08-31 v1.4 ✅\n\n- Deployed by: Ada\n\n## 2024-08-30 v1.3\n\nText.\n":   "08-31 succeeded v1.4 qa Ada; 08-30 v1.3 qa",
		"| 日期 | 版本(tag/commit) | 执行人 |\n|---|---|---|\n| 2024-08-31 | HEAD（v1.4） | 王伟 |\n\n## 详细记录\n\n### 2024-08-31 / HEAD（第一次）\n\n- 部署版本：HEAD（v1.4，a86ab36）\n- 环境：测试\n":                  "08-31 v1.4 测试 王伟",
		"## 2024-08-31 14:30 v1.5\n\na\n\n## 2024-08-31 09:00 v1.4\n\nb\n\n## Summary\n\n| Date | Version | Status |\n|---|---|---|\n| 2024-08-31 | 1.4 | ❌ |\n| 2024-08-31 | 1.5 | ✅ |\n": "08-31 failed 1.4; 08-31 succeeded 1.5",
		"| Date | Env |\n|---|---|\n| 2024-08-31 | qa |\n| 2024-08-31 | qa |\n\n## 2024-08-31 First\n\na\n\n## 2024-08-31 Second\n\nb\n":                                                   "08-31 qa; 08-31 qa", // nobody knows which is which

		"| Date | Version |\n|---|---|\n| 2024-08-31 | v1.4 |\n\n## 2024-08-31 v1.5\n\na\n\n## 2024-08-30 v1.3\n\nb\n":               "08-31 v1.4; 08-31 v1.5; 08-30 v1.3",
		"| Date | Environment |\n|---|---|\n| 2024-08-31 | staging |\n\n## 2024-08-31 v1.4 to production\n\na\n":                     "08-31 staging; 08-31 v1.4 production",
		"| Date | Env |\n|---|---|\n| 2024-08-31 14:30 | qa |\n\n## 2024-08-31 20:00 hotfix\n\na\n":                                  "08-31 qa; 08-31",
		"## 2024-08-31 v1.4\n\n| Date | Env |\n|---|---|\n| 2024-08-31 | qa |\n\n## 2024-08-31 v1.5\n\nb\n":                          "08-31 v1.4; 08-31 v1.5",
		"| Date | Version |\n|---|---|\n| 2024-08-31 | v1.4 |\n\n## Older\n\n| Date | Version |\n|---|---|\n| 2024-08-31 | v1.4 |\n": "08-31 v1.4; 08-31 v1.4",
	},
	"history of the document": {
		"## 2024-08-31 v1.4\n\na\n\n## Document history\n\n| Version | Date | Author | Change |\n|---|---|---|---|\n| 0.1 | 2024-08-01 | Ada | first |\n": "08-31 v1.4",
		"## 变更记录\n\n| 版本 | 日期 | 说明 | 作者 |\n|---|---|---|---|\n| v0.1 | 2024-08-01 | 初始化 | 王伟 |\n":                                                         "",
		"## Änderungsverlauf\n\n| Datum | Autor | Was |\n|---|---|---|\n| 01.08.2024 | Jörg | Anfang |\n":                                                 "",
		"## 改訂履歴\n\n| 日付 | 作成者 | 内容 |\n|---|---|---|\n| 2024-08-01 | 佐藤 | 初版 |\n":                                                                         "",

		"## Version history\n\n| Version | Date | Deployed by |\n|---|---|---|\n| 1.4 | 2024-08-31 | Ada |\n":             "08-31 1.4 Ada",
		"## Version history\n\n| Version | Date | Author | Status |\n|---|---|---|---|\n| 1.4 | 2024-08-31 | Ada | ✅ |\n": "08-31 succeeded 1.4 Ada",
		"## Deployments\n\n| Version | Date | Author |\n|---|---|---|\n| 1.4 | 2024-08-31 | Ada |\n":                      "08-31 1.4 Ada",
	},
	"languages": {
		"- **3 septembre 2024** : v4.2.0 en production (Zoë) ✅\n- **5 sept. 2024** : v4.2.1\n":                                                  "09-03 succeeded v4.2.0 production; 09-05 v4.2.1",
		"## 3 de septiembre de 2024: v4.2.0 en producción\n\nResponsable: Zoë\nEstado: revertido\n":                                             "09-03 rolled-back v4.2.0 producción Zoë",
		"| Fecha | Versión | Entorno | Responsable | Estado |\n|---|---|---|---|---|\n| 15/09/2024 | 4.2.1 | Producción | Kofi | Revertido |\n": "09-15 rolled-back 4.2.1 Producción Kofi",
		"| Date | Version | Environnement | Réalisé par | Statut |\n|---|---|---|---|---|\n| 2024-09-03 | 1.2 | recette | Zoë | réussi |\n":     "09-03 succeeded 1.2 recette Zoë",
		"### Do., 05.09.2024 – Hotfix 4.2.1 ❌ zurückgerollt\n\nGrund: leer\n":                                                                   "09-05 rolled-back 4.2.1",
		"### 2024-09-03 Shop 4.2.0 → Produktion ✅\n\na\n":                                                                                       "09-03 succeeded 4.2.0 produktion",
		"## 2024年8月31日 v4.1.0 本番\n\n- 担当: 佐藤\n- 結果: 成功\n":                                                                                       "08-31 succeeded v4.1.0 佐藤",
		"| 🗓️ When | 📦 What | 🌍 Where | 👤 Who | Result |\n|---|---|---|---|---|\n| Sep 3, 2024 | shop 4.2.0 | prod | @ada | 🟢 ok |\n":           "09-03 succeeded prod @ada",

		"- 3 foobre 2024 : v4.2.0\n":                        "",
		"- septembre 2024 : v4.2.0\n- octobre 2024 : v4\n":  "",
		"## 2024-09-03 Fixed what ❌ meant in tables\n\na\n": "09-03",
	},
	"plain lines": {
		"2024-09-03 21:15 ada deployed shop 4.2.0 to prod OK\n2024-09-05 21:00 mei deployed shop 4.2.1 to prod FAILED\n": "09-03 4.2.0 prod; 09-05 failed 4.2.1 prod",
		"[2024-09-03 21:15] v1.4 production\n[2024-09-04] v1.5 production\n":                                             "09-03 v1.4; 09-04 v1.5",
		"**2024-09-03** v1.4\n**2024-09-04** v1.5\n":                                                                     "09-03 v1.4; 09-04 v1.5",

		"2024-09-03 was a Tuesday.\n":                                     "",
		"2024-09-03 was a Tuesday.\nWe deployed on 2024-09-04.\n":         "",
		"From 2024-09-03 on we deploy daily\nFrom 2024-10-01 on, twice\n": "",
	},
	"ranges": {
		"## 2024-08-06 to 2024-08-11\n\na\n":                   "08-06–08-11",
		"## Aug 6, 2024 – Aug 11, 2024: move\n\na\n":           "08-06–08-11",
		"## 06.08.2024 bis 11.08.2024 Umzug, fehlgeschlagen\n": "08-06–08-11 failed",
		"## 2024-08-06 until 2024-08-11\n\n- Version: 1.4\n":   "08-06–08-11 1.4",

		"## 2024-08-11 to 2024-08-06\n\na\n":            "08-11",
		"## 2024-08-06, again 2024-08-11\n\na\n":        "08-06",
		"## 2024-08-06 (planned for 2024-08-01)\n\na\n": "08-06",
	},
	"a report's questions": {
		"## 2024-09-03 Outage\n\n- **Who:** all customers\n- **What:** no login\n- **Where:** eu-west\n- **Why:** the cache\n": "09-03",
		"## 2024-09-03 Ausfall\n\n- Wer: Kunden\n- Wo: test\n- Warum: Cache\n":                                                 "09-03",
		"## 2024-09-03\n\n*Who:* Ada\n*When:* 21:00\n*Why:* the lock\n":                                                        "09-03",

		"## 2024-09-03\n\n- Who: Ada\n- What: shop\n- Where: prod\n": "09-03 prod Ada",
		"## 2024-09-03\n\n- Wer: Ada\n- Wo: test\n":                  "09-03 test Ada",
		"## 2024-09-03\n\n- Deployed by: Ada\n- Why: the lock\n":     "09-03 Ada",
	},
	"withdrawn": {
		"## [1.4.1] - 2024-08-31 [YANKED]\n\n- a\n": "08-31 rolled-back 1.4.1",
		"## 1.4.1 (2024-08-31, yanked)\n\n- a\n":    "08-31 rolled-back 1.4.1",
		"## [YANKED] 1.4.1 - 2024-08-31\n\n- a\n":   "08-31 rolled-back 1.4.1",

		"## 1.4.1 - 2024-08-31\n\n- The package was yanked upstream\n": "08-31 1.4.1",
		"## 2024-08-31 Yanked packages are found\n\n- a\n":             "08-31",
	},
	"facts that end with their line": {
		"## 2024-08-31\n\nDeployed by: Tom, Maria\nMigration took 40 min\n": "08-31 Tom+Maria",
		"## 2024-08-31\n\nEnvironment: staging\nwe did it\n":                "08-31 staging",
		"## 2024-08-31\n\nDeployed by:\n- Tom\n- Maria\n":                   "08-31 Tom+Maria",
		"## 2024-08-31\n\n**Deployed by**: Tom,\nMaria\n":                   "08-31 Tom+Maria",

		"## 2024-08-31\n\nDeployed by:\n\nTom was on leave.\n": "08-31",
		"## 2024-08-31\n\nEnvironment:\n- [ ] staging\n":       "08-31",
	},
}

func TestKindsOfLogs(t *testing.T) {
	for kind, logs := range kindsOfLogs {
		for log, want := range logs {
			reading := Read([]Source{{Name: "deploy-log.md", Data: []byte("# Log\n\n" + log)}}, Options{})
			sound(t, reading)
			var got []string
			for _, d := range reading.Drafts {
				got = append(got, toldOfDraft(d))
			}
			if joined := strings.Join(got, "; "); joined != want {
				t.Errorf("%s: %q is\n%q, want\n%q", kind, log, joined, want)
			}
		}
	}
}

// TestHeadingsWithAHashTooFew go with the deployment that they follow, if it has no text of
// its own and another deployment has one of them below its heading.
func TestHeadingsWithAHashTooFew(t *testing.T) {
	const first = "# Log\n\n## 2024-08-31 v1\n\n### Checks:\n\na\n\n"
	for log, with := range map[string]bool{
		"## 2024-09-05 v2\n\n## ✅ Checks\n\nlate\n\n## Notes\n\nlater\n\n## 2024-09-06 v3\n\nc\n": true,
		"## 2024-09-05 v2\n\n---\n\n## Notes\n\nlater\n\n## Checks\n\nlate\n":                     true,

		"## 2024-09-05 v2\n\n## Rollback\n\nlate\n":       false, // no deployment has such a heading
		"## 2024-09-05 v2\n\ntext\n\n## Checks\n\nlate\n": false,
		"## 2024-09-05 v2\n\n# Checks\n\nlate\n":          false,
	} {
		reading := Read([]Source{{Name: "deploy-log.md", Data: []byte(first + log)}}, Options{})
		sound(t, reading)
		if got := strings.Contains(string(reading.Drafts[1].Body), "late"); got != with {
			t.Errorf("%q: %q", log, reading.Drafts[1].Body)
		}
	}
}

func toldOfDraft(d *Draft) string {
	const day = "01-02"
	told := d.Started.Time.Format(day)
	if !d.Finished.IsZero() && d.Finished.Time.Sub(d.Started.Time) >= 24*time.Hour {
		told += "–" + d.Finished.Time.Format(day)
	}
	for _, fact := range []string{string(d.Status), d.Version, d.Environment, strings.Join(d.Deployers, "+")} {
		told += cmp.Or(" "+fact, "")
	}
	return strings.Join(strings.Fields(told), " ")
}

// TestServiceOfATitle is read before a version that went somewhere.
func TestServiceOfATitle(t *testing.T) {
	for title, want := range map[string]string{
		"api v1.5 to production (Ada)": "api", "scores-api 2.0.1 → staging": "scores-api",
		"release v1.5 to production": "", "rollback v1.5 to production": "", "v1.5 to production": "", "api v1.5": "", "Move api v1.5 to production": "",
	} {
		reading := Read([]Source{{Name: "deploy-log.md", Data: []byte("# Log\n\n## 2024-01-26 15:30 — " + title + "\n\nText.\n")}}, Options{})
		if len(reading.Drafts) != 1 || strings.Join(reading.Drafts[0].Services, " ") != want {
			t.Errorf("%s: %+v", title, reading.Drafts)
		}
	}
}
