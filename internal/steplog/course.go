package steplog

import (
	"math"
	"time"
	"unique"

	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/records"
)

// A Course is what the stamps of a record tell of its steps. A long history keeps it,
// and lets the steps themselves go.
type Course struct {
	runs   []run // beside the steps; nil where none is stamped
	spread spread
}

// A run is what the stamp of one step tells.
type run struct {
	by   unique.Handle[string] // as written
	took int32                 // seconds, unknownTime where nobody can say
}

const unknownTime = -1

// A spread is how far the marks of a record lie apart.
type spread uint8

const (
	unknownSpread spread = iota // not all are stamped, or there are few
	apart
	atOnce // all within a minute
)

var nobody = unique.Make("")

// CourseOf reads the stamps of a record's steps. How long a step took is known where
// its mark is stamped and that of the marked step above it too: else the time since the
// mark before has several steps in it.
func CourseOf(r *records.Record) (c Course) {
	times, known := insights.StepTimes(r), true
	var first, last time.Time
	marks, stamps := 0, 0
	for i := range r.Steps {
		s := &r.Steps[i]
		if !s.At.IsZero() || s.By != "" {
			c.stamp(i, len(r.Steps), s.By)
		}
		if s.State == records.Pending || s.State == records.StepRunning {
			continue
		}
		marks++
		if s.At.IsZero() {
			known = false
			continue
		}
		if stamps++; first.IsZero() || s.At.Before(first) {
			first = s.At
		}
		if s.At.After(last) {
			last = s.At
		}
		if known && times != nil && !s.At.Before(r.Started.Time) {
			c.runs[i].took = int32(min(times[i].Seconds(), math.MaxInt32))
		}
		known = true
	}
	switch {
	case stamps < marks || marks < Few:
	case last.Sub(first) <= time.Minute:
		c.spread = atOnce
	default:
		c.spread = apart
	}
	return c
}

func (c *Course) stamp(i, of int, by string) {
	if c.runs == nil {
		c.runs = make([]run, of)
		for at := range c.runs {
			c.runs[at] = run{nobody, unknownTime}
		}
	}
	c.runs[i].by = unique.Make(by)
}

// run is what is known of a step.
func (c *Course) run(i int) run {
	if c.runs == nil {
		return run{nobody, unknownTime}
	}
	return c.runs[i]
}
