package records

import (
	"path"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/deploysite/deploysite/internal/text"
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
		id, started, ok := ParsePath(name)
		if !ok || id+"-deployment.md" != name || started.Time.Format("15:04") != "14:30" {
			t.Errorf("ParsePath(%s) = %s, %v, %v", name, id, started.Time, ok)
		}
		if started.IsZero() {
			t.Errorf("the name it writes itself is odd: %s", name)
		}
	}
}

func TestParseName(t *testing.T) {
	for _, c := range []struct {
		name, id, started string
		odd               bool
	}{
		{"2024-08-31-14-30-deployment.md", "2024-08-31-14-30", "2024-08-31 14:30", false},
		{"2024-08-31-14-30.md", "2024-08-31-14-30", "2024-08-31 14:30", false},
		{"2024-08-31-14-30-hotfix.md", "2024-08-31-14-30-hotfix", "2024-08-31 14:30", false},
		{"2024-08-31-14-30-1-deployment.md", "2024-08-31-14-30-1", "2024-08-31 14:30", false},
		{"2024-08-31.md", "2024-08-31", "2024-08-31", false},
		{"2024-02-30-14-30-deployment.md", "2024-02-30-14-30", "", true},
		{"2024-08-31-25-30-deployment.md", "2024-08-31-25-30", "", true},
		{"0000-00-00.md", "0000-00-00", "", true},

		// What teams call their files.
		{"2024-08-31-deploy-v1.2.md", "2024-08-31-deploy-v1-2", "2024-08-31", false},
		{"2025-10-10-hotfix-p1.3-user-context.md", "2025-10-10-hotfix-p1-3-user-context", "2025-10-10", false},
		{"deploy-2024-08-31.md", "deploy-2024-08-31", "2024-08-31", false},
		{"DEPLOY-2025-01-23-001.md", "DEPLOY-2025-01-23-001", "2025-01-23", false},
		{"deploy_log_2026-05-10_14_30.md", "deploy_log_2026-05-10_14_30", "2026-05-10 14:30", false},
		{"deployment-2024-08-31-14-30.md", "deployment-2024-08-31-14-30", "2024-08-31 14:30", false},
		{"deploy-2024-08-31_14-30-05.md", "deploy-2024-08-31_14-30-05", "2024-08-31 14:30:05", false},
		{"DEPLOYMENT_2026_02_11_ADMIN_DASHBOARD.md", "DEPLOYMENT_2026_02_11_ADMIN_DASHBOARD", "2026-02-11", false},
		{"20240831_1430_x.md", "20240831_1430_x", "2024-08-31 14:30", false},
		{"20240831-143005-deployment.md", "20240831-143005", "2024-08-31 14:30:05", false},
		{"20221116-initial-deployment.md", "20221116-initial", "2022-11-16", false},
		{"DEPLOY_LOG_20260217.md", "DEPLOY_LOG_20260217", "2026-02-17", false},
		{"20260714T140500Z.md", "20260714T140500Z", "2026-07-14 14:05:00Z", false},
		{"2026-03-14T05-19-deployment-check.md", "2026-03-14T05-19-deployment-check", "2026-03-14 05:19", false},
		{"2024-08-31T14:30.md", "2024-08-31t14-30", "2024-08-31 14:30", false},
		{"2024-8-31.md", "2024-8-31", "2024-08-31", false},
		{"2024.08.31 Rollout.md", "2024-08-31-rollout", "2024-08-31", false},
		{"31-08-2024.md", "31-08-2024", "2024-08-31", false},
		{"31.08.2024 Einspielung.md", "31-08-2024-einspielung", "2024-08-31", false},
		{"08-31-2024-release.md", "08-31-2024-release", "2024-08-31", false},
		{"05-05-2024.md", "05-05-2024", "2024-05-05", false},
		{"release-31-Aug-2024.md", "release-31-Aug-2024", "2024-08-31", false},
		{"August-31-2024.md", "August-31-2024", "2024-08-31", false},
		{"2024-aug-31.md", "2024-aug-31", "2024-08-31", false},
		{"2024-08-31-14h30-mise-en-prod.md", "2024-08-31-14h30-mise-en-prod", "2024-08-31", false}, // read so far, by its day
		{"mep-2024-08-31-14h30.md", "mep-2024-08-31-14h30", "2024-08-31 14:30", false},
		{"2024-08-31-14-30-Übung.md", "2024-08-31-14-30-ubung", "2024-08-31 14:30", false},
		{"リリース2024年8月31日.md", "リリース2024年8月31日", "2024-08-31", false},
		{"2024-08-31デプロイ.md", "2024-08-31テフロイ", "2024-08-31", false},
		{"배포2024년8월31일.md", "배포2024년8월31일", "2024-08-31", false},
		{"2024-08-31 deploy (2).md", "2024-08-31-deploy-2", "2024-08-31", false},
		{"2024-08-31-to-2024-09-01.md", "2024-08-31-to-2024-09-01", "2024-08-31", false},

		// A number behind the day is a time only where it can be nothing else.
		{"2024-08-31-1430-x.md", "2024-08-31-1430-x", "2024-08-31", false},
		{"deploy-2024-08-31-1430.md", "deploy-2024-08-31-1430", "2024-08-31", false},
		{"deploy-2024-08-31-10.12.md", "deploy-2024-08-31-10-12", "2024-08-31", false},
		{"deploy-2024-08-31-25-30.md", "deploy-2024-08-31-25-30", "2024-08-31", false},
		{"20240831-9999.md", "20240831-9999", "2024-08-31", false},
	} {
		id, m, ok := ParsePath(c.name)
		if id != c.id || shortTime(m) != c.started || !ok {
			t.Errorf("ParsePath(%s) = %q, %q, %v; want %q, %q", c.name, id, shortTime(m), ok, c.id, c.started)
		}
		if m.IsZero() != c.odd {
			t.Errorf("%s: started %v", c.name, m.Time)
		}
	}
}

