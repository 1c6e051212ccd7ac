package records

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"github.com/deploysite/deploysite/internal/text"
)

// editor makes a [Change]. It holds the record as it is so far: a method that changes
// the record puts the new one there, parsed from the changed bytes.
type editor struct{ layout }

// layout is where things are in a record, and how the record writes them. Its methods
// find the place for what is new, and make edits; they change nothing.
type layout struct{ *Record }

// change is the [Change] that an editor makes.
func change(do func(*editor) error) Change {
	return func(r *Record) (*Record, error) {
		e := &editor{layout{r}}
		if err := do(e); err != nil {
			return nil, err
		}
		return e.Record, nil
	}
}

// firstFitting makes the first of several ways to make a change after which the
// record is as it should be. The best way comes first.
func (e *editor) firstFitting(ways [][]Edit, fits func(after *Record) bool) error {
	for _, edits := range ways {
		after, err := edited(e.Record, edits...)
		if err == nil && isSound(after, e.Record) && fits(after) {
			e.Record = after
			return nil
		}
	}
	return errDoesNotFit
}

// edited is the record with the edits made.
func edited(r *Record, edits ...Edit) (*Record, error) {
	source, err := apply(r.Source, edits...)
	if err != nil {
		return nil, err
	}
	return r.WithSource(source), nil
}

// WithSource is the record with other bytes, read as this one was.
func (r *Record) WithSource(source []byte) *Record { return Parse(r.File, source, r.opt) }

// Edit replaces a range of bytes by a text.
type Edit struct {
	Span text.Span
	Text string
}

// apply makes all edits at once. Their spans are offsets into the source before any
// edit. Edits at one place keep their order. It is an error if spans overlap, or lie
// outside of the source.
func apply(source []byte, edits ...Edit) ([]byte, error) {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b Edit) int {
		return cmp.Or(cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Span.End, b.Span.End))
	})
	var out bytes.Buffer
	at := 0
	for _, e := range edits {
		if e.Span.Start < at || e.Span.End < e.Span.Start || e.Span.End > len(source) {
			return nil, fmt.Errorf("bytes %d to %d cannot be replaced: they overlap another edit or lie outside of the file", e.Span.Start, e.Span.End)
		}
		out.Write(source[at:e.Span.Start])
		out.WriteString(e.Text)
		at = e.Span.End
	}
	out.Write(source[at:])
	return out.Bytes(), nil
}
