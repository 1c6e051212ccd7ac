package insights

import (
	"slices"
	"time"

	"github.com/deploysite/deploysite/internal/records"
)

// SectionTime is how long the steps of one section took.
type SectionTime struct {
	Section string // its title, "" for steps before the first heading
	Took    time.Duration
}

// SectionTimes tells where a deployment's time went, as far as its steps' stamps
// tell: what passed before a mark since the mark before it, wherever that
// stands, counts for the section of the later one; the first counts from the
// start. So all sections together take no more than the deployment. Sections
// without a stamp are left out. The order is that of the record.
func SectionTimes(r *records.Record) []SectionTime {
	if r.Started.IsZero() || r.Started.DateOnly {
		return nil
	}
	var stamped []*records.Step
	for i := range r.Steps {
		if !r.Steps[i].At.IsZero() {
			stamped = append(stamped, &r.Steps[i])
		}
	}
	var times []SectionTime
	place := map[string]int{}
	for _, s := range stamped {
		if _, ok := place[s.Section]; !ok {
			place[s.Section] = len(times)
			times = append(times, SectionTime{Section: s.Section})
		}
	}
	slices.SortStableFunc(stamped, func(a, b *records.Step) int { return a.At.Compare(b.At) })
	last := r.Started.Time
	for _, s := range stamped {
		if s.At.After(last) {
			times[place[s.Section]].Took += s.At.Sub(last)
			last = s.At
		}
	}
	return times
}
