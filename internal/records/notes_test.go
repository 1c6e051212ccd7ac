package records

import (
	"fmt"
	"strings"
	"testing"
)

// TestIssuesByOtherHeadings has headings of issues, and of single ones below, in other
// words and languages, and such as are about something else.
func TestIssuesByOtherHeadings(t *testing.T) {
	for body, want := range map[string]string{
		"## Issues encountered and resolutions\n\n**Port taken**\nMoved it.\n\n**No network**\nJoined it.\n": "2 issues",
		"## Problems and their fixes\n\n- a\n- b\n":                                                          "2 issues",
		"## Probleme und Lösungen\n\n- a\n":                                                                  "1 issues",
		"## Problèmes rencontrés et solutions\n\n- a\n":                                                      "1 issues",
		"## Problemas encontrados y soluciones\n\n- a\n":                                                     "1 issues",
		"## 発生した問題と対応\n\n- a\n":                                                                              "1 issues",
		"## 遇到的问题及解决方案\n\n- a\n":                                                                             "1 issues",
		"## Problèmes rencontrés\n\n### Tentative 1 : par la console\n\n**Cause** : le délai\n\nTexte.\n\n### Tentative 2 : à la main\n\nÇa marche.\n": "2 issues: 1 par la console, 2 à la main",
		"## Probleme\n\n### Versuch Nr. 1 – ohne Cache\n\nText.\n":                                                                                     "1 issues: 1 ohne Cache",
		"## 遇到的问题\n\n### 问题1：端口冲突\n\n改端口。\n\n重启。\n":                                                                                                    "1 issues: 1 端口冲突",

		"## Known issues and workarounds\n\n- a\n":                      "0 issues",
		"## Troubleshooting: problems and solutions\n\n- a\n":           "0 issues",
		"## Solutions\n\n- a\n":                                         "0 issues",
		"## Attempt 1: by hand\n\nText.\n":                              "0 issues",
		"## Frequently seen problems and how to report them\n\n- a\n":   "0 issues",
		"## Issues\n\n### Attempts\n\n- a\n- b\n\n### Error 500\n\nc\n": "3 issues",
	} {
		r := Parse(recordName1, []byte("# T\n\n"+body), Options{})
		n, titles := 0, []string{}
		for _, note := range r.Notes {
			n++
			if note.Issue != nil {
				titles = append(titles, note.Issue.Number+" "+note.Issue.Title)
			}
		}
		got := fmt.Sprintf("%d issues", n)
		if len(titles) > 0 {
			got += ": " + strings.Join(titles, ", ")
		}
		if got != want {
			t.Errorf("%q has %s, want %s", body, got, want)
		}
	}
}

// notesOf are the notes of a body, each with its kind.
func notesOf(body string) string {
	var all []string
	for _, n := range Parse(recordName1, []byte("# T\n\n"+body), Options{}).Notes {
		all = append(all, string(n.Kind)+": "+n.Text)
	}
	return strings.Join(all, "; ")
}

// TestSectionWithinNotes has notes of one kind below a heading of another, and what
// comes after them.
func TestSectionWithinNotes(t *testing.T) {
	for body, want := range map[string]string{
		"## Action items\n\n### What went wrong\n\n- a\n\n### Process\n\n- b\n\n### Documentation\n\n- c\n":            "issue: a; tip: b; tip: c",
		"## Lessons learned\n\n- a\n\n### What went well\n\n- b\n\n### Where we got lucky\n\n- c\n\n## Costs\n\n- d\n": "lesson: a; well: b; lesson: c",
		"## Gelernt\n\n- a\n": "lesson: a",
		"## Lehren\n\n### Probleme\n\n#### Beim Einspielen\n\n- a\n\n### Im Team\n\n- b\n":                              "issue: a; lesson: b",
		"# Action items\n\n## Issues\n\n### Lessons\n\n- a\n\n### Else\n\n- b\n\n## Else\n\n- c\n\n# End\n\n- d\n":      "lesson: a; issue: b; tip: c",
		"## What went wrong\n\n- a\n\n## Timeline\n\n- b\n":                                                             "issue: a",
		"### What went well\n\n- a\n\n## Steps\n\n- b\n\n### After\n\n- c\n":                                            "well: a",
		"## Notes\n\n### Tips\n\n- a\n\n### Contacts\n\n- b\n":                                                          "tip: a",
		"## Deployment Metrics\n\n- Status: failed\n\n### Issues\n\n- a\n\n### Times\n\n- End Time: 2024-08-31 15:00\n": "issue: a",
	} {
		if got := notesOf(body); got != want {
			t.Errorf("%q has\n%q, want\n%q", body, got, want)
		}
	}
}

