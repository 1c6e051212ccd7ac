package records

import (
	"fmt"
	"strings"
	"testing"
)

// TestBoxesThatAlmostAreBoxes: what can be read safely is read. Of the rest a warning
// says what is no step, so that none is lost without a word.
func TestBoxesThatAlmostAreBoxes(t *testing.T) {
	for source, want := range map[string]string{
		"- [x]No space\n-[x] no space after the dash\n": "done No space, done no space after the dash",
		"- [ x ] a\n- [x ] b\n- [  ] c\n":               "done a, done b, pending c",
		"- \\[ \\] a\n- \\[x\\] b\n- \\[ ] c\n":         "pending a, done b, pending c",
		"- [/] half\n- [–] an en dash\n- [х] Cyrillic":  "in-progress half, skipped an en dash, done Cyrillic",
		"- :warning: a\n- :ballot_box_with_check: b\n":  "failed a, done b",
		"- **[x]** a\n- _[ ]_ b\n":                      "done a, pending b",
		"- [ ] ~~Announce~~\n- [ ] ~No~ (N/A)\n":        "skipped Announce, skipped No (N/A)",
		"- [ ] ~~Old~~ new\n- [x] ~~Done~~\n":           "pending Old new, done Done",
		"• [ ] a\n• [x] b\n":                            "pending a, done b",
		"1.[ ] a\n2.[x] b\n":                            "pending a, done b",
		"- ［　］ 準備\n- ［x］ 公開\n":                          "pending 準備, done 公開",
		"- [ ] a\n  [x] b <!-- 2024-08-31 Ada -->\n":    "pending a, done b",
		"- [ ]: a\n- [ ] b\n":                           "pending : a, pending b",

		"- [ｘ] a\n- ［Ｘ］ b\n- [～] c\n- ［－］ d\n":                     "done a, done b, in-progress c, skipped d",
		"- [☑︎] a\r\n- ✔︎ b\r\n- [✅️] c\r\n":                       "done a, done b, done c",
		"| Step | Done |\n|-|-|\n| a | [ x ] |\n| b | \\[ \\] |\n": "done a, pending b",

		"| Step | Done |\n|-|-|\n| a | ✅ |\n| b | Yes |\n| c | x |\n| d | n/a |\n| e | ( ) |\n": "done a; 4: “Yes” is not read as a box, 5: “x” is not read as a box, 6: “n/a” is not read as a box, 7: “( )” is not read as a box",
		"| Check | Done | Value |\n|-|-|-|\n| a | ✅ | yes |\n| b | 14 of 15 | no |\n":           "done a",
		"- [ ] a\n- **✅ Backup**: taken\n- ○ c\n- ⏸️ d\n":                                       "pending a; 2: “**✅” is not read as a box, 3: “○” is not read as a box, 4: “⏸” is not read as a box",
		"- **✅ Fast**\n- text\n": "",

		"a. [x] a\nb. [ ] b\n":        "done a, pending b",
		"A) [x] a\nB) [ ] b\n":        "done a, pending b",
		"1.1 [x] a\n1.2 [ ] b\n":      "done a, pending b",
		"(1) [x] a\n(2) [ ] b\n":      "done a, pending b",
		"ii. [x] a\n① [ ] b\n":        "done a, pending b",
		"● [x] a\n→ [ ] b\n★ [x] c\n": "done a, pending b, done c",

		"- **Backup** [x]\n- Restore: [ ]\n":               "; 1: “[x]” is not read as a box, 2: “[ ]” is not read as a box",
		"Backup taken [x]\nRestore tested \\[ \\]\n":       "; 1: “[x]” is not read as a box, 2: “\\[ \\]” is not read as a box",
		"Step 1: [x] Deploy\nSchritt 2: [ ] Schauen\n":     "; 1: “[x]” is not read as a box, 2: “[ ]” is not read as a box",
		"**[x] Bold line**\n**[ ] Another**\n":             "; 1: “**[x]” is not read as a box, 2: “**[ ]” is not read as a box",
		"[ ] Tell Ada [x] Tell Mei [ ] Tell Kofi\n":        "; 1: “[ ]” is not read as a box",
		"- [<] later\n- [x] a\n":                           "done a; 1: “[<]” is not read as a box",
		"- [x] ❌ Smoke tests\n- [x] ⚠️ slow\n":             "done ❌ Smoke tests, done ⚠️ slow; 1: the box says that the step is done, and “❌” that it failed",
		"Use `a[x]` or `[ ]`\n\nSee [1] and list[ ]\n":     "",
		"- The array `x[ ]`\n- A link [x](a.md)\n- b[x]\n": "",

		"- [?] a\n- [ ] b\n":                       "pending a, pending b; 1: what “[?]” says is not known",
		"- ( ) a\n- (x) b\n":                       "; 1: “( )” is not read as a box, 2: “(x)” is not read as a box",
		"- **[ ] a**\n- ~~[ ] b~~\n":               "; 1: “**[ ]” is not read as a box, 2: “~~[ ]” is not read as a box",
		"- [ ] a\n- `[x]` b\n":                     "pending a; 2: “`[x]`” is not read as a box",
		"- [ ] a\n- [done] b\n- DONE: c\n":         "pending a; 2: “[done]” is not read as a box, 3: “DONE” is not read as a box",
		"- [DONE] a\n- [TODO] b\n":                 "; 1: “[DONE]” is not read as a box, 2: “[TODO]” is not read as a box",
		"- ✅ a\n- 🟢 b\n":                           "done a; 2: “🟢” is not read as a box",
		"- [ ] a\n- [y] b\n- [x](see below) c\n":   "pending a; 2: “[y]” is not read as a box, 3: “[x]” is not read as a box",
		"- [ ] a\n- [x](https://example.com) is\n": "pending a", // a link
		"- [1] A. Park, Bridges\n- [a] other\n":    "",
		"- 🔴 urgent\n- 🟢 can wait\n":               "; 1: “🔴” is not read as a box, 2: “🟢” is not read as a box",
		"- 🔴 urgent\n- text\n":                     "",
		"- [ ] a\n- [✅❌] b\n- [ ✔️ / ✖️ ] c\n":     "pending a; 2: “[✅❌]” is not read as a box, 3: “[ ✔️ / ✖️ ]” is not read as a box",
		"[x]: Migrate\n\n- [ ] a\n":                "pending a; 1: “[x]” is not read as a box", // Markdown shows it nowhere
		"- [X]: Deploy\n- [✅]: Announce\n":         "; 1: “[X]” is not read as a box, 2: “[✅]” is not read as a box",
		"[x]: https://example.com\n\n- [ ] a\n":    "pending a",
		"[x]: #steps\n\n- [✅] a\n":                 "done a",
		"- [ ] a\n- plain\n- 1️⃣ first\n":          "pending a",
		"- [Ops] restart\n- [Dev] look\n":          "",
		"- […] and so it went on\n":                "",
		"Press [x] to close, \\[ \\] is no box.\n": "",
		"## Notes\n\n### Issues\n\n- ( ) a\n":      "",
		"```\n- [ x ] code\n-[ ] code\n```\n":      "",
	} {
		r := Parse(recordName1, []byte("# T\n\n## S\n\n"+source), Options{})
		var steps, told []string
		for _, s := range r.Steps {
			steps = append(steps, fmt.Sprintf("%s %s", s.State, s.Text))
		}
		for _, p := range r.Problems {
			message, _, _ := strings.Cut(p.Message, ";")
			message, _, _ = strings.Cut(message, ", so")
			told = append(told, fmt.Sprintf("%d: %s", p.Line-4, message))
		}
		got := strings.Join(steps, ", ")
		if len(told) > 0 {
			got += "; " + strings.Join(told, ", ")
		}
		if got != want {
			t.Errorf("%q\ngot  %s\nwant %s", source, got, want)
		}
	}
}

