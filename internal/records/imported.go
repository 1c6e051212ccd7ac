package records

import (
	"slices"

	"github.com/deploysite/deploysite/internal/frontmatter"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/text"
)

// The front matter keys of a record that was imported: a name for where it came
// from, and an ID that is unique there. The site shows them as it shows every key.
const (
	KeyImportedFrom = "imported_from"
	KeyImportedID   = "imported_id"
)

// Imported is the value of the key imported_id, or "".
func (r *Record) Imported() string {
	for _, f := range r.Extra {
		if f.Name == KeyImportedID && f.Value.Kind == frontmatter.Scalar {
			return f.Value.Text
		}
	}
	return ""
}

// forgive removes the warnings about the name and the body of an imported record. Its
// text is older than our rules, and stays as it was written.
func (r *Record) forgive() {
	if r.Imported() == "" {
		return
	}
	first, _ := text.Position(r.Source, r.Document.Body.Start)
	r.Problems = slices.DeleteFunc(r.Problems, func(p problem.Problem) bool {
		return p.Severity == problem.Warning && (p.Line == 0 || p.Line >= first)
	})
}