// TestNotesInTables has tables of notes, and such as belong to a note or tell of one
// thing.
func TestNotesInTables(t *testing.T) {
	for body, want := range map[string]string{
		"## Action items\n\n| # | Action | Owner | Done |\n|---|---|---|---|\n| 1 | Write a test | Ada Park | yes |\n| 2 | `retry` it | TBD | |\n": "tip: Write a test · Ada Park · yes; tip: retry it",
		"## Issues & Resolutions Log\n\n| Issue | Fix |\n|:--|:--|\n| Port taken | moved it |\n| | |\n":                                            "issue: Port taken · moved it",
		"## 再発防止策\n\n次の通り：\n\n| 分類 | 内容 | 担当 |\n|---|---|---|\n| 予防 | 監視を足す | 田中 |\n":                                                              "tip: 予防 · 監視を足す · 田中",
		"## Was besser werden kann\n\n| Was | Bis |\n|---|---|\n| Skript proben | Mai |\n\n- Früher anfangen\n":                                    "lesson: Skript proben · Mai; lesson: Früher anfangen",

		"## Action items\n\nAgreed with the team.\n\n| What | Who | Status |\n|---|---|---|\n| a test | Ada | open |\n":       "tip: Agreed with the team.; tip: a test · Ada · open",
		"## アクションアイテム\n\n### カテゴリの説明\n\n- 予防: 再発させない\n\n| # | 内容 | 状態 |\n|---|---|---|\n| 1 | 監視 | 完了 |\n":                    "tip: 監視 · 完了",
		"## Action items\n\n- a\n\n### Categories explained\n\n- Prevent: never again\n- Detect: sooner\n\n### More\n\n- b\n": "tip: a; tip: b",
		"## What went wrong\n\nThe queries were slow.\n\n| Query | Took |\n|---|---|\n| a | 4 s |\n":                          "issue: The queries were slow. Query Took a 4 s",
		"## What went wrong\n\n- Slow\n\n| Query | Took |\n|---|---|\n| a | 4 s |\n":                                          "issue: Slow Query Took a 4 s",
		"## Issues\n\n| Field | Value |\n|---|---|\n| Error | 500 |\n| Cause | a lock |\n":                                    "issue: Field Value Error 500 Cause a lock",
		"## What went wrong\n\nThese failed:\n\n- a\n\n| Test | Took | Result |\n|---|---|---|\n| x | 4 s | ❌ |\n":            "issue: These failed:; issue: a Test Took Result x 4 s",
		"## Action items\n\n- Warm the cache\n\n| Query | Took | Rows |\n|---|---|---|\n| a | 4 s | 2 |\n":                    "tip: Warm the cache Query Took Rows a 4 s 2",
		"## Costs\n\n| Issue | Fix |\n|---|---|\n| a | b |\n":                                                                 "",
	} {
		if got := notesOf(body); got != want {
			t.Errorf("%q has\n%q, want\n%q", body, got, want)
		}
	}
}

