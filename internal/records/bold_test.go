package records

import (
	"strings"
	"testing"
)

// TestNotesBelowLinesInBold has records that use bold lines or items for the headings of notes.
func TestNotesBelowLinesInBold(t *testing.T) {
	for source, want := range map[string]string{
		"**Issues encountered:**\n- a\n- b\n":                                             "issue a, issue b",
		"**Lessons Learned**\n\n1. a\n2. b\n\n**What went well**\n\n- c\n":                "lesson a, lesson b, well c",
		"## Deploy\n\n- [x] s\n\n**🎯 Probleme:**\n\n- ❌ a\n":                              "issue a; s",
		"**良かった点：**\n\n- ✅ a\n\n**教訓**\n\nb\n":                                            "well a, lesson b",
		"- **Impact**: x\n- **Review actions**:\n  - a\n  - b\n- **Context**:\n  - y\n":   "tip a, tip b",
		"- **Review actions**:\n\n1. a\n2. b\n\n## Next\n\n- c\n":                         "tip a, tip b",
		"- **Lessons learned**: a b\n- **Went well**: none\n":                             "lesson Lessons learned: a b",
		"**What went wrong:** it broke\n":                                                 "issue What went wrong: it broke",
		"## Lessons Learned\n\n- a\n\n**What went wrong:**\n\n- b\n\n**Others**\n\n- c\n": "lesson a, issue b, lesson Others, lesson c",
		"**Issues encountered:**\n\n- a\n\n**Status**: failed\n":                          "issue a (failed)",
		"**Issues encountered:**\n\n- a\n\n---\n\n- b\n":                                  "issue a",

		"## Next actions\n\n- a\n\n---\n\n**Agent** : Codex\n**Environnement** : Production\n": "tip a",
		"## Next actions\n\n- a\n\n---\n\n**Cache** : purge it\n":                              "tip a, tip Cache : purge it",
		"### Corrective and Preventative Measures\n\na\n\n### Future Actions\n\nb\n":           "tip a, tip b",
		"### Preventive measures of the past\n\na\n":                                           "",
		"**Issues**: #12, #13\n":                                       "",
		"**Issues encountered:** none\n\n- a\n":                        "",
		"**Known issues on Monday**\n\n- a\n":                          "",
		"**Action items:**\n\n- [ ] file a ticket\n":                   "; file a ticket",
		"- [x] **Tips**: read them\n":                                  "; Tips",
		"Some **lessons learned** of old:\n\n- a\n":                    "",
		"*Lessons learned:*\n\n- a\n":                                  "",
		"**Deployment Metrics:**\n\n- a\n":                             "",
		"**Lessons learned:**\n\n## Deploy\n\n- a\n":                   "",
		"### Issue 1: x\n\n**What went wrong:** y\n":                   "issue What went wrong: y",
		"## Issues\n\n### Issue 1: x\n\n**Lessons learned:**\n\n- y\n": "issue x Lessons learned: y",
	} {
		r := Parse("2024-08-31.md", []byte("# Deploy\n\n"+source), Options{})
		var notes, steps []string
		for _, n := range r.Notes {
			notes = append(notes, strings.TrimSuffix(string(n.Kind), "s")+" "+strings.Join(strings.Fields(n.Text), " "))
		}
		for _, s := range r.Steps {
			steps = append(steps, s.Label)
		}
		got := strings.Join(notes, ", ")
		if r.Status == Failed {
			got += " (failed)"
		}
		if len(steps) > 0 {
			got += "; " + strings.Join(steps, ", ")
		}
		if got != want {
			t.Errorf("%q:\n got %q\nwant %q", source, got, want)
		}
	}
}

// TestColonsInStepNames has names of steps with colons that do not end them.
func TestColonsInStepNames(t *testing.T) {
	for text, want := range map[string]string{
		`Run "deploy: all" now`:             `Run "deploy: all" now`,
		`Run “deploy: all”: twice`:          `Run “deploy: all”`,
		`Sag „Achtung: los“ an: allen`:      `Sag „Achtung: los“ an`,
		`Dis « attention : ça part » : oui`: `Dis « attention : ça part »`,
		`Step 'x: y' (see: docs): run`:      `Step 'x: y' (see: docs)`,
		`「開始: 本番」を告げる：全員`:                   `「開始: 本番」を告げる`,
		`备份：数据库`:                            `备份`,

		`Don't stop: it's fine`:       `Don't stop`,
		`The users' cache: purge it`:  `The users' cache`,
		`A 5" disk: mount it`:         `A 5" disk`,
		`Check (all of it: slowly`:    `Check (all of it`,
		`Purge the cache: "now: go"`:  `Purge the cache`,
		`Open https://a.example/x:80`: `Open https://a.example/x:80`,
	} {
		r := Parse("2024-08-31.md", []byte("# D\n\n- [ ] "+text+"\n"), Options{})
		if len(r.Steps) != 1 || r.Steps[0].Label != want {
			t.Errorf("%s: got %q", text, r.Steps[0].Label)
		}
	}
}
