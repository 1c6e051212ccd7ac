package insights

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// A Standing is how a target, a service in an environment, stands at a moment.
type Standing struct {
	Running  *records.Record // whose version runs; nil if nothing succeeded yet, or if nobody can tell
	By       *records.Record // what brought that about: Running itself, the rollback to it, or why nobody can tell; see [Effect] for since when
	GoBackTo *records.Record // the last that succeeded before Running and was not undone
	Latest   *records.Record // the newest that has ended, however it did
	UnderWay *records.Record // the newest that has begun and not ended
}

// Stand tells how a target stood at a moment, from all records of this target.
//
// What runs is the last deployment that succeeded, by the time of its end. One that
// failed, was cancelled, or was rolled back within its own record leaves what ran
// before. A later record that undoes an earlier one, as undoes tells, goes back to the
// version that it names, or else to what ran before the earlier one. After a record
// whose outcome nobody wrote down, and after a rollback that failed, nobody can tell
// what runs until the next deployment succeeds.
func Stand(target []*records.Record, undoes func(*records.Record) *records.Record, at time.Time) Standing {
	var s Standing
	var ended []*records.Record
	for _, r := range target {
		if r.Started.IsZero() || r.Started.Time.After(at) {
			continue
		}
		if !Ended(r, at) {
			if s.UnderWay == nil || records.NewestFirst(r, s.UnderWay) < 0 {
				s.UnderWay = r
			}
			continue
		}
		ended = append(ended, r)
	}
	slices.SortStableFunc(ended, func(a, b *records.Record) int {
		return cmp.Or(Effect(a).Time.Compare(Effect(b).Time), -records.NewestFirst(a, b))
	})
	var ran stack
	for _, r := range ended {
		s.Latest = r
		ran.end(r, undoes)
	}
	ran.tell(&s)
	if s.UnderWay != nil && s.Latest != nil && s.UnderWay.IsOld(at) && s.Latest.Started.Time.After(s.UnderWay.Started.Time) {
		s.UnderWay = nil // somebody forgot it, and went on
	}
	return s
}

// Ended reports whether a record had ended at a moment, as far as it was written down.
// What nobody closed has ended a day after its start, with an unknown outcome, unless
// it says itself that it is in progress.
func Ended(r *records.Record, at time.Time) bool {
	if OutcomeUnknown(r, at) {
		return true
	}
	return r.Status != records.InProgress && !Effect(r).Time.After(at)
}

// OutcomeUnknown reports whether a record has ended and nobody can tell how.
func OutcomeUnknown(r *records.Record, at time.Time) bool {
	return r.IsPast(at) || r.Status == records.InProgress && r.StatusReason.Kind == records.StatusUnknown
}

// Effect is when a deployment took effect: its end, or else its start.
func Effect(r *records.Record) records.Moment {
	if r.Finished.Time.After(r.Started.Time) {
		return r.Finished
	}
	return r.Started
}

// AtStep is the step that a record is at: the one in progress, or else the first open
// one behind all that are settled; -1 where there is none.
func AtStep(r *records.Record) int {
	at := -1
	for i, s := range r.Steps {
		switch s.State {
		case records.StepRunning:
			return i
		case records.Pending:
			if at < 0 {
				at = i
			}
		default:
			at = -1
		}
	}
	return at
}

// A stack has what ran, what runs now on top.
type stack struct {
	ran  []*records.Record
	back *records.Record // the rollback that brought the topmost back, nil where it came by itself
	lost *records.Record // after which nobody can tell what runs
}

func (s *stack) end(r *records.Record, undoes func(*records.Record) *records.Record) {
	switch {
	case r.Status == records.InProgress: // and yet it has ended
		s.lost = r
	case !r.RollbackOf.IsZero() && r.Status != records.Cancelled:
		s.rollBack(r, undoes)
	case r.Status == records.Succeeded:
		s.ran, s.back, s.lost = append(s.ran, r), nil, nil
	}
}

// rollBack takes off what was undone, and all that ran after it.
func (s *stack) rollBack(r *records.Record, undoes func(*records.Record) *records.Record) {
	undone := undoes(r)
	if r.Status != records.Succeeded {
		s.lost = r
		return
	}
	if i := slices.Index(s.ran, undone); i >= 0 {
		s.ran = s.ran[:i]
	}
	s.back, s.lost = r, nil
	switch {
	case !r.Version.IsZero() && (undone == nil || !sameVersion(r, undone)): // it says what it went back to
		i := lastIndex(s.ran, func(earlier *records.Record) bool { return sameVersion(r, earlier) })
		if i < 0 {
			s.ran, s.back = append(s.ran, r), nil
			return
		}
		s.ran = s.ran[:i+1]
	case undone != nil && !undone.RollbackOf.IsZero() && undoes(undone) != nil: // a rollback was undone: forward again
		s.ran = append(s.ran, undoes(undone))
	case undone == nil || len(s.ran) == 0:
		s.lost = r
	}
}

func sameVersion(a, b *records.Record) bool {
	bare := func(r *records.Record) string { return strings.TrimPrefix(text.Key(r.Version.Value), "v") }
	return bare(a) != "" && bare(a) == bare(b)
}

func (s *stack) tell(to *Standing) {
	switch n := len(s.ran); {
	case s.lost != nil:
		to.By = s.lost
		if n > 0 && s.lost.RollbackOf.IsZero() {
			to.GoBackTo = s.ran[n-1] // the last of which it is known that it ran
		}
	case n > 0:
		to.Running, to.By = s.ran[n-1], cmp.Or(s.back, s.ran[n-1])
		if n > 1 {
			to.GoBackTo = s.ran[n-2]
		}
	}
}

// StandAll is [Stand] for each target of a history, newest first. A record may have
// several targets.
func StandAll[T comparable](history []*records.Record, targets func(*records.Record) []T, undoes func(*records.Record) *records.Record, at time.Time) map[T]Standing {
	by := map[T][]*records.Record{}
	for _, r := range history {
		for _, t := range targets(r) {
			by[t] = append(by[t], r)
		}
	}
	all := make(map[T]Standing, len(by))
	for t, target := range by {
		all[t] = Stand(target, undoes, at)
	}
	return all
}

func lastIndex(all []*records.Record, is func(*records.Record) bool) int {
	for i, r := range slices.Backward(all) {
		if is(r) {
			return i
		}
	}
	return -1
}
