package metrics

import (
	"fmt"
	"time"

	"github.com/deploysite/deploysite/internal/insights"
)

// A Kind is a way to cut time into periods.
type Kind int

// The kinds.
const (
	All Kind = iota
	Quarters
	Months
	Weeks
)

// Kinds lists all of them.
var Kinds = []Kind{All, Quarters, Months, Weeks}

// A Period is a span of whole days.
type Period struct {
	Name     string    // "2026-q3", "2026-07", "2026-w31", "all"
	From, To time.Time // the first day, and the first day after
}

// at is the period of a kind that a moment lies in. [All] has no bounds.
func (o Options) at(kind Kind, moment time.Time) Period {
	day := midnight(moment.In(o.Now.Location()))
	switch kind {
	case Quarters:
		year, number, from, to := insights.Quarter(day)
		return Period{fmt.Sprintf("%04d-q%d", year, number), from, to}
	case Months:
		from := day.AddDate(0, 0, 1-day.Day())
		return Period{day.Format("2006-01"), from, from.AddDate(0, 1, 0)}
	case Weeks:
		return o.week(day)
	}
	return Period{Name: "all"}
}

// week is a week as ISO 8601 numbers it: it is of the year that has its fourth day.
func (o Options) week(day time.Time) Period {
	from := day.AddDate(0, 0, -(int(day.Weekday()-o.Week)+7)%7)
	fourth := from.AddDate(0, 0, 3)
	return Period{fmt.Sprintf("%04d-w%02d", fourth.Year(), (fourth.YearDay()-1)/7+1), from, from.AddDate(0, 0, 7)}
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// days counts the days from one to another; where clocks change, a day has 23 or 25 hours.
func days(from, to time.Time) int {
	noon := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.UTC) }
	return max(0, int(noon(to).Sub(noon(from))/(secondsPerDay*time.Second)))
}

// within reports whether a deployment that began at a moment is summed up.
func (o Options) within(moment time.Time) bool {
	return (o.Since.IsZero() || !moment.Before(o.Since)) && (o.Until.IsZero() || moment.Before(o.Until))
}

// daysOf counts the days of a period that have come and are asked for.
func (o Options) daysOf(p Period, first time.Time) int {
	from, to := p.From, midnight(o.Now).AddDate(0, 0, 1)
	if from.IsZero() {
		from = midnight(first.In(o.Now.Location()))
	}
	if !p.To.IsZero() && p.To.Before(to) {
		to = p.To
	}
	if !o.Since.IsZero() && o.Since.After(from) {
		from = o.Since
	}
	if !o.Until.IsZero() && o.Until.Before(to) {
		to = o.Until
	}
	return days(from, to)
}
