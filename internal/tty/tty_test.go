package tty

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		line  string
		width int
		want  []string
	}{
		{"", 10, []string{""}},
		{" begins with a blank", 10, []string{" begins", "with a", "blank"}},
		{"all of it", 10, []string{"all of it"}},
		{"git init   # why", 20, []string{"git init   # why"}},
		{"git init   # who changed it", 20, []string{"git init   # who", "changed it"}},
		{"see docs/guide/configuration.md now", 10, []string{"see", "docs/guide/configuration.md", "now"}},
		{"docs/guide/configuration.md", 10, []string{"docs/guide/configuration.md"}},
		{"docs/guide/configuration.md says", 10, []string{"docs/guide/configuration.md", "says"}},
		{"one two three four", 9, []string{"one two", "three", "four"}},
		{"äöü äöüäöüäöüäöü x", 8, []string{"äöü", "äöüäöüäöüäöü", "x"}},
		{"一二三 四五六", 8, []string{"一二三", "四五六"}},
	} {
		if got := Wrap(test.line, test.width); !slices.Equal(got, test.want) {
			t.Errorf("%q in %d columns: %q, want %q", test.line, test.width, got, test.want)
		}
	}
}

func TestFit(t *testing.T) {
	const text = "Found\n  docs/deployments: 7 records, such as these\n\nand more\n"
	if got := Fit(text, 0); got != text {
		t.Errorf("without a terminal: %q", got)
	}
	if got, want := Fit(text, 30), "Found\n  docs/deployments: 7 records,\n    such as these\n\nand more\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestCommand(t *testing.T) {
	for line, want := range map[string]string{
		"  git init   # why":                          "  git init   # why",
		"  git add docs/a.md docs/b.md docs/c.md":     "  git add docs/a.md docs/b.md \\\n    docs/c.md",
		"  git add docs/a.md mise.toml   # and then":  "  git add docs/a.md mise.toml\n    # and then",
		"  git add 'docs/a b.md' docs/b.md docs/c.md": "  git add 'docs/a b.md' docs/b.md docs/c.md",
	} {
		if got := Command(line, 32); got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
	if line := "git add docs/a.md docs/b.md docs/c.md   # and commit"; Command(line, 0) != line {
		t.Error("broken without a terminal")
	}
}

func TestWidthOfNoTerminal(t *testing.T) {
	if got := Width(&bytes.Buffer{}); got != 0 {
		t.Errorf("%d columns", got)
	}
}

// FuzzFit: nothing but blanks and line feeds comes or goes, and only a word that
// is too long makes a line too long.
func FuzzFit(f *testing.F) {
	for _, text := range []string{"", "a  b", " a b\n  c", "日本 語 x", "a/very/long/path.md:3:1: error: no", "\t \n "} {
		f.Add(text, 24)
	}
	f.Fuzz(func(t *testing.T, text string, width int) {
		if width < narrow || width > 200 || strings.IndexByte(text, 0x1b) >= 0 || strings.IndexByte(text, 0x9b) >= 0 {
			return
		}
		got := Fit(text, width)
		if strings.Join(strings.FieldsFunc(got, isBlank), "|") != strings.Join(strings.FieldsFunc(text, isBlank), "|") {
			t.Errorf("%q became %q", text, got)
		}
		for line := range strings.SplitSeq(got, "\n") {
			if word := strings.Trim(line, " "); ansi.WcWidth.StringWidth(line) > width && strings.Contains(word, " ") && len(line)-len(strings.TrimLeft(line, " ")) < width-narrow-2 {
				t.Errorf("%q is wider than %d", line, width)
			}
		}
	})
}

func isBlank(r rune) bool { return r == ' ' || r == '\n' }