func shortTime(m Moment) string {
	switch {
	case m.IsZero():
		return ""
	case m.DateOnly:
		return m.Time.Format(time.DateOnly)
	case !m.Local:
		return m.Time.Format("2006-01-02 15:04:05Z")
	case m.Time.Second() > 0:
		return m.Time.Format(time.DateTime)
	}
	return m.Time.Format("2006-01-02 15:04")
}

func TestNameDoubt(t *testing.T) {
	for name, want := range map[string]string{
		"2024-08-31.md":                        "",
		"README.md":                            "it holds no date",
		"2024-08-31-14-30-../x.md":             "it begins with “_” or “.”, or holds characters that cannot be seen",
		"_2024-08-31-x y.md":                   "it begins with “_” or “.”, or holds characters that cannot be seen",
		"2024-08-31 \u202ex.md":                "it begins with “_” or “.”, or holds characters that cannot be seen",
		"2024-08-31 \x1b[1mx.md":               "it begins with “_” or “.”, or holds characters that cannot be seen",
		"2024-08-31-14-30-deployment.txt":      "it does not end in .md",
		"01-02-2024.md":                        "01-02-2024 may be of two days",
		"deploy 01.02.2024.md":                 "01.02.2024 may be of two days",
		"2024-08-1.md":                         "2024-08-1 may be a day or a number within the month",
		"2024-10-1 x.md":                       "2024-10-1 may be a day or a number within the month",
		"deploy-2024-02-30.md":                 "there is no day 2024-02-30",
		"deploy-2024-08-31-undo-2024-08-30.md": "it holds two dates",
		"24-08-31.md":                          "it holds no date",
		"v2024.08.31.md":                       "it holds no date",
		"a20240831.md":                         "it holds no date",
		"ticket-20241399.md":                   "it holds no date",
		"build-12345678.md":                    "it holds no date",
		"2024-08-31x.md":                       "it holds no date",
		"2024-08.md":                           "it holds no date",
		"2024-08-31-caf\xe9.md":                "it is not text in UTF-8",
		".md":                                  "it begins with “_” or “.”, or holds characters that cannot be seen",
	} {
		if got := NameDoubt(name); got != want {
			t.Errorf("NameDoubt(%q) = %q, want %q", name, got, want)
		}
		if IsName(name) != (want == "") {
			t.Errorf("IsName(%q) = %v", name, IsName(name))
		}
	}
}

func TestParsePath(t *testing.T) {
	for name, want := range map[string]string{
		"2024-08-31-14-30-deployment.md":                "2024-08-31-14-30",
		"2024/2024-08-31-14-30-deployment.md":           "2024-08-31-14-30",
		"2024/08/2024-08-31.md":                         "2024-08-31",
		"2024-08/2024-08-31.md":                         "2024-08-31",
		"2024/Q3/archive/2024-08-31.md":                 "2024-08-31",
		"08-August/2024-08-31.md":                       "2024-08-31",
		"checkout/2024-08-31.md":                        "checkout.2024-08-31",
		"eu/checkout/2024/2024-08-31-x.md":              "eu.checkout.2024-08-31-x",
		"v1.2/2024-08-31.md":                            "v1-2.2024-08-31",
		"Größe/2024-08-31.md":                           "große.2024-08-31",
		"..%2f/2024-08-31.md":                           "2f.2024-08-31",
		"2024/notes.md":                                 "",
		"checkout/2024-08-31-14-30-2-deployment.md":     "checkout.2024-08-31-14-30-2",
		"checkout/20240831_1430-deployment.md":          "checkout.20240831_1430",
		"checkout\u202e/2024-08-31-14-30-deployment.md": "checkout.2024-08-31-14-30",
	} {
		if id, _, _ := ParsePath(name); id != want {
			t.Errorf("ParsePath(%q) = %q, want %q", name, id, want)
		}
	}
}

