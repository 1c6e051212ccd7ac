package records

import "testing"

func TestParseMark(t *testing.T) {
	for _, c := range []struct {
		in    string
		state State
		mark  string // the part of in that is the mark; "" if there is none
	}{
		{"✅ done", Done, "✅"},
		{"✔️ done", Done, "✔️"},
		{"✔\ufe0e done", Done, "✔\ufe0e"},
		{"✔done", Done, "✔"},
		{"[x] done", Done, "[x]"},
		{"[X]done", Done, "[X]"},
		{"[✅] done", Done, "[✅]"},
		{"[ ✔️ ] done", Done, "[ ✔️ ]"},
		{":white_check_mark: done", Done, ":white_check_mark:"},
		{"[:x:] no", StepFailed, "[:x:]"},
		{"⚠️", StepFailed, "⚠️"},
		{"[~] half", StepRunning, "[~]"},
		{"⏭ later", Skipped, "⏭"},
		{"[-] no", Skipped, "[-]"},
		{"[ ]", Pending, "[ ]"},
		{"[] open", Pending, "[]"},
		{"[x](https://example.com) link", "", ""},
		{"[x][ref]", "", ""},
		{"[x]: https://example.com", "", ""},
		{"[y] no", "", ""},
		{"[✅ no", "", ""},
		{"[  ] two blanks", Pending, "[  ]"},
		{"[\u00a0] from a word processor", Pending, "[\u00a0]"},
		{"[__] from a form", Pending, "[__]"},
		{"[ x ] done", Done, "[ x ]"},
		{"[X ] done", Done, "[X ]"},
		{"[х] Cyrillic", Done, "[х]"},
		{"[×] times", Done, "[×]"},
		{"[v] tick", Done, "[v]"},
		{"［ｘ］ wide", Done, "［ｘ］"},
		{"［　］ wide", Pending, "［　］"},
		{"［x］ wide", Done, "［x］"},
		{"[/] half", StepRunning, "[/]"},
		{"[–] an editor made a dash of it", Skipped, "[–]"},
		{`\[ \] escaped`, Pending, `\[ \]`},
		{`\[x\] escaped`, Done, `\[x\]`},
		{`\[ ] half escaped`, Pending, `\[ ]`},
		{`\[x\](https://example.com) no link, but who knows`, "", ""},
		{"**[x]** bold", Done, "**[x]**"},
		{"_[ ]_ slanted", Pending, "_[ ]_"},
		{"**[x] bold**", "", ""},
		{"[?] nobody knows", Pending, "[?]"},
		{"[❓️] nobody knows", Pending, "[❓️]"},
		{"[ ]: open", Pending, "[ ]"},
		{"[?]: https://example.com", "", ""},
		{"[…] left out", "", ""},
		{"[^] no", "", ""},
		{"[a] a reference", "", ""},
		{"[1] a reference", "", ""},
		{"[x y] no", "", ""},
		{"[[x]] no", "", ""},
		{":ballot_box_with_check: done", Done, ":ballot_box_with_check:"},
		{":warning: no", StepFailed, ":warning:"},
		{"🔲 open", Pending, "🔲"},
		{"🟢 a light", "", ""},
		{":checkered_flag: no", "", ""},
		{"text ✅", "", ""},
		{"", "", ""},
	} {
		state, n, ok := ParseMark(c.in)
		if state != c.state || c.in[:n] != c.mark || ok != (c.mark != "") {
			t.Errorf("ParseMark(%q) = %q, %q, %v; want %q, %q", c.in, state, c.in[:n], ok, c.state, c.mark)
		}
	}
}

func TestMarkIsReadBack(t *testing.T) {
	for _, s := range States {
		if got, n, ok := ParseMark(s.Mark() + " text"); got != s || n != len(s.Mark()) || !ok {
			t.Errorf("the mark %q of %s is read as %s, %d, %v", s.Mark(), s, got, n, ok)
		}
	}
}