// TestNotesHeadings has headings of postmortems in the languages that notes are read in.
func TestNotesHeadings(t *testing.T) {
	for kind, headings := range map[NoteKind]string{
		Well: "What worked well|Was gut funktioniert hat|Ce qui a bien fonctionné|Qué funcionó bien|O que funcionou bem|うまくいった点",
		Issues: "What Didn't Go Well|What went poorly|Outstanding Issues|Was nicht gut lief|Ce qui n'a pas fonctionné|Lo que salió mal|Problemas Actuales:|O que não funcionou|" +
			"Cosa è andato storto|Wat ging niet goed|うまくいかなかったこと|不足之处|아쉬운 점|Что прошло плохо",
		Lessons: "Lessons Learnt|Lessons learnt and follow-up|Key Takeaways|What could have gone better|Where we got lucky|Points à améliorer|Dónde tuvimos suerte|運が良かったこと|改善が必要なこと|经验总结|개선점",
		Tips:    "Action Items|Follow-up actions|Corrective Actions|Folgemaßnahmen|Actions correctives|Acciones correctivas|Ações corretivas|Actiepunten|アクションアイテム|再発防止策|改进措施|후속 조치|Корректирующие действия",
		NoNote:  "Actions|Action plan|Maßnahmen|Plan de acción|Next steps|Próximos pasos|Where we got stuck|Known issues|How it worked|対応|Действия",
	} {
		for heading := range strings.SplitSeq(headings, "|") {
			want := ""
			if kind != NoNote {
				want = string(kind) + ": a"
			}
			if got := notesOf("## " + heading + "\n\n- a\n"); got != want {
				t.Errorf("%q has %q, want %q", heading, got, want)
			}
		}
	}
}

// TestHintsOfChecklist has records with what their checklist says to those who write
// notes, and with notes that it has as well.
func TestHintsOfChecklist(t *testing.T) {
	const checklist = "# Deploy\n\n- [ ] Do it\n\nTake care.\n\n## Lessons Learned\n\nWhat should the **next one** know?\n\n- Warm the cache\n\n" +
		"## Aufgetretene Probleme\n\nBitte mit der Meldung\nund der Uhrzeit.\n\n## アクションアイテム\n\n担当と期限を書く。\n"
	hints := HintsOf(ParseTemplate("checklist.md", []byte(checklist), Options{}))
	for body, want := range map[string]string{
		checklist: "lesson: Warm the cache",
		"# A\n\n## Lessons Learned\n\nWhat should the next one know?\n\nAsk first.\n":            "lesson: Ask first.",
		"# A\n\n## Probleme\n\nBitte mit der Meldung und der Uhrzeit.\n\n- 21:10 `ORA-00054`\n":  "issue: 21:10 ORA-00054",
		"# A\n\n## アクションアイテム\n\n担当と期限を書く。\n\n| 何 | 担当 | 期限 |\n|---|---|---|\n| 監視 | 田中 | 9月 |\n": "tip: 監視 · 田中 · 9月",

		"# A\n\n## Lessons Learned\n\nTake care.\n":                                              "lesson: Take care.",
		"# A\n\n## Lessons Learned\n\n- What should the next one know?\n":                        "lesson: What should the next one know?",
		"# A\n\n## Lessons Learned\n\nWhat should the next one know? How to warm the cache.\n":   "lesson: What should the next one know? How to warm the cache.",
		"# A\n\n## What went well\n\nBitte mit der Meldung\nund der Uhrzeit.\n\n## Risks\n\na\n": "",
	} {
		var all []string
		for _, n := range Parse(recordName1, []byte(body), Options{Hints: hints}).Notes {
			all = append(all, string(n.Kind)+": "+n.Text)
		}
		if got := strings.Join(all, "; "); got != want {
			t.Errorf("%q has\n%q, want\n%q", body, got, want)
		}
	}
}

