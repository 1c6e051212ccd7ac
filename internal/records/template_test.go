package records

import (
	"slices"
	"strings"
	"testing"
)

// TestWhatAChecklistSaysOfItself is not the deployment's: in a record each step is
// open, and nothing is known that nobody said.
func TestWhatAChecklistSaysOfItself(t *testing.T) {
	for name, test := range map[string]struct{ template, want, told string }{
		"a version and results": {
			"# Release checklist\n\n**Version:** 3.2\n**Environment:** staging\n**Commit:** abc1234\n**Author:** Jane Roe\n**Last updated:** 2023-01-05\n**Date:** 2023-01-05\n**Status:** Approved\n\n" +
				"## Deploy\n\n- [x] Sample of a ticked step\n- ✅ Backup exists\n- ❌ Never on a Friday\n- [ ] Migrate\n",
			"# Ship\n\n**Version:**\n**Environment:**\n**Commit:**\n**Author:**\n**Last updated:** 2023-01-05\n**Date:** 2024-08-31 14:30\n**Status:**\n\n" +
				"## Deploy\n\n- [ ] Sample of a ticked step\n- [ ] Backup exists\n- [ ] Never on a Friday\n- [ ] Migrate\n",
			"13 “[x]”, 14 “✅”, 15 “❌”",
		},
		"a table, a heading and a sign-off": {
			"# T\n\n| Field | Value |\n|---|---|\n| Version | 1.0 |\n| Umgebung | test |\n| Environment | test |\n\n## Steps\n\n- [ ] a <!-- 2024-01-01T10:00:00Z Ada -->\n\n## Status\n\nFinal\n\n## Sign-off\n\n- Duration: 30 min\n- Deployed by: Jane\n",
			"# Ship\n\n| Field | Value |\n|---|---|\n| Version | |\n| Umgebung | |\n| Environment | |\n\n## Steps\n\n- [ ] a\n\n## Status\n\n\n\n## Sign-off\n\n- Duration:\n- Deployed by:\n",
			"",
		},
		"choices stay": {
			"# T\n\n- Environment: [ ] staging [ ] production\n- Success: yes/no\n- Version: [PENDING]\n\n## S\n\n- [ ] a\n",
			"# Ship\n\n- Environment: [ ] staging [ ] production\n- Success: yes/no\n- Version: [PENDING]\n\n## S\n\n- [ ] a\n",
			"",
		},
		"an issue template": {
			"---\nname: Release checklist\nabout: Steps of a release\ntitle: 'Release vX.Y.Z'\nlabels: release, ops\nassignees: ada\ndate: 2020-01-01\nstatus: draft\nversion: X.Y.Z\nenvironment: production\ndeployer: release-bot\nchange:\n---\n\n- [ ] Tag\n",
			"change:\n---\n\n# Ship\n\n- [ ] Tag\n", "",
		},
		"a page of a handbook": {
			"---\ntitle: Liste\nowner: Jane\nlast_updated: 2023-01-05\nchannel: '#ops'\nsidebar_position: 3\nreading: true\ntags: [web]\n---\n# T\n\n- [ ] a\n",
			"channel: '#ops'\ntags: [web]\n---\n\n# Ship\n\n- [ ] a\n", "",
		},
		"other shapes": {
			"# T\n\n| Step | Status |\n|---|---|\n| a | ✅ Done |\n\n### [x] b\n\n☑ c\n\n<ul>\n<li><input type=\"checkbox\" checked id=\"d\"> d</li>\n</ul>\n\n- [x] e ✅ <!-- 2024-01-01T10:00:00Z Ada -->\n- [ ] ~~f~~\n- [?] g\n",
			"# Ship\n\n| Step | Status |\n|---|---|\n| a | [ ] |\n\n### [ ] b\n\n[ ] c\n\n<ul>\n<li><input type=\"checkbox\" id=\"d\"> d</li>\n</ul>\n\n- [ ] e\n- ⬜ ~~f~~\n- [ ] g\n",
			"5 “✅”, 7 “[x]”, 9 “☑”, 12 “<input type=\"checkbox\" checked id=\"d\">”, 15 “[x]”, 16, 17 “[?]”",
		},
		"other languages": {
			"# Prüfliste 3.2\n\n- **Version**: 3.2\n- **Umgebung**: Test\n- **Durchgeführt von**: Ada Park\n- **Status**: abgeschlossen\n- **Verantwortlich**: Ada\n\n## Ablauf\n\n- [x] Beispiel\n- [ ] Sichern\n\n## Ergebnis\n\nErfolgreich\n",
			"# Ship\n\n- **Version**:\n- **Umgebung**:\n- **Durchgeführt von**:\n- **Status**:\n- **Verantwortlich**: Ada\n\n## Ablauf\n\n- [ ] Beispiel\n- [ ] Sichern\n\n## Ergebnis\n\n\n",
			"11 “[x]”",
		},
		"several labels in a line, and a quote": {
			"# T\n\n> **Version**: 3.2 | **Environment**: production | **Owner**: Jane\n\n## S\n\n- [ ] a\n\n## 結果\n\n- 状態: 成功\n",
			"# Ship\n\n> **Version**: | **Environment**: | **Owner**: Jane\n\n## S\n\n- [ ] a\n\n## 結果\n\n- 状態:\n",
			"",
		},
		"versions and marks in prose, of tools and of others": {
			"# Release 3.2 checklist\n\nNeeds Node v20.1, ✅ when done, ❌ when not. Since version 2.0 the status is green.\n\n## Requirements\n\n- Version: Ubuntu 22.04\n- Environment: any\n\n## S\n\n- [ ] Set the status to ✅ done\n- [ ] Write “Version: 3.2”\n",
			"# Ship\n\nNeeds Node v20.1, ✅ when done, ❌ when not. Since version 2.0 the status is green.\n\n## Requirements\n\n- Version: Ubuntu 22.04\n- Environment: any\n\n## S\n\n- [ ] Set the status to ✅ done\n- [ ] Write “Version: 3.2”\n",
			"",
		},
		"marks in a legend, in notes and in code are no steps": {
			"# T\n\n## Legend\n\n- ✅ done\n- ❌ failed\n\n## S\n\n- [ ] a\n\n```\n- [x] code\n```\n\n## Lessons\n\n- ✅ well\n",
			"# Ship\n\n## Legend\n\n- ✅ done\n- ❌ failed\n\n## S\n\n- [ ] a\n\n```\n- [x] code\n```\n\n## Lessons\n\n- ✅ well\n",
			"",
		},
	} {
		t.Run(name, func(t *testing.T) {
			tpl := ParseTemplate("docs/deployment-checklist.md", []byte(test.template), Options{})
			var told []string
			for _, p := range tpl.Problems {
				place, _, _ := strings.Cut(strings.TrimPrefix(p.String(), "docs/deployment-checklist.md:"), ":")
				if i := strings.Index(p.Message, "“"); i >= 0 {
					place += " " + p.Message[i:strings.Index(p.Message, "”")+len("”")]
				}
				told = append(told, place)
			}
			if got := strings.Join(told, ", "); got != test.told {
				t.Errorf("told %s\nwant %s", got, test.told)
			}
			content, err := Compose([]byte(test.template), Draft{Title: "Ship", Started: halfPastTwo})
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(content), test.want) {
				t.Errorf("the record is\n%s\nwant\n%s", content, test.want)
			}
			r := Parse(recordName1, content, Options{})
			if len(r.Steps) != len(tpl.Steps) || slices.ContainsFunc(append(r.Steps, tpl.Steps...), func(s Step) bool { return s.State != Pending }) {
				t.Errorf("the steps are %q", keysAndStates(r))
			}
			if unknown := r.Unknown(); len(unknown) != 4 || !r.Finished.IsZero() || r.Status != InProgress {
				t.Errorf("of all only %q are unknown; %s, end %v", unknown, r.Status, r.Finished)
			}
		})
	}
}

// TestManyResultsInAChecklist: ten are named, and how many more there are.
func TestManyResultsInAChecklist(t *testing.T) {
	r := ParseTemplate("c.md", []byte(strings.Repeat("- [x] a\n", 25)), Options{})
	if n := len(r.Problems); n != 10 || !strings.Contains(r.Problems[9].Message, "so do 15 more") {
		t.Errorf("%d: %v", n, r.Problems)
	}
}

// TestHeadingThatHidesSteps has steps below a heading of what is only read.
func TestHeadingThatHidesSteps(t *testing.T) {
	for source, want := range map[string]bool{
		"# Deployment\n\n## Overview\n\n### Step 1\n\nMigrate.\n\n### Step 2\n\nRestart.\n": true,
		"# Deployment\n\n## Overview\n\n- Migrate\n":                                        true,
		"# Deployment\n\n## Overview\n\nProse.\n\n## Words\n\nProse.\n":                     false,
	} {
		r := ParseTemplate("docs/deployment-checklist.md", []byte(source), Options{})
		if len(r.Problems) != 1 || strings.Contains(r.Problems[0].Hint, "below “Overview”") != want {
			t.Errorf("%q: %+v", source, r.Problems)
		}
	}
}
