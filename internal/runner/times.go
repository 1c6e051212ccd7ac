package runner

import (
	"time"

	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/records"
)

// elapsed is how long a deployment has taken, as far as its record tells. A
// section's time is that of its steps, see [insights.StepTimes].
//
// The time since the last mark belongs to the section with a step in progress, if
// there is one such section and the deployment is not over.
type elapsed struct {
	total    time.Duration
	known    bool // whether there is a total
	sections []time.Duration
}

// elapsedAt is how long the deployment has taken at a moment.
func elapsedAt(r *records.Record, sections []section, now time.Time) elapsed {
	e := elapsed{sections: make([]time.Duration, len(sections))}
	times := insights.StepTimes(r)
	if times == nil {
		return e
	}
	e.total, e.known = r.Duration()
	running := r.Status == records.InProgress && r.Finished.IsZero() && !now.Before(r.Started.Time)
	if running {
		e.total, e.known = now.Sub(r.Started.Time), true
	}
	last := r.Started.Time
	for i, s := range sections {
		for _, step := range s.steps {
			e.sections[i] += times[step]
			last = last.Add(times[step])
		}
	}
	if busy, ok := busySection(r, sections); ok && running && now.After(last) {
		e.sections[busy] += now.Sub(last)
	}
	return e
}

// busySection is the one section with steps in progress.
func busySection(r *records.Record, sections []section) (busy int, ok bool) {
	for i, s := range sections {
		if s.count(r, records.StepRunning) == 0 {
			continue
		}
		if ok {
			return 0, false
		}
		busy, ok = i, true
	}
	return busy, ok
}

// clock is the time of day of a moment; on another day than the start also that.
func clock(r *records.Record, t time.Time) string {
	start := r.Started.Time
	if start.IsZero() {
		return t.Format("2 Jan 15:04")
	}
	t = t.In(start.Location())
	if t.Format(time.DateOnly) == start.Format(time.DateOnly) {
		return t.Format("15:04")
	}
	return t.Format("2 Jan 15:04")
}
