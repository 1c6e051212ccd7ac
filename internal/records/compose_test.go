package records

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"
)

var halfPastTwo = time.Date(2024, 8, 31, 14, 30, 10, 0, time.FixedZone("CEST", 2*60*60))

var wholeDraft = Draft{
	Title:       "jump-man v1.4.2 to production",
	Started:     halfPastTwo,
	Services:    []string{"jump-man"},
	Environment: "production",
	Version:     "v1.4.2",
	Commit:      "3f2c9ab0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f6",
	Branch:      "main",
	Deployers:   []string{"Ada Park"},
	Tags:        []string{"docker"},
}

const wholeFront = `---
title: jump-man v1.4.2 to production
date: 2024-08-31T14:30:10+02:00
service: jump-man
environment: production
version: v1.4.2
commit: 3f2c9ab0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f6
branch: main
deployer: Ada Park
status: in-progress
tags: [docker]
template: sha256:HASH
---
`

// TestCompose leaves the template's hash out of the comparison; see
// [TestTheTemplatesHashIsThatOfItsBytes].
func TestCompose(t *testing.T) {
	notes := `### What Went Well

### Issues Encountered

### Lessons Learned

### Tips for Next Deployment

### Deployment Metrics

- Start Time: 2024-08-31 14:30
- End Time:
- Total Duration:
- Deployed By: Ada Park
`
	for _, test := range []struct{ name, template, want string }{
		{
			"a plain checklist",
			"# Deployment checklist\n\n## Pre-flight\n\n- [ ] **Backup**: fresh\n",
			wholeFront + "\n# jump-man v1.4.2 to production\n\n## Pre-flight\n\n- [ ] **Backup**: fresh\n\n## Deployment Notes\n\n" + notes,
		},
		{
			"an empty template",
			"",
			wholeFront + "\n# jump-man v1.4.2 to production\n\n## Deployment Notes\n\n" + notes,
		},
		{
			"no title, no end of line at the end",
			"\n- [ ] Backup",
			wholeFront + "\n# jump-man v1.4.2 to production\n\n- [ ] Backup\n\n## Deployment Notes\n\n" + notes,
		},
		{
			"an underlined title after an introduction",
			"Read this first.\n\nDeployment\n==========\n\n- [ ] Backup\n",
			wholeFront + "\nRead this first.\n\n# jump-man v1.4.2 to production\n\n- [ ] Backup\n\n## Deployment Notes\n\n" + notes,
		},
		{
			"only some notes sections, under other names and levels",
			"# T\n\n## Deployment Notes\n\n### 🎉 What went well!\n\n### Issues & Resolutions Log\n\n- [ ] not a step\n\n## Appendix\n\n- Metrics\n\n#### Tips\n",
			wholeFront + "\n# jump-man v1.4.2 to production\n\n## Deployment Notes\n\n### 🎉 What went well!\n\n### Issues & Resolutions Log\n\n- [ ] not a step\n\n" +
				"### Lessons Learned\n\n### Deployment Metrics\n\n- Start Time: 2024-08-31 14:30\n- End Time:\n- Total Duration:\n- Deployed By: Ada Park\n\n" +
				"## Appendix\n\n- Metrics\n\n#### Tips\n",
		},
		{
			"bullets in bold, with placeholders, with values",
			"# T\n\n## Went well\n## Issues\n## Lessons\n## Tips\n## Metrics\n\n- **Start Time**:\n- **Deployed By:** [PENDING]\n- Environment: staging, always\n* Version:\n- **End Time**:\n",
			wholeFront + "\n# jump-man v1.4.2 to production\n\n## Went well\n## Issues\n## Lessons\n## Tips\n## Metrics\n\n- **Start Time**: 2024-08-31 14:30\n- **Deployed By:** Ada Park\n- Environment: production\n* Version: v1.4.2\n- **End Time**:\n",
		},
		{
			"metrics, but no other notes",
			"# T\n\n## Deployment Notes\n### Deployment Metrics\n- End Time:\n#### Alerts\n- Number:\n",
			wholeFront + "\n# jump-man v1.4.2 to production\n\n## Deployment Notes\n\n### What Went Well\n\n### Issues Encountered\n\n### Lessons Learned\n\n" +
				"### Tips for Next Deployment\n\n### Deployment Metrics\n- End Time:\n#### Alerts\n- Number:\n",
		},
		{
			"front matter of its own",
			"---\ntitle: Checklist\n# who is told\nannounce: \"#ops\" # the channel\nservice: other\nchecks:\n  - a\n  - b: |\n      ---\n      c\nrollback_of:\n---\n# T\n\n## Well\n",
			strings.Replace(wholeFront, "HASH\n", "HASH\nannounce: \"#ops\" # the channel\nchecks:\n  - a\n  - b: |\n      ---\n      c\nrollback_of:\n", 1) +
				"\n# jump-man v1.4.2 to production\n\n## Well\n\n## Deployment Notes\n\n" + notes,
		},
		{
			"front matter in TOML",
			"+++\ntitle = \"Checklist\"\nnumber = \"no\"\nteam = [\"Ada Park\", \"a, b\"]\n[links]\nticket = \"https://example.org/1\"\n+++\n\n# T\n",
			strings.Replace(wholeFront, "HASH\n", "HASH\nnumber: 'no'\nteam: [Ada Park, 'a, b']\nlinks: {ticket: https://example.org/1}\n", 1) +
				"\n# jump-man v1.4.2 to production\n\n## Deployment Notes\n\n" + notes,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, composed(t, test.template, wholeDraft)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
		t.Run(test.name+", CRLF", func(t *testing.T) {
			crlf := strings.NewReplacer("\n", "\r\n")
			if !strings.Contains(test.template, "\n") {
				t.Skip("no line end to copy")
			}
			if diff := cmp.Diff(crlf.Replace(test.want), composed(t, crlf.Replace(test.template), wholeDraft)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func composed(t *testing.T, template string, d Draft) string {
	t.Helper()
	content, err := Compose([]byte(template), d)
	if err != nil {
		t.Fatal(err)
	}
	hash := Parse("x.md", content, Options{}).Template.Value
	return strings.Replace(string(content), hash, "sha256:HASH", 1)
}

func TestWhatIsUnknownIsLeftOut(t *testing.T) {
	content, err := Compose([]byte("# T\n"), Draft{Title: "Deployment", Started: halfPastTwo})
	if err != nil {
		t.Fatal(err)
	}
	r := Parse("2024-08-31-14-30-deployment.md", content, Options{})
	var names []string
	for _, f := range r.FrontMatter.Fields {
		names = append(names, f.Name)
	}
	if diff := cmp.Diff([]string{"title", "date", "status", "template"}, names); diff != "" {
		t.Errorf("keys: -want +got\n%s", diff)
	}
	if len(r.Deployers) > 0 || len(r.Services) > 0 || !r.Environment.IsZero() {
		t.Errorf("invented: %v %v %v", r.Deployers, r.Services, r.Environment)
	}
	if !strings.HasSuffix(string(content), "- Deployed By:\n") {
		t.Errorf("ends with %q", content[len(content)-40:])
	}
}

func TestTheTemplatesHashIsThatOfItsBytes(t *testing.T) {
	content, err := Compose([]byte("\ufeff# T\r\n"), wholeDraft)
	if err != nil {
		t.Fatal(err)
	}
	const want = "sha256:02d0a700b179e4d8b8c679f3232bcea2216b87f3de2f938640d5839751f2ff05" // printf '\xef\xbb\xbf# T\r\n' | sha256sum
	if got := Parse("x.md", content, Options{}).Template.Value; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if strings.Contains(string(content), "\ufeff") {
		t.Error("the byte order mark is now in the middle of nowhere")
	}
}

// oddTexts are values that YAML, Markdown or a terminal could take for
// something else.
var oddTexts = []string{
	"no", "NO", "y", "on", "true", "null", "~", "1.10", "010", "0x1f", "12e3", "1_000", "10:30", "190:20:30", ".inf", "NaN", "1234567", "2024-08-31", "<<", "=",
	"a: b", "a:", ":a", "#x", "x #y", "a#b", "- a", "-", "--- a", "---", "? a", "[a]", "a]", "{a}", "a}", "a, b", "&a", "*a", "!a", "%a", "|", ">", "@ada", "`x`", "it's", "'", `"q"`, `\n`, `a\`,
	"a\nb", "a\n---\nb", "\n", "a\r\nb", "tab\there", "\t", " lead", "trail ", " ",
	"🚀 go", "👩\u200d🚀", "⏭️", "Håkan", "Ha\u030akan", "日本", "\ue000",
	"\x1b[31m", "\x00", "\x7f", "a\u0085b", "a\u2028b", "\ufeffx", "\ufffe", "x\u202ey", "\U000e0001", "a\u00a0b",
	"<script>alert(1)</script>", "a *b* _c_ `d` [e](f) <g> &amp; ~~h~~ ![i](j) https://k", "# x #", "x #", "1. x", "Part\\_1", "a|b", "--", "==", "```",
	strings.Repeat("long ", 100) + "end",
}

func TestAnyTextComesBack(t *testing.T) {
	for _, text := range oddTexts {
		checkRoundTrip(t, text)
	}
}

func FuzzCompose(f *testing.F) {
	for _, text := range oddTexts {
		f.Add(text, "# T\n\n- [ ] Backup\n")
	}
	f.Add("a", "---\r\na: b\r\n---\r\nT\r\n=\r\n- Start:\r\n")
	f.Add("a", "## Deployment Notes\n### Metrics\n- Start Time:\n- Deployed by: TBD\n# X")
	f.Add("a", "{\"a\": {\"b\": [1, null]}}\n# T")
	f.Fuzz(func(t *testing.T, text, template string) {
		if text == "" || strings.ToValidUTF8(text, "") != text {
			return
		}
		checkRoundTrip(t, text)
		if _, err := Compose([]byte(template), wholeDraft); err != nil {
			t.Errorf("%q: %v", template, err)
		}
	})
}

// checkRoundTrip puts text into each field and reads it back, by way of the
// parser and of YAML's own.
func checkRoundTrip(t *testing.T, text string) {
	t.Helper()
	content, err := Compose([]byte("# T\n"), Draft{
		Title: text, Started: halfPastTwo, Services: []string{text, "b"}, Environment: text, Version: text,
		Commit: text, Branch: text, Deployers: []string{text}, Tags: []string{"a", text},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(content), "---\n")
	front, _, _ := strings.Cut(rest, "\n---\n")
	var read map[string]any
	if err := yaml.Load([]byte(front), &read); err != nil {
		t.Fatalf("%q: YAML cannot read it: %v\n%s", text, err, front)
	}
	want := map[string]any{
		"title": text, "service": []any{text, "b"}, "environment": text, "version": text, "commit": text,
		"branch": text, "deployer": text, "status": "in-progress", "tags": []any{"a", text},
		"date": halfPastTwo, "template": read["template"],
	}
	sameTime := cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })
	if diff := cmp.Diff(want, read, sameTime); diff != "" {
		t.Errorf("%q through YAML: -want +got\n%s", text, diff)
	}
	for i, f := range Parse("2024-08-31-14-30-deployment.md", content, Options{}).FrontMatter.Fields {
		got := f.Value.Text
		switch {
		case f.Name == "date" || f.Name == "status" || f.Name == "template":
			continue
		case f.Name == "service":
			got = f.Value.Items[0].Text
		case f.Name == "tags":
			got = f.Value.Items[1].Text
		}
		if got != text {
			t.Errorf("%q: field %d, %s, is read as %q", text, i, f.Name, got)
		}
	}
}

// TestTheTitleIsShownAsItIs reads the heading back as plain text.
func TestTheTitleIsShownAsItIs(t *testing.T) {
	for _, title := range oddTexts {
		if strings.TrimSpace(title) == "" || strings.ContainsAny(title, "\x00") {
			continue
		}
		content, err := Compose([]byte("# T\n"), Draft{Title: title, Started: halfPastTwo})
		if err != nil {
			t.Fatal(err)
		}
		r := Parse("2024-08-31-14-30-deployment.md", content, Options{})
		if len(r.Sections) != 7 {
			t.Errorf("%q: %d headings instead of 7", title, len(r.Sections))
			continue
		}
		if got, want := r.Sections[0].Title, strings.Join(strings.Fields(title), " "); got != want {
			t.Errorf("the heading says %q, want %q", got, want)
		}
	}
}
