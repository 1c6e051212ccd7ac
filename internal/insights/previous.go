package insights

import (
	"time"

	"github.com/deploysite/deploysite/internal/records"
)

// Previous is what a deployment is compared with: the newest of the records before
// it, newest first, that went to the same target and succeeded; nil where there is
// none. A target is a service in an environment. What failed does not run there, and
// a release candidate on staging says nothing of production.
func Previous(before []*records.Record, same func(*records.Record) bool) *records.Record {
	for _, r := range before {
		if same(r) && succeeded(r) {
			return r
		}
	}
	return nil
}

// Targets are those of a record: each of its services in each of its environments. A
// record that names none has the zero value of it.
func Targets[N, T any](services, environments []N, target func(service, environment N) T) (all []T) {
	if len(services) == 0 {
		services = make([]N, 1)
	}
	if len(environments) == 0 {
		environments = make([]N, 1)
	}
	for _, environment := range environments {
		for _, service := range services {
			all = append(all, target(service, environment))
		}
	}
	return all
}

// OrderKnown reports whether somebody wrote which of two records began first. Nobody did of
// two of one day where one has no hour, nor where one has no day.
func OrderKnown(a, b *records.Record) bool {
	if a.Started.IsZero() || b.Started.IsZero() {
		return false
	}
	return !a.Started.DateOnly && !b.Started.DateOnly || LatestStart(a).Before(b.Started.Time) || LatestStart(b).Before(a.Started.Time)
}

// LatestStart is the last moment at which a record can have begun: of one without an hour
// that of its day, or its end.
func LatestStart(r *records.Record) time.Time {
	if !r.Started.DateOnly {
		return r.Started.Time
	}
	last := r.Started.Time.AddDate(0, 0, 1).Add(-1)
	if end := r.Finished; !end.IsZero() && !end.DateOnly && end.Time.Before(last) {
		return end.Time
	}
	return last
}

func succeeded(r *records.Record) bool { return r.Status == records.Succeeded }

// Neighbours are what stands before and after a record in the history of its target.
type Neighbours struct {
	Previous *records.Record // as [Previous] has it; where none succeeded, the one before, however it ended
	Next     *records.Record // however it ended
}

// AllNeighbours finds the neighbours of each record of a history, newest first. A
// record may have several targets; its neighbours are those of the first.
func AllNeighbours[T comparable](history []*records.Record, targets func(*records.Record) []T) map[*records.Record]Neighbours {
	found := make(map[*records.Record]Neighbours, len(history))
	newer := map[T]*records.Record{}
	for _, r := range history {
		all := targets(r)
		found[r] = Neighbours{Next: newer[all[0]]}
		for _, t := range all {
			newer[t] = r
		}
	}
	older := map[T]*records.Record{}
	for i := len(history) - 1; i >= 0; i-- {
		r := history[i]
		all := targets(r)
		found[r] = Neighbours{older[all[0]], found[r].Next}
		for _, t := range all {
			if last := older[t]; last == nil || succeeded(r) || !succeeded(last) {
				older[t] = r
			}
		}
	}
	return found
}
