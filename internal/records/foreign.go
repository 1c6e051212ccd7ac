package records

import (
	"slices"
	"time"

	"github.com/yuin/goldmark/ast"

	"github.com/deploysite/deploysite/internal/frontmatter"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/text"
)

// What stands here is for whoever makes records of texts that were written
// before there were any: the readings of this package, one by one.

// The front matter keys of a record that was made from something else: a name
// for where it came from, and what tells it from all others there. They have no
// meaning for the site, which shows them as it shows every key.
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

// forgive takes out the warnings about the name and the body of a record that
// was imported. Its text was written before anybody knew the rules, and stays as
// it was; what is odd about it was said when it was imported.
func (r *Record) forgive() {
	if r.Imported() == "" {
		return
	}
	first, _ := text.Position(r.Source, r.Document.Body.Start)
	r.Problems = slices.DeleteFunc(r.Problems, func(p problem.Problem) bool {
		return p.Severity == problem.Warning && (p.Line == 0 || p.Line >= first)
	})
}

// ParseTime reads a date with or without a clock time, as records have them. A
// time without an offset is one of loc, nil being UTC.
func ParseTime(s string, loc *time.Location) (t time.Time, dateOnly bool, err error) {
	return parseTime(s, loc)
}

// HasZone tells whether a time that ParseTime reads says its offset.
func HasZone(s string) bool { return hasZone(s) }

// ParseOutcome reads a status as people write it: "✅ Yes", "rolled back".
func ParseOutcome(s string) (Status, bool) { return parseOutcome(s) }

// ParseDuration reads an exact duration: "47 minutes", "1 h 20 min", "01:05:00".
func ParseDuration(s string) (time.Duration, bool) { return parseDuration(s) }

// FoldLabel makes two spellings of a label alike: lower case, letters and
// digits only, words parted by one blank.
func FoldLabel(s string) string { return text.Fold(s) }

// IsPlaceholder tells a value that says nothing, such as "TBD" or "n/a".
func IsPlaceholder(s string) bool { return isPlaceholder(s) }

// LabelledLine is a line such as "- **Operator**: ada".
type LabelledLine struct {
	Label string
	Value string    // plain
	Span  text.Span // the value as written
}

// Labelled lists the labelled lines on top of a record, whatever the labels:
// those that stand below its first heading, up to the next one. It needs the
// record's tree.
func (r *Record) Labelled() (lines []LabelledLine) {
	if r.Document.Root == nil {
		return nil
	}
	p := &parse{r: r, text: r.Source}
	for n := r.Document.Root.FirstChild(); n != nil; n = n.NextSibling() {
		if _, isHeading := n.(*ast.Heading); isHeading && n.PreviousSibling() != nil {
			break
		}
		for _, l := range p.labelled(n) {
			lines = append(lines, LabelledLine{l.label, l.value, l.at})
		}
	}
	return lines
}

// BlockSpan is the range of a block of the record's tree with all that is nested
// in it, without the blanks behind it.
func (r *Record) BlockSpan(n ast.Node) text.Span { return (&parse{r: r, text: r.Source}).blockSpan(n) }