// TestDoneTips are tips of which their own line says that they are done.
func TestDoneTips(t *testing.T) {
	const head = "| Action | Owner | Status |\n|---|---|---|\n| Add an alert | Ada | "
	for source, want := range map[string]bool{
		"- [x] Add an alert":             true,
		"- ✅ Add an alert":               true,
		head + "Done |":                  true,
		head + "**Done** (git `f4eb13`)": true,
		head + "✅ |":                     true,
		"| # | 対応 | 担当 | 状態 |\n|---|---|---|---|\n| 1 | 監視を追加 | 開発 | **完了** |":         true,
		"| # | 対応 | 期限 | ステータス |\n|---|---|---|---|\n| 1 | 監視 | 8/1 | DONE（`65e68`） |": true,
		"| Aktion | Wer | Erledigt |\n|---|---|---|\n| Alarm anlegen | Ada | ja |":     true,

		"- [ ] Add an alert":                                   false,
		"- Add an alert, done when it rings":                   false,
		"- [~] Add an alert":                                   false,
		head + "Todo |":                                        false,
		head + "Not done |":                                    false,
		head + "Partially done |":                              false,
		head + "Done, but only on staging |":                   false,
		head + "Done? |":                                       false,
		head + "Done (migration only) |":                       false,
		head + "完了（migration作成のみ） |":                           false,
		head + "Failed |":                                      false,
		head + "未着手 |":                                         false,
		"| Action | Why |\n|---|---|\n| Add an alert | Done |": false,
		"| Action | Owner | Status |\n|---|---|---|\n| Say when it is done | Done Lee | |": false,
	} {
		r := Parse(recordName1, []byte("# A\n\n## Action items\n\n"+source+"\n"), Options{})
		if len(r.Notes) != 1 || r.Notes[0].Done != want {
			t.Errorf("%s: %+v, want done: %t", source, r.Notes, want)
		}
	}
	if r := Parse(recordName1, []byte("# A\n\n## Lessons Learned\n\n- ✅ Ask first\n"), Options{}); len(r.Notes) != 1 || r.Notes[0].Done {
		t.Errorf("a lesson is done: %+v", r.Notes)
	}
}

// TestMoreNotes: a section of notes may go on in another one.
func TestMoreNotes(t *testing.T) {
	for heading, want := range map[string]NoteKind{
		"Additional Action Items": Tips, "Further lessons learned": Lessons, "Other issues": Issues, "追加アクションアイテム": Tips, "追加の教訓": Lessons,
		"追加学び": Lessons, "Weitere Probleme": Issues, "Otras lecciones aprendidas": Lessons,
		"Additional information": NoNote, "Other": NoNote, "More": NoNote, "追加": NoNote, "Other services": NoNote, "Furthermore": NoNote,
	} {
		r := Parse(recordName1, []byte("# A\n\n## "+heading+"\n\n- Ask first\n"), Options{})
		got := NoNote
		if len(r.Notes) > 0 {
			got = r.Notes[0].Kind
		}
		if got != want {
			t.Errorf("%s: %q, want %q", heading, got, want)
		}
	}
}

// TestFootBelowNotes: what stands below the record's last rule may be of the document.
func TestFootBelowNotes(t *testing.T) {
	for foot, want := range map[string]string{
		"- Ask first\n\n---\n\n> **Blameless**: nobody is to blame.\n":    "Ask first",
		"- Ask first\n\n---\n\n*Last updated: 2024-08-31*\n":              "Ask first",
		"- Ask first\n\n---\n\n**Dernière mise à jour** : 31 août 2024\n": "Ask first",
		"- Ask first\n\n---\n\n- 最終更新: 2024-08-31\n":                      "Ask first",
		"- Ask first\n\n---\n\nAsk last as well.\n":                       "Ask first; Ask last as well.",
		"- Ask first\n\n> as Ada says\n":                                  "Ask first as Ada says",
		"- Ask first\n\n---\n\n> as Ada says\n\n- Ask last\n":             "Ask first as Ada says; Ask last",
		"---\n\n> Ask first\n":                                            "Ask first",
		"- Ask first\n\n---\n\n**Remember**: the cache\n":                 "Ask first; Remember: the cache",
	} {
		var got []string
		for _, n := range Parse(recordName1, []byte("# A\n\n## Lessons Learned\n\n"+foot), Options{}).Notes {
			got = append(got, n.Text)
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%q: %q, want %q", foot, got, want)
		}
	}
}

// TestBeginningOfAHint is no note: people leave out a part of what the checklist says.
func TestBeginningOfAHint(t *testing.T) {
	hints := map[string]bool{"Things that could have gone better, with an issue each. For example,": true}
	for said, want := range map[string]int{
		"Things that could have gone better, with an issue each.":                     0,
		"Things that could have gone better, with an issue each. For example,":        0,
		"Things that could have gone better":                                          1, // too short to be sure
		"Things that could have gone better, with an issue each. The cache was cold.": 1,
		"Things could have gone better, with an issue each. For example,":             1,
	} {
		r := Parse(recordName1, []byte("# A\n\n## What Went Wrong\n\n"+said+"\n"), Options{Hints: hints})
		if len(r.Notes) != want {
			t.Errorf("%q: %d notes, want %d", said, len(r.Notes), want)
		}
	}
}

