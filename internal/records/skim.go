package records

import (
	"bytes"

	"github.com/deploysite/deploysite/internal/text"
)

// Skim reads of a record only what tells how its targets stand: services, environments,
// start, end, version, status, and what it rolled back. It is nil unless the front matter
// has all of that, so that nothing in the body counts: then the record must be parsed. A
// skim takes a tenth of the time.
func Skim(file string, source []byte, opt Options) *Record {
	p := newParse(file, source, opt)
	p.name()
	if IsPointer(source) || !p.encoding() || len(text.Conflicts(p.text)) > 0 {
		return nil
	}
	p.frontMatter()
	r := p.r
	named := len(r.Services) > 0 && !r.Environment.IsZero() && !r.Version.IsZero() && r.StatusFrom == FromFrontMatter
	if len(r.Problems) > 0 || !named || !r.Started.isExact() || !r.Finished.isExact() {
		return nil
	}
	if r.RollbackOf.IsZero() && mayRollBack(source[r.Document.Body.Start:]) {
		return nil
	}
	if len(r.Environments) == 0 {
		r.Environments = p.environments(r.Environment)
	}
	p.bound()
	r.Release()
	return r
}

func (m Moment) isExact() bool { return !m.IsZero() && !m.DateOnly && !m.Local }

// mayRollBack reports whether a body may have the label "Rollback of", however it is
// spaced or marked up.
func mayRollBack(source []byte) bool {
	letters, outside, inTag := make([]byte, 0, len(source)), make([]byte, 0, len(source)), false
	for _, c := range source {
		switch {
		case c == '<':
			inTag = true
		case c == '>':
			inTag = false
		case text.IsASCIIWord(c):
			c |= 0x20
			letters = append(letters, c)
			if !inTag {
				outside = append(outside, c)
			}
		}
	}
	label := []byte("rollbackof")
	return bytes.Contains(letters, label) || bytes.Contains(outside, label) || bytes.Contains(source, []byte("&#")) || bytes.Contains(source, []byte("\uff4f\uff46"))
}
