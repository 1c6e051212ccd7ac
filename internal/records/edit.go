package records

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/text"
)

// Edit replaces a range of a file by another text.
type Edit struct {
	Span text.Span
	Text string
}

// Apply makes all edits at once; their spans are those of the source as it is.
// Every byte outside of them stays. It is an error if a span lies outside of
// the source or two of them overlap. Edits at one place keep their order.
func Apply(source []byte, edits ...Edit) ([]byte, error) {
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

// MarkEdit is the edit that gives a step another state: its mark is replaced by
// ours, or by a box where nothing else is read.
func (r *Record) MarkEdit(s Step, state State) Edit {
	if s.boxed {
		return r.markEdit(s, signInBox(state))
	}
	return r.markEdit(s, state.Mark())
}

// markEdit replaces a step's mark, and parts it by a blank from what would make
// a link of "[ ]".
func (r *Record) markEdit(s Step, mark string) Edit {
	if end := s.Mark.End; strings.HasSuffix(mark, "]") && end < len(r.Source) && strings.IndexByte("([:", r.Source[end]) >= 0 {
		mark += " "
	}
	return Edit{s.Mark, mark}
}
