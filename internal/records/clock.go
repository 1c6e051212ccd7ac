package records

import (
	"strings"
	"time"

	"golang.org/x/text/width"

	"github.com/deploysite/deploysite/internal/problem"
)

// settleClock warns of a clock time that never was in its zone, or was twice, since
// the clocks changed. Of two it takes the first that is not before a time.
func (p *parse) settleClock(m *Moment, notBefore time.Time) {
	zone := m.Time.Location()
	if m.IsZero() || m.DateOnly || m.Span.IsZero() || !m.Local && !strings.Contains(zone.String(), "/") {
		return
	}
	written := strings.Trim(plainLine(string(p.text[m.Span.Start:m.Span.End])), `"' `)
	if at := strings.LastIndexByte(written, ' '); at > 0 && strings.Contains(written[at:], "/") { // the zone, by its name
		written = written[:at]
	}
	if r, ok := parseRange(written); ok {
		if written = r.start; !notBefore.IsZero() {
			written = r.end
		}
	}
	_, isDuration := ParseDuration(width.Fold.String(trimMarks(written))) // which made the end
	written = plainClock(trimMarks(written))
	clock, err := anyTime(written, time.UTC)
	if alone, ok := parseClock(written, onClock(m.Time, time.UTC)); ok {
		clock, err = alone, nil
	}
	if err == nil && !isDuration && !clock.DateOnly && !onClock(m.Time, time.UTC).Equal(onClock(clock.Time, time.UTC)) {
		p.r.report(m.Span.Start, problem.AmbiguousTime, "write the offset, as in "+m.Time.Format(time.RFC3339),
			"%s never was in %s, where the clocks went forward; it is taken for %s", clock.Words(), zone, m.Time.Format("15:04"))
		return
	}
	first, second, twice := bothTimes(m.Time)
	if !twice {
		return
	}
	m.Time = first
	if first.Before(notBefore) {
		m.Time = second
	}
	p.r.report(m.Span.Start, problem.AmbiguousTime, "write the offset, as in "+first.Format(time.RFC3339)+" or "+second.Format(time.RFC3339),
		"%s was twice in %s, where the clocks went back; it is taken for the one at %s", m.Words(), zone, m.Time.Format("-07:00"))
}

// bothTimes are the two moments at which a clock showed the same, where it did.
func bothTimes(t time.Time) (first, second time.Time, twice bool) {
	for _, gap := range []time.Duration{time.Hour, 30 * time.Minute} { // by which clocks are changed
		switch {
		case onClock(t.Add(-gap), time.UTC).Equal(onClock(t, time.UTC)):
			return t.Add(-gap), t, true
		case onClock(t.Add(gap), time.UTC).Equal(onClock(t, time.UTC)):
			return t, t.Add(gap), true
		}
	}
	return t, t, false
}
