package runner

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"github.com/deploysite/deploysite/internal/records"
)

var update = flag.Bool("update", false, "write what the screens are now into testdata/frames")

// TestFrames compares screens with testdata/frames. A frame is what is seen in a
// window of a size after some keys.
func TestFrames(t *testing.T) {
	used := map[string]bool{}
	for _, test := range []struct {
		name, keys    string
		width, height int
	}{
		{"list", "", 80, 24},
		{"list-small", "", 60, 15},
		{"list-least", "", 40, 10},
		{"list-wide", "", 200, 60},
		{"too-small", "", 39, 9},
		{"marked", "d space", 80, 24},
		{"sticky-heading", "G", 60, 15},
		{"wide-characters", "]", 80, 24},
		{"writing-a-note", "n “slower than last time”", 80, 24},
		{"writing-a-note-small", "n “slower than last time”", 60, 15},
		{"details", "enter", 80, 24},
		{"help", "?", 80, 24},
		{"help-end", "? G", 60, 15},
		{"briefing", "b", 80, 24},
		{"finish", "f F", 80, 24},
		{"choose-a-command", "j r", 80, 24},
		{"run", "r", 80, 24},
		{"copy", "c", 80, 24},
	} {
		d := sitDown(t, "")
		d.send(tea.WindowSizeMsg{Width: test.width, Height: test.height})
		d.press(test.keys)
		d.golden(test.name)
		used[test.name+".txt"] = true
	}
	d := sitDown(t, "")
	d.press("i")
	d.send(tea.PasteMsg{Content: "deploy: connecting\r\n\x1b[31mError: connection refused\x1b[0m\nexit 1\n"})
	d.golden("pasting-an-issue")
	d = sitDown(t, "# Nothing to do\n")
	d.golden("no-steps")
	d = sitDown(t, "---\ntitle: [\n---\n\n# Not read\n")
	d.golden("not-read")
	d = sitDown(t, "")
	d.opt.Recall = func(context.Context, records.Note) ([]Earlier, error) {
		return []Earlier{{Where: "2024-08-01 10:00  jump-man v1.4.1, failed", What: "connection refused", Helped: "restart the proxy first"},
			{Where: "2024-07-01 10:00  jump-man v1.4.0, succeeded", What: "no connection to node-b"}}, nil
	}
	d.press("i “connection refused” enter")
	d.golden("seen-before")
	for _, name := range []string{"pasting-an-issue.txt", "no-steps.txt", "not-read.txt", "seen-before.txt"} {
		used[name] = true
	}
	files, err := os.ReadDir("testdata/frames")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !used[f.Name()] {
			t.Errorf("testdata/frames/%s is the screen of no test", f.Name())
		}
	}
}

