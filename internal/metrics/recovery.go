package metrics

import (
	"sort"
	"time"

	"github.com/deploysite/deploysite/internal/records"
)

// recover finds for each failure in a line when it was over.
func (c *counter) recover(l *Line) {
	if l.Total {
		return
	}
	var successes []*Counted // in the order of their starts
	for _, one := range l.Counted {
		if succeeded(one.Deployment) && one.Outcome == Known && !one.Started.IsZero() {
			successes = append(successes, one)
		}
	}
	for _, one := range l.Counted {
		if one.Failed {
			c.recoverOne(one, successes)
		}
	}
}

// recoverOne takes the end of the deployment itself, if it was rolled back in it; else
// that of a success that names it; else that of the next success that began later.
func (c *counter) recoverOne(one *Counted, successes []*Counted) {
	failed := one.FailedAt
	if one.AtMost = failed.IsZero(); one.AtMost {
		failed = one.Started.Time
		if one.Started.DateOnly || one.Started.IsZero() {
			one.Lost = NoHour
			return
		}
	}
	by := c.recoveredBy(one, failed, successes)
	if by == nil {
		one.Lost = NotRecovered
		return
	}
	one.By = by
	end, why := ended(by)
	switch {
	case why != Known:
		one.Lost = why
	case end.Before(failed):
		one.Lost = Negative
	default:
		one.Recovery = end.Sub(failed)
	}
}

func (c *counter) recoveredBy(one *Counted, failed time.Time, successes []*Counted) *Deployment {
	if one.Status == records.RolledBack && !one.Finished.IsZero() {
		return one.Deployment
	}
	for _, d := range c.namedBy[one.Deployment] {
		if succeeded(d) {
			return d
		}
	}
	next := sort.Search(len(successes), func(i int) bool { return successes[i].Started.Time.After(failed) })
	for _, s := range successes[next:] {
		if s.Deployment != one.Deployment {
			return s.Deployment
		}
	}
	return nil
}

// recoverTotals lets a failure of several services be over when it is over for each.
func (c *counter) recoverTotals() {
	type place struct {
		environment string
		*Deployment
	}
	parts := map[place][]*Counted{}
	for _, l := range c.lines {
		for _, one := range l.Counted {
			if !l.Total && one.Failed {
				at := place{l.Environment, one.Deployment}
				parts[at] = append(parts[at], one)
			}
		}
	}
	for _, l := range c.lines {
		for _, one := range l.Counted {
			if !l.Total || !one.Failed {
				continue
			}
			for _, part := range parts[place{l.Environment, one.Deployment}] {
				one.AtMost = part.AtMost
				if one.By == nil || part.Recovery > one.Recovery {
					one.By = part.By
				}
				one.Recovery = max(one.Recovery, part.Recovery)
				if part.Lost != Known {
					one.Lost = part.Lost
				}
			}
		}
	}
}

// IsOverAfter reports whether a failure was over later than it was elsewhere, or never.
func (one *Counted) IsOverAfter(o *Counted) bool {
	return o.Lost == Known && (one.Lost != Known || one.Recovery > o.Recovery)
}
