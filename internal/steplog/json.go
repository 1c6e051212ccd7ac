package steplog

import (
	"github.com/deploysite/deploysite/internal/metrics"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// A Row is a line for programs; null is unknown. docs/guide/steps.md describes it.
type Row struct {
	Source     *string        `json:"source"`
	Key        string         `json:"key"`
	Section    string         `json:"section"`
	Label      string         `json:"label"`
	Standing   *string        `json:"standing"`
	Former     []string       `json:"former"`
	N          int            `json:"n"`
	Done       int            `json:"done"`
	Failed     int            `json:"failed"`
	Skipped    int            `json:"skipped"`
	InProgress int            `json:"in_progress"`
	Open       int            `json:"open"`
	Timed      int            `json:"timed"`
	Median     *float64       `json:"median_s"`
	Low        *float64       `json:"low_s"`
	High       *float64       `json:"high_s"`
	People     []string       `json:"people"`
	Unnamed    int            `json:"unnamed"`
	Only       *string        `json:"only"`
	First      *string        `json:"first"`
	Last       *string        `json:"last"`
	Failures   []failureRow   `json:"failures"`
	Suggestion *suggestionRow `json:"suggestion"`
}

type failureRow struct {
	Record string  `json:"record"`
	Fix    *string `json:"fix"`
	Note   *string `json:"note"`
}

type suggestionRow struct {
	Do   string `json:"do"`
	Sign Sign   `json:"sign"`
	K    int    `json:"k"`
	N    int    `json:"n"`
}

// Rows are the lines for programs; source is the name of theirs, "" where there is one only.
func (h *History) Rows(source string) []Row {
	rows := make([]Row, len(h.Lines))
	for i, l := range h.Lines {
		rows[i] = l.row(source)
	}
	return rows
}

func (l *Line) row(source string) Row {
	r := Row{Source: text.OrNull(source), Key: l.Key, Section: l.Section, Label: l.Label, Standing: text.OrNull(string(l.Standing)),
		Former: orNone(l.Former), N: l.N, Done: l.Of(records.Done), Failed: l.Of(records.StepFailed), Skipped: l.Of(records.Skipped),
		InProgress: l.Of(records.StepRunning), Open: l.Of(records.Pending), Timed: len(l.Times), People: orNone(l.People), Unnamed: l.Unnamed,
		First: id(l.First), Last: id(l.Last), Failures: []failureRow{}}
	if only, ok := l.Only(); ok {
		r.Only = &only
	}
	if median, ok := l.Median(); ok {
		r.Median = &median
	}
	if low, high, ok := metrics.MedianInterval(l.Times); ok {
		r.Low, r.High = &low, &high
	}
	for _, f := range l.Failures {
		row := failureRow{f.Record.ID, text.OrNull(f.Fix), nil}
		if f.Note != nil {
			row.Note = &f.Note.ID
		}
		r.Failures = append(r.Failures, row)
	}
	if s, ok := l.Suggestion(); ok {
		r.Suggestion = &suggestionRow{s.Do, s.Sign, s.K, s.N}
	}
	return r
}

// Median is the median time of its runs; ok is false where none is known.
func (l *Line) Median() (seconds float64, ok bool) {
	if len(l.Times) == 0 {
		return 0, false
	}
	return metrics.Median(l.Times), true
}

func orNone(all []string) []string { return append([]string{}, all...) }

func id(r *records.Record) *string {
	if r == nil {
		return nil
	}
	return &r.ID
}