// golden compares the screen with a file, and looks whether it fits the window.
func (d *desk) golden(name string) {
	d.Helper()
	d.fits()
	path := filepath.Join("testdata", "frames", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(d.seen()), 0o666); err != nil {
			d.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		d.Fatal(err)
	}
	if diff := cmp.Diff(string(want), d.seen()); diff != "" {
		d.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// fits tells of a screen that is larger than the window, by any way to measure
// it, or that could steer the terminal.
func (d *desk) fits() {
	d.Helper()
	lines := strings.Split(d.View().Content, "\n")
	if len(lines) != d.height {
		d.Errorf("%d lines in a window of %d", len(lines), d.height)
	}
	for _, l := range lines {
		for _, method := range []ansi.Method{ansi.WcWidth, ansi.GraphemeWidth} {
			if w := method.StringWidth(l); w > d.width {
				d.Errorf("a line of %d columns in a window of %d: %q", w, d.width, l)
			}
		}
		bare := ansi.Strip(l)
		if strings.ContainsFunc(bare, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }) {
			d.Errorf("a line that steers the terminal: %q", l)
		}
		for rest, ok := l, true; ok; {
			var sequence string
			if _, rest, ok = strings.Cut(rest, "\x1b"); ok {
				if sequence, _, _ = strings.Cut(rest, "m"); strings.Trim(sequence, "[0123456789;") != "" {
					d.Errorf("a sequence that is no colour, ESC %q, in %q", sequence, l)
				}
			}
		}
	}
}

// TestAnySize resizes the window to whatever there is.
func TestAnySize(t *testing.T) {
	for _, keys := range []string{"", "?", "b", "F", "n", "r", "enter"} {
		d := sitDown(t, "")
		d.press(keys)
		for _, height := range []int{1, 2, 9, 10, 11, 15, 17, 18, 21, 22, 24, 60, 200} {
			for _, width := range []int{1, 2, 3, 39, 40, 41, 60, 80, 109, 110, 200, 500} {
				d.send(tea.WindowSizeMsg{Width: width, Height: height})
				d.fits()
			}
		}
	}
}

// hostile are texts that record writers may put anywhere.
var hostile = []string{
	"\x1b[2J\x1b[31mred", "\x1b]0;title\x07", "\x1b]52;c;cm0gLXJmIC8=\x07", "\u009b2J", "\u202eesrever\u202c", "a\rb", "bell\x07\b\b\b",
	"\xff\xfe", "zero\u200bwidth\u200e\u2060\ufeff", strings.Repeat("long ", 20_000), strings.Repeat("x", 50_000), strings.Repeat("界", 5_000),
	"👩‍🚒👍🏽🇸🇪☑️1️⃣é", strings.Repeat("é̈", 300), "\t\ttabs\u00a0\u3000blanks\u2028\u2029", "a\x00b", "\U000e0041tags\u3164\u2800",
}

func TestHostileRecords(t *testing.T) {
	for _, text := range hostile {
		record := "---\ntitle: " + fmt.Sprintf("%q", text) + "\ndate: 2024-08-31T14:30:00+02:00\n---\n\n## " + text + "\n\n- [ ] **" + text + "**: `" + text + "` <!-- 2024-08-31T14:40:00+02:00 " + text +
			" -->\n  - " + text + "\n- [x] " + text + "\n\n## Issues\n\n- " + text + "\n"
		for _, keys := range []string{"", "enter", "r", "c", "F", "n", "i “x” enter", "space", "j f", "G"} {
			d := sitDown(t, record)
			for _, size := range []tea.WindowSizeMsg{{Width: 80, Height: 24}, {Width: 41, Height: 10}} {
				d.send(size)
				d.press(keys)
				d.fits()
			}
		}
	}
}

func TestThousandsOfSteps(t *testing.T) {
	var record strings.Builder
	record.WriteString("# Long\n")
	for i := range 2000 {
		if i%100 == 0 {
			fmt.Fprintf(&record, "\n## Section %d\n\n", i/100)
		}
		fmt.Fprintf(&record, "- [ ] **Step %d**: do it\n", i)
	}
	d := sitDown(t, record.String())
	for range 30 {
		d.press("pgdown")
	}
	d.fits()
	d.press("G space")
	d.wantSaved("- ✅ **Step 1999**: do it <!-- 2024-08-31T15:00:00+02:00 Ada Park -->")
	d.wantSeen("❯ ◦ open         Step 0") // on at the begin
	d.press("] ]")
	d.wantSeen("❯ ◦ open         Step 200")
}

// TestTheScreenRests: but for the clock there is nothing to draw while nothing
// happens, and the clock goes once a minute.
func TestTheScreenRests(t *testing.T) {
	d := sitDown(t, "")
	now := noon
	d.opt.Now = func() time.Time { return now }
	before := d.View().Content
	for ; now.Before(noon.Add(time.Minute)); now = now.Add(time.Second) {
		d.Update(ticked(now))
		if d.View().Content != before {
			t.Fatalf("drawn anew after %v", now.Sub(noon))
		}
	}
	d.Update(ticked(now))
	d.wantSeen("31 min")
}

func BenchmarkScreen(b *testing.B) {
	var record strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&record, "- [ ] **Step %d**: do `it`\n", i)
	}
	r := records.Parse(recordName, []byte(record.String()), records.Options{})
	m := newModel(context.Background(), Options{Now: time.Now}, nil, r)
	for b.Loop() {
		m.press("down")
		_ = m.View()
	}
}

// TestNarrowAnswers has the keys of the last question whole, down to the smallest window.
func TestNarrowAnswers(t *testing.T) {
	q := &question{answers: []answer{{key: "s", word: "succeeded"}, {key: "f", word: "failed"}, {key: "r", word: "rolled back"}, {key: "c", word: "cancelled"}}}
	for columns, want := range map[int]string{
		80: " s succeeded   f failed   r rolled back   c cancelled   any other key leaves it",
		55: " s succeeded   f failed   r rolled back   c cancelled",
		44: " succeeded  failed  rolled back  cancelled",
		40: " succeeded failed rolled back cancelled",
	} {
		var got strings.Builder
		for _, p := range answerLine(q, columns) {
			got.WriteString(p.text)
		}
		if strings.TrimRight(got.String(), " ") != want {
			t.Errorf("%d columns: %q, want %q", columns, got.String(), want)
		}
	}
}

// TestFinishIsShown: how to finish is among the keys at 100 columns, also at a step with a
// command of which the output is kept.
func TestFinishIsShown(t *testing.T) {
	d := sitDown(t, "")
	d.send(tea.WindowSizeMsg{Width: 100, Height: 30})
	d.wantSeen("r run")
	d.wantSeen("F finish")
	d.output = &output{}
	d.press("down")
	d.press("up")
	d.wantSeen("F finish")
}