// TestAlmostBoxesAreMarked: a mark is all that a command changes of them, and it is
// read back, there and back again.
func TestAlmostBoxesAreMarked(t *testing.T) {
	for _, line := range []string{"- [ x ] a", "-[ ] a", "- \\[ \\] a", "* \\[x\\] a", "- [/] a", "- [?] a", "- **[ ]** a", "- [ ] ~~a~~",
		"• [ ] a", "1.[ ] a", "- ［　］a", "- :warning: a", "- [ ]: a", "| [ x ] | a |\n|-|-|\n| \\[ \\] | b |"} {
		r := Parse(recordName1, []byte("# T\n\n## S\n\n"+line+"\n"), Options{})
		if len(r.Steps) != 1 {
			t.Errorf("%q: %d steps", line, len(r.Steps))
			continue
		}
		mark := r.Steps[0].Mark
		before, behind := string(r.Source[:mark.Start]), string(r.Source[mark.End:])
		for _, state := range []State{Done, Pending, StepFailed, Skipped, StepRunning, Pending, Done} {
			next, err := MarkStep(r.Ref(0), Mark{State: state})(r)
			if err != nil {
				t.Errorf("%q as %s: %v", line, state, err)
				break
			}
			source := string(next.Source)
			if next.Steps[0].State != state || !strings.HasPrefix(source, before) || !strings.HasSuffix(source, behind) {
				t.Errorf("%q as %s is %q", line, state, source)
			}
			r = next
		}
	}
}
