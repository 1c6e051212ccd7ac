package records

import (
	"strings"
	"testing"

	"github.com/deploysite/deploysite/internal/problem"
)

// TestKeysOfLongNames: two names that are alike in their first 60 bytes are two steps, and the
// key that both had finds the one that alone had it.
func TestKeysOfLongNames(t *testing.T) {
	const same = "Wait until the queue of the payment provider in Frankfurt is empty"
	keys := func(labels ...string) (keys []string) {
		source := "# T\n\n## Verify\n\n"
		for _, label := range labels {
			source += "- [ ] **" + label + "**\n"
		}
		for _, s := range Parse(recordName1, []byte(source), Options{}).Steps {
			if len(s.Key) > 2*60+1 {
				t.Errorf("%s is long", s.Key)
			}
			keys = append(keys, s.Key)
		}
		return keys
	}
	for _, names := range [][2]string{
		{same + " on node 1", same + " on node 2"},
		{"本番環境のデータベースへの接続が切れていないことを確認する", "本番環境のデータベースへの接続が切れていないことを記録する"},
	} {
		got := keys(names[0], names[1])
		if got[0] == got[1] || got[0] != keys(strings.ToUpper(names[0]))[0] {
			t.Errorf("%q: %q", names, got)
		}
	}
	for name, want := range map[string]string{"Smoke tests": "verify/smoke-tests", strings.Repeat("a", 60): "verify/" + strings.Repeat("a", 60)} {
		if got := keys(name)[0]; got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	const cut = "verify/wait-until-the-queue-of-the-payment-provider-in-frankfurt-is"
	for steps, found := range map[string]int{
		"- [ ] **" + same + " on node 1**\n":                                   1,
		"- [ ] **" + same + " on node 1**\n- [ ] **" + same + " on node 2**\n": 2, // nobody knows which
		"- [ ] **Smoke tests**\n":                                              0,
	} {
		source := "# T\n\n## Verify\n\n" + steps + "\n## Issues Encountered\n\n- late <!-- 2024-08-31T15:00:00+02:00 Ada Park, step " + cut + " -->\n"
		r := Parse(recordName1, []byte(source), Options{})
		if got := FindSteps(r.Steps, cut); len(got) != found {
			t.Errorf("%q: found %d", steps, got)
		}
		if named := r.Notes[0].Stamp.Step; (named == r.Steps[0].Key) != (found == 1) || found != 1 && named != cut {
			t.Errorf("%q: the note names %s", steps, named)
		}
	}
}

// TestLabelsInBoldAlone: what is written for a label that is in bold as a whole goes behind it.
func TestLabelsInBoldAlone(t *testing.T) {
	for template, want := range map[string]string{
		"# T\n\n**Deployed by:**\n\n- Jane\n- Bob\n\n## S\n\n- [ ] a\n":        "**Deployed by:** Ada\n\n## S",
		"# T\n\n__Deployed by:__\n- Jane\n\n## S\n\n- [ ] a\n":                 "__Deployed by:__ Ada\n\n## S",
		"# T\n\n**Deployed by**:\n\n- Jane\n\n## S\n\n- [ ] a\n":               "**Deployed by**: Ada\n\n## S",
		"# T\n\n**Deployed by: Jane**\n\n## S\n\n- [ ] a\n":                    "**Deployed by: Ada**\n\n## S",
		"# T\n\n**Contacts:**\n\n- Jane\n\n## S\n\n- [ ] a\n":                  "**Contacts:**\n\n- Jane\n\n## S",
		"# T\n\n**Version:**\n**Deployed by:**\n\n- Jane\n\n## S\n\n- [ ] a\n": "**Version:**\n**Deployed by:** Ada\n\n## S",
	} {
		content, err := Compose([]byte(template), Draft{Title: "Ship", Started: halfPastTwo, Deployers: []string{"Ada"}})
		if err != nil || !strings.Contains(string(content), want) {
			t.Errorf("%q: %v\n%s", template, err, content)
		}
	}
	for body, want := range map[string]string{
		"**Deployed by:**\n\n- Ada Park\n- Mei Tanaka (SRE)\n": "Ada Park+Mei Tanaka",
		"*Deployed by:*\n- Ada Park\n- @mei\n":                 "Ada Park+mei",
		"**Deployed by:**\n\n- Role: SRE\n- Shift: night\n":    "",
		"**Contacts:**\n\n- Ada Park\n- Mei Tanaka\n":          "",
		"**Deployed by:**\n\nThe release train of the week.\n": "",
	} {
		if got := joined(Parse(recordName1, []byte("# T\n\n"+body), Options{}).Deployers); got != want {
			t.Errorf("%q: %q, want %q", body, got, want)
		}
	}
}

// TestSlashInEnvironments: a slash without blanks may be of a name, unless one side alone is production.
func TestSlashInEnvironments(t *testing.T) {
	for value, want := range map[string]string{
		"STAGING/TEST": "STAGING/TEST", "dev/test": "dev/test", "QA/UAT": "QA/UAT", "prod/live": "prod/live", "prod/eu": "prod/eu",
		"staging / test": "staging+test", "staging/production": "staging+production", "dev/test/prod": "dev+test+prod",
		"prod-eu/prod-us": "prod-eu+prod-us", "node1/node2": "node1/node2", "本番／検証": "本番+検証",
		"dev/test, production": "dev/test+production", "dev, test": "dev+test", "本番/検証": "本番+検証",
	} {
		if got := joined(Parse(recordName1, []byte("# T\n\nEnvironment: "+value+"\n"), Options{}).Environments); got != want {
			t.Errorf("%s: %q, want %q", value, got, want)
		}
	}
}

// TestListsThatTell: a list below a label such as "Impact" has no steps, unless it has boxes.
func TestListsThatTell(t *testing.T) {
	for body, want := range map[string]string{
		"**Impact**:\n\n- ❌ nobody could log in\n- ✅ search was fine\n": "",
		"**Affected:**\n- ⚠️ checkout\n":                                "",
		"- **Changes**:\n  - ✅ new cart\n- ✅ Migrate\n":                 "Migrate",
		"**Service**: web\n**Scope:**\n- ✅ the shop\n":                  "",
		"**Auswirkungen:**\n\n- ❌ kein Login\n":                         "",
		"**Impact**:\n\n- [ ] Measure it\n":                             "Measure it",
		"**Steps**:\n\n- ✅ Migrate\n":                                   "Migrate",
		"**Changes** were made:\n\n- ✅ Migrate\n":                       "Migrate",
		"**Impact**: none\n\n- ✅ Migrate\n":                             "Migrate",
		"**Impact**:\n\n- ❌ no login\n\nThen:\n\n- ✅ Restart\n":         "Restart",
	} {
		var got []string
		for _, s := range Parse(recordName1, []byte("# T\n\n## Work\n\n"+body), Options{}).Steps {
			got = append(got, s.Label)
		}
		if strings.Join(got, ",") != want {
			t.Errorf("%q: %q, want %q", body, got, want)
		}
	}
	for body, want := range map[string]string{
		"**Impact**:\n\n- login is slow\n\n**Steps**:\n\n- Migrate\n- Restart\n": "Migrate,Restart",
		"- **Affected systems**\n  - shop\n- Migrate\n":                          "Migrate",
		"**Änderungen:**\n- Korb\n\n1. Sichern\n":                                "Sichern",
		"Then:\n\n- Migrate\n":                                                   "Migrate",
		"**Change the flag**:\n\n- on\n":                                         "on",
	} {
		var got []string
		for _, s := range ParseTemplate("docs/deployment-checklist.md", []byte("# T\n\n## Work\n\n"+body), Options{}).Steps {
			got = append(got, s.Label)
		}
		if strings.Join(got, ",") != want {
			t.Errorf("checklist %q: %q, want %q", body, got, want)
		}
	}
}

// TestListsOfCommits: of one commit in a list that is it, of several none, with a warning.
func TestListsOfCommits(t *testing.T) {
	const several = "WARN"
	for body, want := range map[string]string{
		"Commits:\n\n- 4bad1fe Mend the login\n":                                                 "4bad1fe",
		"**Commit:**\n- `4bad1fe`: mend the login\n":                                             "4bad1fe",
		"**Commits:**\n\n- 4bad1fe feat: sort the cart\n- d5ee4a4 fix: the login\n":              several,
		"- Commits:\n  - Mend the login (4bad1fe)\n  - [d5ee4a4](https://example.org/d5ee4a4)\n": several,
		"Commits: 4bad1fe mend the login, d5ee4a4 sort the cart\n":                               several,
		"Commits:\n\n- Mend the login\n- Sort the cart\n":                                        "",
		"Commits: 4bad1fe, the login\n":                                                          "4bad1fe",
		"Fixes:\n\n- 4bad1fe Mend the login\n- d5ee4a4 Sort the cart\n":                          "",
	} {
		r := Parse(recordName1, []byte("# T\n\n"+body), Options{})
		got := r.Commit.Value
		for _, p := range r.Problems {
			if p.Rule == problem.ConflictingFacts && strings.Contains(p.Message, "several commits") {
				got += several
			}
		}
		if got != want {
			t.Errorf("%q: %q, want %q", body, got, want)
		}
	}
}

// TestTimeOnTheDayOfTheName: an hour without a day is one of the file name's day.
func TestTimeOnTheDayOfTheName(t *testing.T) {
	for body, want := range map[string][2]string{
		"Time: 14:30":                       {"2024-08-31T14:30:00Z", ""},
		"**Time**: 14:30 CEST":              {"2024-08-31T14:30:00+02:00", ""},
		"**Uhrzeit**: 14:30 Uhr":            {"2024-08-31T14:30:00Z", ""},
		"Time: 14:30 – 15:10 UTC":           {"2024-08-31T14:30:00Z", ""},
		"Time: 14:30 CST":                   {"2024-08-31", "“14:30 CST” is no hour"},
		"Time: 14:30 IST":                   {"2024-08-31", "“14:30 IST” is no hour"},
		"Time: 25 minutes":                  {"2024-08-31", ""},
		"## Sign-off\n\nTime: 14:30":        {"2024-08-31", ""}, // when somebody signed
		"## Tests\n\nTime: 14:30":           {"2024-08-31", ""},
		"Date: 2024-08-30\nTime: 14:30 UTC": {"2024-08-30T14:30:00Z", ""},
	} {
		r := Parse("2024-08-31-shop.md", []byte("# Shop\n\n"+body+"\n"), Options{})
		said := ""
		for _, p := range r.Problems {
			said += p.Message
		}
		if at(r.Started) != want[0] || want[1] == "" && said != "" || !strings.Contains(said, want[1]) {
			t.Errorf("%q: %s, %q", body, at(r.Started), said)
		}
	}
	if r := Parse("2024-08-31-10-00-deployment.md", []byte("# Shop\n\nTime: 14:30\n"), Options{}); at(r.Started) != "2024-08-31T10:00:00Z" {
		t.Error("the hour of the name: ", at(r.Started))
	}
}

// TestFootWhereverItStands: a foot is read whatever section is the last.
func TestFootWhereverItStands(t *testing.T) {
	const foot = "\n---\n\n**Deployed by**: Ada Park\n**Status**: ✅ Success\n"
	for body, want := range map[string]string{
		"- [x] Migrate\n" + foot:                                          "Ada Park succeeded",
		"### Steps\n\n- [x] Migrate\n" + foot:                             "Ada Park succeeded",
		"## Steps\n\n- [x] Migrate\n" + foot:                              "Ada Park succeeded",
		"## Environment\n\nproduction\n" + foot:                           "Ada Park succeeded",
		"## Issues Encountered\n\n- the cache\n" + foot:                   "Ada Park succeeded",
		"- [x] Migrate\n\nDeployed by: Ada Park\n":                        "Ada Park in-progress",
		"- [x] Migrate\n\n---\n\n**Version**: 3\n**Last updated**: May\n": " in-progress",
		"- [x] Migrate\n\nStatus: done\n":                                 " in-progress",
		"- [x] Migrate\n" + foot + "\n## Contact\n\nAsk.\n":               " in-progress",
	} {
		r := Parse("2024-08-31.md", []byte("# T\n\n"+body), Options{})
		if got := joined(r.Deployers) + " " + string(r.Status); got != want {
			t.Errorf("%q: %q, want %q", body, got, want)
		}
	}
}

// TestAnswersAreNoTimes: "Deployed: yes" is no time, and hides none.
func TestAnswersAreNoTimes(t *testing.T) {
	for body, want := range map[string]string{
		"Deployed: Yes\nDeploy date: March 3, 2026 4:00 PM → 4:35 PM": "2026-03-03T16:00:00Z 2026-03-03T16:35:00Z ",
		"Completed: ✅ Done\nStart: 10:00\nFinish: 10:30":              "2026-03-03T10:00:00Z 2026-03-03T10:30:00Z ",
		"Deployed: 2026-03-03 10:00 UTC":                              "2026-03-03T10:00:00Z 0001-01-01T00:00:00Z ",
		"Deployed: in the evening":                                    "2026-03-03 0001-01-01T00:00:00Z is not a date or time",
		"Date: 3 March 2026, 20:00 CST":                               "2026-03-03 0001-01-01T00:00:00Z without a fixed offset; only its day",
		"Date: 3 March 2026, 20:00 noonish":                           "2026-03-03 0001-01-01T00:00:00Z is not a date or time",
		"Date: 3 March 2026, 20:00 Mars/Olympus":                      "2026-03-03 0001-01-01T00:00:00Z not known; only its day",
		"Date: 3 March 2026, 20:00 CET":                               "2026-03-03T20:00:00+01:00 0001-01-01T00:00:00Z ",
	} {
		r := Parse("2026-03-03-shop.md", []byte("# Shop\n\n"+body+"\n"), Options{})
		said := ""
		for _, p := range r.Problems {
			said += p.Message
		}
		times, warned := at(r.Started)+" "+at(r.Finished)+" ", want[strings.LastIndex(want, "Z ")+2:]
		if !strings.HasPrefix(want, times) || !strings.Contains(said, warned) || warned == "" && said != "" {
			t.Errorf("%q: %s%q", body, times, said)
		}
	}
}

// TestVersionsFromOtherTools: the version before is none, and Jira has a name of its own.
func TestVersionsFromOtherTools(t *testing.T) {
	for line, want := range map[string]string{
		"버전: 2.3.1 (이전 2.3.0)": "2.3.1", "バージョン: 2.3.1（旧 2.3.0）": "2.3.1", "版本: 2.3.1 (原版本: 2.3.0)": "2.3.1", "Версия: 2.3.1 (было 2.3.0)": "2.3.1",
		"**Fix Version/s:** 1.9.3": "1.9.3", "Fix versions: 1.9.3": "1.9.3", "Affects Version/s: 1.9.2": "", "버전: 2.3.1 (이전)": "2.3.1 (이전)",
	} {
		if got := Parse(recordName1, []byte("# T\n\n"+line+"\n"), Options{}).Version.Value; got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

// TestTitleOfAWiki: in a wiki's markup "# Migrate" is an item of a list, and no title.
func TestTitleOfAWiki(t *testing.T) {
	for source, want := range map[string]string{
		"h1. Billing 3.8 rollout\n\nh2. Steps\n\n# (/) Backup\n": "Billing 3.8 rollout",
		"\nh1. *Billing*\n\n# Backup\n":                          "*Billing*",
		"---\ntitle: Billing\n---\nh1. Other\n":                  "Billing",
		"# Billing\n\nh1. Other\n":                               "Billing",
		"h1.x\n\n# Billing\n":                                    "Billing",
		"Then h1. Other\n\n# Billing\n":                          "Billing",
	} {
		if got := Parse(recordName1, []byte(source), Options{}).Title.Value; got != want {
			t.Errorf("%q: %q, want %q", source, got, want)
		}
	}
}

// TestNotesBelowPlainItems: an item that says what a section of notes is called, with a list below it.
func TestNotesBelowPlainItems(t *testing.T) {
	for body, want := range map[string]string{
		"- What went well\n    - The canary\n- What went wrong\n    - The importer\n": "well The canary,issue The importer",
		"- Lessons learned:\n  - Look first\n":                                        "lesson Look first",
		"- Issues\n  - #12\n":                                                         "", // may be tickets
		"- What went well was planned\n  - The canary\n":                              "",
		"- What went well\n- The canary\n":                                            "",
		"- What went well\n  - [ ] Ask\n":                                             "",
		"- Deployment metrics\n  - Start: 10:00\n":                                    "",
	} {
		var got []string
		for _, n := range Parse(recordName1, []byte("# T\n\n"+body), Options{}).Notes {
			got = append(got, string(n.Kind)+" "+n.Text)
		}
		if strings.Join(got, ",") != want {
			t.Errorf("%q: %q, want %q", body, got, want)
		}
	}
}

// TestMarkupOfOtherEditors: what they escape, double or link is none of a value.
func TestMarkupOfOtherEditors(t *testing.T) {
	for body, want := range map[string]string{
		"**Version:** 6\\.2\\.0\n**Date :** 5\\. January 2026": "6.2.0 2026-01-05",
		"**Version**:: [[v2.0]]\n**Date**:: 2026-01-05":        "v2.0 2026-01-05",
		"Version: [[Releases/2.0|2.0]]":                        "2.0 2026-01-01",
		"Version: `6\\.2`":                                     "6\\.2 2026-01-01",
		"Version: 6\\a":                                        "6\\a 2026-01-01",
		"Version: [2.0](x.md)":                                 "2.0 2026-01-01",
		"版本号：V3.5.0（回滚版本：V3.4.2）\n上线时间：2026年1月5日 22:00-23:10": "V3.5.0 2026-01-05T22:00:00Z",
		"Version: 3.4 (rollback: 3.3)":   "3.4 2026-01-01",
		"Version: 3.4 (rollback tested)": "3.4 (rollback tested) 2026-01-01",
	} {
		r := Parse("2026-01-01.md", []byte("# T\n\n"+body+"\n"), Options{})
		if got := r.Version.Value + " " + at(r.Started); got != want && r.Version.Value+" 2026-01-01" != want {
			t.Errorf("%q: %q, want %q", body, got, want)
		}
	}
	for value, want := range map[string]string{
		"[[Ada Park]] and [[People/Mei|Mei Tanaka]]": "Ada Park+Mei Tanaka", "佐藤・鈴木": "佐藤+鈴木", "ジョン・スミス": "ジョン・スミス", "王伟、李娜": "王伟+李娜",
	} {
		if got := joined(Parse(recordName1, []byte("# T\n\n**Deployed by**: "+value+"\n"), Options{}).Deployers); got != want {
			t.Errorf("%s: %q, want %q", value, got, want)
		}
	}
}

// TestEasternLinesWithBoxes: numbers of East Asia stand before a box, too, and a cross beside
// hooks is warned of.
func TestEasternLinesWithBoxes(t *testing.T) {
	for source, want := range map[string]string{
		"1、[√] 备份\n2、[√] 发布\n3、[×] 预热\n": "done done done WARN", "（1）[x] a\n（2）[ ] b\n": "done pending", "一、[x] a\n二、[x] b\n": "done done",
		"- [x] a\n- [×] b\n": "done done", "- [√] a\n- [x] b\n": "done done", "1、备份\n2、发布\n": "", "三、说明 [x]\n": "WARN",
	} {
		r := Parse("x.md", []byte(source), Options{})
		var got []string
		for _, s := range r.Steps {
			got = append(got, string(s.State))
		}
		for _, p := range r.Problems {
			if p.Rule == problem.UnclearBox {
				got = append(got, "WARN")
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q, want %q", source, got, want)
		}
	}
}
