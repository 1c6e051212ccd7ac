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
		{"[  ] two blanks", "", ""},
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