// TestExamplesOfAChecklist are no notes of the records that keep them.
func TestExamplesOfAChecklist(t *testing.T) {
	const bots = "1. Bots told us before any user did\n2. Staging caught it\n"
	for checklist, want := range map[string]string{
		"List of things that went well. For example,\n\n" + bots: "It was quick",
		"Zum Beispiel:\n\n" + bots:                               "It was quick",
		"良かった点。例：\n\n" + bots:                                    "It was quick",
		"P. ex., exemples :\n\n" + bots:                          "It was quick",
		"Every time:\n\n" + bots:                                 "It was quick; Bots told us before any user did; Staging caught it",
		bots:                                                     "It was quick; Bots told us before any user did; Staging caught it",
		"For example,\n\n1. Bots told me\n":                      "It was quick; Bots told us before any user did; Staging caught it",
	} {
		hints := HintsOf(ParseTemplate("checklist.md", []byte("# T\n\n- [ ] a\n\n## What Went Well\n\n"+checklist), Options{}))
		var got []string
		for _, n := range Parse(recordName1, []byte("# A\n\n## What Went Well\n\n- It was quick\n\n"+bots), Options{Hints: hints}).Notes {
			got = append(got, n.Text)
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%q: %q, want %q", checklist, got, want)
		}
	}
}

// TestNotesBelowNumbers has headings with a number that are one issue or one lesson each, and
// such as only gather several.
func TestNotesBelowNumbers(t *testing.T) {
	for body, want := range map[string]string{
		"## Lessons Learned\n\n### 1. Flags replace\n\nAll of them.\n\nBad:\n```\nset D=4\n```\n\n### 2. `--timeout` is in seconds\n\n```\n--timeout 600\n```\n": "lesson Flags replace: 3; lesson --timeout is in seconds: 1",
		"## Issues\n\n### 1) Port taken\n\nMoved it.\n\n### 2) No network\n\n- **Cause**: a typo\n- **Fix**: joined it\n":                                        "issue Port taken: 1; issue No network: 1",
		"## Leçons apprises\n\n### 1️⃣ Le cache\n\nLe purger.\n":                                                                                                 "lesson Le cache: 1",
		"## 教訓\n\n### 1、先に確認\n\n本番の前に。\n":                                                                                                                        "lesson 先に確認: 1",

		"## Lessons Learned\n\n### 1. Technical\n\n- a\n- b\n\n### 2. Process\n\n- c\n":         "lesson : 1; lesson : 1; lesson : 1",
		"## Lessons Learned\n\n### Technical\n\na\n\nb\n":                                       "lesson : 1; lesson : 1",
		"## 3. Lessons Learned\n\na\n\n## 4. Costs\n\nb\n":                                      "lesson : 1",
		"## Lessons Learned\n\n### 1. What went well\n\na\n":                                    "well : 1",
		"## Action items\n\n### 1. At once\n\nAsk:\n\n- [ ] a\n- [ ] b\n":                       "tip : 1; tip : 1; tip : 1",
		"## Lessons Learned\n\n### 2024 in numbers\n\na\n\nb\n":                                 "lesson : 1; lesson : 1",
		"## Lessons Learned\n\n### 1. TBD\n\nTBD\n\n### 2. \n\n":                                "",
		"## Lessons Learned\n\n### 1. All\n\n| What | Who |\n|---|---|\n| a | b |\n| c | d |\n": "lesson : 1; lesson : 1",
	} {
		var got []string
		for _, n := range Parse(recordName1, []byte("# A\n\n"+body), Options{}).Notes {
			title := ""
			if n.Issue != nil {
				title = n.Issue.Title
			}
			got = append(got, fmt.Sprintf("%s %s: %d", n.Kind, title, len(n.Nodes)))
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%q:\n%q, want\n%q", body, strings.Join(got, "; "), want)
		}
	}
}
