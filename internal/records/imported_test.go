package records

import (
	"slices"
	"testing"
	"time"
)

const importedText = "date: 2024-08-31\nimported_from: LOG.md\nimported_id: text-1\n---\n\n## 2024-08-31\n\n- Status: Up and about\n- End Time: in the afternoon\n"

func TestImportedRecordsAreForgiven(t *testing.T) {
	const name = "2024-08-31-deployment.md"
	r := Parse(name, []byte("---\n"+importedText), Options{})
	if len(r.Problems) > 0 || r.Imported() != "text-1" || !r.IsPast(time.Time{}) {
		t.Errorf("problems %v, imported %q, past %v", r.Problems, r.Imported(), r.IsPast(time.Time{}))
	}
	// In the front matter, which the tool wrote, and in other records they stay.
	if r := Parse(name, []byte("---\nstatsu: failed\n"+importedText), Options{}); len(r.Problems) != 1 {
		t.Errorf("a slip in the front matter: %v", r.Problems)
	}
	if r := Parse(name, []byte("## 2024-08-31\n\n- Status: Up and about\n"), Options{}); len(r.Problems) != 1 {
		t.Errorf("a record that was not imported: %v", r.Problems)
	}
	if r := Parse(name, []byte("---\n"+importedText+"\xff\n"), Options{}); len(r.Problems) != 1 {
		t.Errorf("an error in the body: %v", r.Problems)
	}
}

func TestLabelled(t *testing.T) {
	r := Parse("x.md", []byte("## Title\n\n**Datum**: `31.08.2024`\n- Wer: Ada Park\n\n### Below\n\n- Not: this\n"), Options{})
	var got []string
	for _, l := range r.Labelled() {
		got = append(got, l.Label+"="+l.Value)
	}
	if want := []string{"Datum=31.08.2024", "Wer=Ada Park"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
