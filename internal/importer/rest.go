package importer

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/text"
)

// problem is one at an offset of a source.
func (r *Reading) problem(source, offset int, rule problem.Rule, hint, format string, args ...any) problem.Problem {
	line, column := r.lines[source].Position(offset)
	return rule.At(r.Sources[source].Name, line, column, fmt.Sprintf(format, args...), hint)
}

// remark notes a doubt about a draft.
func (r *Reading) remark(source, offset int, hint, format string, args ...any) {
	r.Remarks = append(r.Remarks, r.problem(source, offset, problem.ImportDoubt, hint, format, args...))
}

// rules are those of what becomes no record. Layout is no problem.
var rules = map[Kind]problem.Rule{Text: problem.LeftOut, Refused: problem.NotImported}

// leave notes a range that becomes no record, and why.
func (r *Reading) leave(source int, span text.Span, kind Kind, hint, format string, args ...any) {
	data := r.Sources[source].Data
	first := span.Start + len(data[span.Start:span.End]) - len(bytes.TrimLeft(data[span.Start:span.End], " \t\r\n"))
	r.rest(Part{source, span}, kind, r.problem(source, min(first, span.End), rules[kind], hint, format, args...))
}

// refuse notes a deployment that no record can be made of.
func (r *Reading) refuse(source int, span text.Span, hint, format string, args ...any) {
	r.leave(source, span, Refused, hint, format, args...)
}

func (r *Reading) rest(p Part, kind Kind, problem problem.Problem) {
	if p.Span.End > p.Span.Start {
		r.Rest = append(r.Rest, Rest{Part: p, Kind: kind, Excerpt: excerpt(r.Sources[p.Source].Data[p.Span.Start:p.Span.End]), Problem: problem})
	}
}

// maxExcerpt is the length of an excerpt in characters.
const maxExcerpt = 60

// excerpt is the first line of a source that has more than punctuation.
func excerpt(source []byte) string {
	const long = 1000 // bytes of a line that are enough for an excerpt
	for line := range bytes.Lines(source[:min(len(source), 64<<10)]) {
		line = line[:min(len(line), long)]
		if len(bytes.Trim(line, " \t\r\n-*_=#[]{}(),\ufeff")) > 0 {
			return text.OneLine(strings.ToValidUTF8(string(line), "\ufffd"), maxExcerpt)
		}
	}
	return ""
}

// cover adds a [Rest] for each range of bytes that is in no draft and no Rest yet.
func (r *Reading) cover() {
	claimed := make([][]text.Span, len(r.Sources))
	for _, d := range r.Drafts {
		for _, p := range d.Parts {
			claimed[p.Source] = append(claimed[p.Source], p.Span)
		}
	}
	for _, rest := range r.Rest {
		claimed[rest.Source] = append(claimed[rest.Source], rest.Span)
	}
	for i, spans := range claimed {
		slices.SortFunc(spans, func(a, b text.Span) int { return a.Start - b.Start })
		at := 0
		for _, s := range append(spans, text.Span{Start: len(r.Sources[i].Data), End: len(r.Sources[i].Data)}) {
			r.unclaimed(i, text.Span{Start: at, End: s.Start})
			at = max(at, s.End)
		}
	}
	slices.SortStableFunc(r.Rest, func(a, b Rest) int { return comparePart(a.Part, b.Part) })
}

func (r *Reading) unclaimed(source int, span text.Span) {
	if span.End <= span.Start {
		return
	}
	kind := Layout
	if len(bytes.Trim(r.Sources[source].Data[span.Start:span.End], " \t\r\n,[]{}-*_"+string(text.ByteOrderMark))) > 0 {
		kind = Text
	}
	r.leave(source, span, kind, "", "belongs to no deployment")
}
