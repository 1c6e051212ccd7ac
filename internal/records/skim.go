package records

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

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
// spaced, marked up, or spelt: a circled or wide letter is read as the letter.
func mayRollBack(source []byte) bool {
	letters, outside, inTag := make([]byte, 0, len(source)), make([]byte, 0, len(source)), false
	add := func(c byte) {
		if text.IsASCIIWord(c) {
			letters = append(letters, c|0x20)
			if !inTag {
				outside = append(outside, c|0x20)
			}
		}
	}
	for i := 0; i < len(source); i++ {
		switch c := source[i]; {
		case c == '<':
			inTag = true
		case c == '>':
			inTag = false
		case c == '&' && i+1 < len(source) && (source[i+1] == '#' || text.IsASCIIWord(source[i+1])):
			return true // an entity may be a letter
		case c < utf8.RuneSelf:
			add(c)
		default:
			is := norm.NFKD.Properties(source[i:])
			for _, c := range is.Decomposition() {
				add(c)
			}
			i += max(is.Size(), 1) - 1
		}
	}
	label := []byte("rollbackof")
	return bytes.Contains(letters, label) || bytes.Contains(outside, label)
}
