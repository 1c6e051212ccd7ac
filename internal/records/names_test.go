package records

import (
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestFileNameIsReadBack(t *testing.T) {
	at := time.Date(2024, 8, 31, 14, 30, 59, 0, time.FixedZone("", 7200))
	for n, want := range map[int]string{
		1:  "2024-08-31-14-30-deployment.md",
		2:  "2024-08-31-14-30-2-deployment.md",
		10: "2024-08-31-14-30-10-deployment.md",
	} {
		name := FileName(at, n)
		if name != want {
			t.Errorf("FileName(%d) = %s, want %s", n, name, want)
		}
		id, started, ok := ParseName(name)
		if !ok || id+"-deployment.md" != name || started.Time.Format("15:04") != "14:30" {
			t.Errorf("ParseName(%s) = %s, %v, %v", name, id, started.Time, ok)
		}
		if p := nameProblem(name, name, started); p.Message != "" {
			t.Errorf("the name it writes itself is odd: %v", p)
		}
	}
}

func TestParseName(t *testing.T) {
	for _, c := range []struct {
		name, id, started, odd string
		ok                     bool
	}{
		{"2024-08-31-14-30-deployment.md", "2024-08-31-14-30", "2024-08-31 14:30", "", true},
		{"2024-08-31-14-30.md", "2024-08-31-14-30", "2024-08-31 14:30", "2024-08-31-14-30-deployment.md", true},
		{"2024-08-31-14-30-hotfix.md", "2024-08-31-14-30-hotfix", "2024-08-31 14:30", "2024-08-31-14-30-deployment.md", true},
		{"2024-08-31-14-30-1-deployment.md", "2024-08-31-14-30-1", "2024-08-31 14:30", "2024-08-31-14-30-deployment.md", true},
		{"2024-08-31.md", "2024-08-31", "2024-08-31 00:00", "2024-08-31-HH-MM-deployment.md", true},
		{"2024-02-30-14-30-deployment.md", "2024-02-30-14-30", "", "impossible", true},
		{"2024-08-31-25-30-deployment.md", "2024-08-31-25-30", "", "impossible", true},
		{"2024-08-31-14-30-Übung.md", "", "", "", false},
		{"2024-08-31-14-30-../x.md", "", "", "", false},
		{"2024-08-31-14-30-deployment.markdown", "", "", "", false},
		{"README.md", "", "", "", false},
		{"2024-8-31.md", "", "", "", false},
	} {
		id, m, ok := ParseName(c.name)
		started := ""
		if !m.IsZero() {
			started = m.Time.Format("2006-01-02 15:04")
		}
		if id != c.id || started != c.started || ok != c.ok {
			t.Errorf("ParseName(%s) = %q, %q, %v; want %q, %q, %v", c.name, id, started, ok, c.id, c.started, c.ok)
		}
		if !ok {
			continue
		}
		if p := nameProblem(c.name, c.name, m); (p.Message == "") != (c.odd == "") || !strings.Contains(p.Message+p.Hint, c.odd) {
			t.Errorf("%s: problem %q, want one with %q", c.name, p.String(), c.odd)
		}
	}
}

func TestSlug(t *testing.T) {
	for in, want := range map[string]string{
		"Pre-Flight Checks ✈️": "pre-flight-checks",
		"Håkan Lindqvist":      "hakan-lindqvist",
		"ﬁne ½ Größe":          "fine-1-2-große",
		"../..\\%2e":           "2e",
		"日本語 テスト":              "日本語-テスト",
		"한국어":                  "한국어",
		"  -- a -- b --  ":     "a-b",
		"İstanbul":             "istanbul",
		"a\nb\x00c":            "a-b-c",
		"CON":                  "con",
	} {
		if got := Slug(in); got != want {
			t.Errorf("Slug(%q) = %q, want %q", in, got, want)
		}
	}
	for _, in := range []string{"", "🚀", "🎯", strings.Repeat("é", 300), strings.Repeat("日", 300)} {
		got := Slug(in)
		if got == "" || len(got) > maxSlug || !utf8.ValidString(got) {
			t.Errorf("Slug(%.20q) = %q", in, got)
		}
	}
	if Slug("🚀") == Slug("🎯") {
		t.Error("two names without letters have one slug")
	}
}

func TestUniqueIDs(t *testing.T) {
	ids := uniqueIDs{}
	var got []string
	for _, text := range []string{"Same", "same", "Same-2", "same", "🚀", "🚀"} {
		got = append(got, ids.next("s-", text))
	}
	seen := map[string]bool{}
	for _, id := range got {
		if seen[id] {
			t.Errorf("%s twice in %v", id, got)
		}
		seen[id] = true
	}
	if got[0] != "s-same" || got[1] != "s-same-2" {
		t.Errorf("ids are %v", got)
	}
}

// nameForm says in one line what ParseName reads.
var nameForm = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})(?:-(\d{2})-(\d{2}))?(?:-[0-9A-Za-z_-]*)?\.md$`)

func FuzzParseName(f *testing.F) {
	for _, name := range []string{"2024-08-31-14-30-deployment.md", "2024-08-31.md", "2024-08-31-x_Y.md", "2024-08-31x.md", "2024-8-31.md", "README.md",
		"2024-08-31-ä.md", "2024-08-31-14-30-deployment.md~", "2024-08-31-14-305.md", "2024-08-31-14-30.md", "2024-08-31-1\xff.md"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		m := nameForm.FindStringSubmatch(name)
		_, started, ok := ParseName(name)
		switch {
		case ok != (m != nil):
			t.Errorf("%q: %v", name, ok)
		case ok && started != nameMoment(m[1], m[2], m[3]):
			t.Errorf("%q: %v, want %v", name, started, nameMoment(m[1], m[2], m[3]))
		}
	})
}