func TestLongNamesKeepTheirOwnIDs(t *testing.T) {
	long := strings.Repeat("長い名前", 12)
	a, _, ok := ParsePath(long + " 2024-08-31 a.md")
	b, _, _ := ParsePath(long + " 2024-08-31 b.md")
	if a == b || !ok || len(a) > 80 {
		t.Errorf("%q and %q", a, b)
	}
}

func TestTarget(t *testing.T) {
	r := Parse("deployments/2024/31.08.2024 (a) b.md", nil, Options{Dir: "deployments"})
	if got, want := r.Target("tip-x"), "2024/31.08.2024%20%28a%29%20b.md#tip-x"; got != want {
		t.Errorf("Target = %s, want %s", got, want)
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
		if got := text.Slug(in); got != want {
			t.Errorf("Slug(%q) = %q, want %q", in, got, want)
		}
	}
	for _, in := range []string{"", "🚀", "🎯", strings.Repeat("é", 300), strings.Repeat("日", 300)} {
		got := text.Slug(in)
		if got == "" || len(got) > text.MaxSlug || !utf8.ValidString(got) {
			t.Errorf("Slug(%.20q) = %q", in, got)
		}
	}
	if text.Slug("🚀") == text.Slug("🎯") {
		t.Error("two names without letters have one slug")
	}
}

func TestUniqueIDs(t *testing.T) {
	ids := text.IDs{}
	var got []string
	for _, text := range []string{"Same", "same", "Same-2", "same", "🚀", "🚀"} {
		got = append(got, ids.Next("s-", text))
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

// plainForm says in one line which names were read before any other form was;
// their IDs and times must stay.
var plainForm = text.Pattern(`^((\d{4}-\d{2}-\d{2})(?:-(\d{2}-\d{2}))?(?:-[0-9A-Za-z_-]*)?)\.(?i:md|markdown|mdown|mkd)$`)

func FuzzParseName(f *testing.F) {
	for _, name := range []string{"2024-08-31-14-30-deployment.md", "2024-08-31.md", "2024-08-31-x_Y.md", "2024-08-31x.md", "2024-8-31.md", "README.md",
		"2024-08-31-ä.md", "2024-08-31-14-30-deployment.md~", "2024-08-31-14-305.md", "2024-08-31-14-30.md", "2024-08-31-1\xff.md",
		"20240831T143000Z.md", "リリース2024年8月31日.md", "31.12.2024 x.md", "Aug-31-2024.md", "01-02-2024.md", "deploy-2024-08-31_14h30.md"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		name = path.Base(name)
		id, started, ok := ParsePath(name)
		if IsName(name) != ok || (NameDoubt(name) == "") != ok {
			t.Errorf("%q: %v, IsName %v, doubt %q", name, ok, IsName(name), NameDoubt(name))
		}
		if m := plainForm().FindStringSubmatch(name); m != nil {
			want := plainMoment(m[2], m[3])
			if !ok || id != strings.TrimSuffix(m[1], "-deployment") || started != want {
				t.Errorf("%q: %q, %v, %v; want %v", name, id, started, ok, want)
			}
			return
		}
		if ok && (started.IsZero() || id == "" || strings.ContainsAny(id, "./\\ #?%<>\"") || strings.ContainsFunc(id, unicode.IsControl)) {
			t.Errorf("%q: id %q, started %v", name, id, started)
		}
	})
}

func plainMoment(date, clock string) Moment {
	m := Moment{From: FromFileName, Local: true, DateOnly: clock == ""}
	var err error
	if m.DateOnly {
		m.Time, err = time.Parse(time.DateOnly, date)
	} else {
		m.Time, err = time.Parse("2006-01-02 15-04", date+" "+clock)
	}
	if err != nil {
		return Moment{}
	}
	return m
}

func TestIsTemplateName(t *testing.T) {
	for name, want := range map[string]bool{
		"TEMPLATE.md": true, "deployment-template.md": true, "template-deployment.md": true, "YYYY-MM-DD-deployment.md": true,
		"PMyyyy-nnn - Postmortem template.md": true, "0000-00-00-template.md": true, "Checklistenvorlage.md": true, "部署模板.md": true, "modelo.markdown": true,
		"2024-08-31-template.md": false, "template-engine.md": false, "temperature.md": false, "contemplate.md": false, "TEMPLATE.txt": false,
		"2024-08-31.md": false, "x.md": false,
	} {
		if got := IsTemplateName(name); got != want {
			t.Errorf("IsTemplateName(%q) = %v", name, got)
		}
	}
}
