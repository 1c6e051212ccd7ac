package insights

import (
	"slices"
	"time"

	"github.com/deploysite/deploysite/internal/records"
)

// StepTimes tells where a deployment's time went, as far as its steps' stamps
// tell: for each step, what passed before its mark since the mark before that
// one, wherever it stands; the first counts from the start. So all together is
// never more than the time from the start to the last mark, and what nobody
// stamped counts nowhere. It is nil where the start is unknown.
func StepTimes(r *records.Record) []time.Duration {
	if r.Started.IsZero() || r.Started.DateOnly {
		return nil
	}
	var stamped []int
	for i := range r.Steps {
		if !r.Steps[i].At.IsZero() {
			stamped = append(stamped, i)
		}
	}
	slices.SortStableFunc(stamped, func(a, b int) int { return r.Steps[a].At.Compare(r.Steps[b].At) })
	times := make([]time.Duration, len(r.Steps))
	last := r.Started.Time
	for _, i := range stamped {
		if at := r.Steps[i].At; at.After(last) {
			times[i] = at.Sub(last)
			last = at
		}
	}
	return times
}

// SectionTime is how long the steps of one section took.
type SectionTime struct {
	Section string // its title, "" for steps before the first heading
	Took    time.Duration
}

// SectionTimes sums [StepTimes] up by section, in the order of the record.
// Sections without a stamp are left out.
func SectionTimes(r *records.Record) []SectionTime {
	var sums []SectionTime
	place := map[string]int{}
	for i, took := range StepTimes(r) {
		s := &r.Steps[i]
		if s.At.IsZero() {
			continue
		}
		if _, ok := place[s.Section]; !ok {
			place[s.Section] = len(sums)
			sums = append(sums, SectionTime{Section: s.Section})
		}
		sums[place[s.Section]].Took += took
	}
	return sums
}
