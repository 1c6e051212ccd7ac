// Package insights computes facts about records: outcomes and durations, what runs where,
// which deployment came before another, where its time went, and which comments and
// briefing a record holds. Its functions are pure: they touch neither disk nor clock.
//
//	n := insights.Count(history)
//	fmt.Println(n.Deployments, n.Outcomes[records.Failed])
package insights

import (
	"slices"
	"time"

	"github.com/deploysite/deploysite/internal/records"
)

// Numbers sums up a set of records.
type Numbers struct {
	Deployments int
	Outcomes    map[records.Status]int
	Durations   []time.Duration // of those with a start and an end, in order
}

// Count sums up records.
func Count(rs []*records.Record) Numbers {
	n := Numbers{Deployments: len(rs), Outcomes: map[records.Status]int{}}
	for _, r := range rs {
		n.Outcomes[r.Status]++
		if d, ok := r.Duration(); ok {
			n.Durations = append(n.Durations, d)
		}
	}
	slices.Sort(n.Durations)
	return n
}

// Few is how many deployments are too few for a rate, a median or an interval.
const Few = 6

// HasMedian reports whether there are enough durations to say what is usual.
func (n Numbers) HasMedian() bool { return len(n.Durations) >= Few }

// Median is the median of the durations, of which there is at least one.
func (n Numbers) Median() time.Duration {
	return (n.Durations[(len(n.Durations)-1)/2] + n.Durations[len(n.Durations)/2]) / 2
}

// Outcome is how many ended in one way.
func (n Numbers) Outcome(s records.Status) int { return n.Outcomes[s] }

// Ended is how many deployments have an outcome.
func (n Numbers) Ended() int { return n.Deployments - n.Outcomes[records.InProgress] }

// Quarter is the quarter that a day lies in: its year, its number from 1 to 4,
// its first day and the first day after it.
func Quarter(day time.Time) (year, number int, from, to time.Time) {
	year = day.Year()
	number = (int(day.Month())-1)/3 + 1
	from = time.Date(year, time.Month(number*3-2), 1, 0, 0, 0, 0, day.Location())
	return year, number, from, from.AddDate(0, 3, 0)
}

// Unfinished tells whether a record says "in progress" although it began more
// than a day before now: somebody forgot it.
func Unfinished(r *records.Record, now time.Time) bool {
	return r.Status == records.InProgress && r.IsOld(now)
}

// IsOverSomehow reports whether a record says when a deployment ended, and nothing says how: it
// is counted among those in progress or left unfinished, and is not called so.
func IsOverSomehow(r *records.Record, now time.Time) bool {
	return r.Status == records.InProgress && !r.Finished.IsZero() && !r.Finished.Time.After(now) && OutcomeUnknown(r, now)
}

// StateWords are how a deployment ended or how far it is, in the words of all pages.
func StateWords(r *records.Record, now time.Time) string {
	switch {
	case r.IsPlanned(now):
		return "planned"
	case IsOverSomehow(r, now):
		return "outcome unknown"
	case Unfinished(r, now):
		return "unfinished"
	}
	return r.Status.Words()
}
