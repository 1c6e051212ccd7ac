package records

import "testing"

func TestForgeSlugs(t *testing.T) {
	for title, want := range map[string]string{
		"The record's format":      "the-records-format",
		"What's new? (`v1.2`)":     "whats-new-v12",
		"snake_case & kebab-case":  "snake_case--kebab-case",
		"Überblick für alle":       "überblick-für-alle",
		"🚀":                        "",
		"C++":                      "c",
		"  ":                       "--",
		"Slash / Back\\slash <i>!": "slash--backslash-i",
	} {
		if got := ForgeSlug(title); got != want {
			t.Errorf("%q is %q, want %q", title, got, want)
		}
	}
}

func TestParseDocument(t *testing.T) {
	source := "---\ntitel: x\nstatus: draft\nWeight: 3\n---\n\nText.\n\n# The *first*\n\n- [ ] no step\n\n> ## Quoted\n\n## Lessons Learned\n\n- no note\n"
	d := ParseDocument("docs/2024-08-31-14-30-deployment.md", []byte(source))
	if len(d.Problems) > 0 || len(d.Steps) > 0 || len(d.Notes) > 0 || d.Status != "" || !d.Started.IsZero() {
		t.Errorf("it is taken for a record: %+v", d)
	}
	if d.Title.Value != "The first" || len(d.Sections) != 3 || d.Sections[1].Title != "Quoted" {
		t.Errorf("title %q, sections %+v", d.Title.Value, d.Sections)
	}
	f, ok := d.FrontMatter.Field("weight")
	if line, column := d.Position(f.Value.Span); !ok || f.Value.Text != "3" || line != 4 || column != 9 {
		t.Errorf("weight %+v at %d:%d", f, line, column)
	}
	if d := ParseDocument("x.md", []byte("---\ntitle: [a, b]\n---\n# B\n")); d.Title.Value != "a" || len(d.Problems) != 1 {
		t.Errorf("title %q, problems %v", d.Title.Value, d.Problems)
	}
}
