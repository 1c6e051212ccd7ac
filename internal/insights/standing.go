package insights

import (
	"cmp"
	"slices"
	"sort"
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

// A Course is how a target stood from moment to moment.
//
// What runs is the last deployment that succeeded, by the time of its end. One that
// failed, was cancelled, or was rolled back within its own record leaves what ran
// before. A later record that undoes an earlier one goes back to the version that it
// names, or else to what ran before the earlier one. After a record whose outcome
// nobody wrote down, and after a rollback that failed, nobody can tell what runs until
// the next deployment succeeds.
type Course struct {
	changes []change // oldest first
}

// A change is what a target is like from a moment on.
type change struct {
	at       time.Time
	standing Standing          // but for what is under way
	open     []*records.Record // that have begun and not ended, oldest first
	begun    time.Time         // when the newest that has ended began
}

// CourseOf follows a target through all of its records. undoes tells which record one
// with a rollback_of undoes, or nil.
func CourseOf(target []*records.Record, undoes func(*records.Record) *records.Record) Course {
	type event struct {
		at     time.Time
		record *records.Record
		ends   bool
	}
	var events []event
	for _, r := range target {
		if r.Started.IsZero() {
			continue
		}
		end, ok := ended(r)
		if !ok || end.After(r.Started.Time) {
			events = append(events, event{r.Started.Time, r, false})
		}
		if ok {
			events = append(events, event{end, r, true})
		}
	}
	slices.SortStableFunc(events, func(a, b event) int {
		return cmp.Or(a.at.Compare(b.at), -records.NewestFirst(a.record, b.record))
	})
	var c Course
	var ran stack
	now := change{}
	for _, e := range events {
		now.at = e.at
		if e.ends {
			now.open = slices.DeleteFunc(slices.Clone(now.open), func(r *records.Record) bool { return r == e.record || now.forgot(r, e.at) })
			ran.end(e.record, undoes)
			now.standing = ran.standing(e.record)
			if e.record.Started.Time.After(now.begun) {
				now.begun = e.record.Started.Time
			}
		} else {
			now.open = append(slices.Clip(now.open), e.record)
		}
		c.changes = append(c.changes, now)
	}
	return c
}

// At is how the target stood at a moment.
func (c Course) At(at time.Time) Standing {
	i := sort.Search(len(c.changes), func(i int) bool { return c.changes[i].at.After(at) })
	if i == 0 {
		return Standing{}
	}
	now := c.changes[i-1].standing
	if open := c.UnderWay(at); len(open) > 0 {
		now.UnderWay = open[0]
	}
	return now
}

// UnderWay are all that had begun and not ended at a moment, the newest first.
func (c Course) UnderWay(at time.Time) (open []*records.Record) {
	i := sort.Search(len(c.changes), func(i int) bool { return c.changes[i].at.After(at) })
	if i == 0 {
		return nil
	}
	now := c.changes[i-1]
	for _, r := range slices.Backward(now.open) {
		if !now.forgot(r, at) {
			open = append(open, r)
		}
	}
	return open
}

// Changes are the moments at which something began or ended, oldest first.
func (c Course) Changes() []time.Time {
	all := make([]time.Time, len(c.changes))
	for i, change := range c.changes {
		all[i] = change.at
	}
	return all
}

// forgot reports whether a record was left open by somebody who went on.
func (c change) forgot(r *records.Record, at time.Time) bool {
	return r.IsOld(at) && c.begun.After(r.Started.Time)
}

// Courses are the courses of all targets of a history. A record may have several
// targets.
func Courses[T comparable](history []*records.Record, targets func(*records.Record) []T, undoes func(*records.Record) *records.Record) map[T]Course {
	by := map[T][]*records.Record{}
	for _, r := range history {
		for _, t := range targets(r) {
			by[t] = append(by[t], r)
		}
	}
	all := make(map[T]Course, len(by))
	for t, target := range by {
		all[t] = CourseOf(target, undoes)
	}
	return all
}

// ended is when a record ended, with an unknown outcome where nobody closed it. One that
// says itself that it is in progress has not.
func ended(r *records.Record) (at time.Time, ok bool) {
	return Effect(r).Time, r.Status != records.InProgress || r.StatusFrom == records.FromSteps || unclear(r)
}

// OutcomeUnknown reports whether a record has ended and nobody can tell how.
func OutcomeUnknown(r *records.Record, at time.Time) bool { return r.IsPast(at) || unclear(r) }

// unclear reports whether a record says how it ended, in words that nobody knows.
func unclear(r *records.Record) bool {
	return r.Status == records.InProgress && r.StatusReason.Kind == records.StatusUnknown
}

// Effect is when a deployment took effect: its end, or else its start. What nobody closed
// has ended a day after its start: until then it was under way, as all pages say.
func Effect(r *records.Record) records.Moment {
	switch {
	case r.Status == records.InProgress && r.StatusFrom == records.FromSteps && !OutcomeUnknown(r, time.Time{}):
		return records.Moment{Time: r.OldAfter(), DateOnly: r.Started.DateOnly}
	case r.Finished.Time.After(r.Started.Time):
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
		if !s.wentOn(r) {
			s.lose(r)
		}
	case !r.RollbackOf.IsZero() && r.Status != records.Cancelled:
		s.rollBack(r, undoes)
	case r.Status == records.Succeeded:
		s.ran, s.back, s.lost = append(s.ran, r), nil, nil
	}
}

// lose keeps the first record after which nobody can tell what runs: those that follow
// change nothing of it.
func (s *stack) lose(r *records.Record) { s.lost = cmp.Or(s.lost, r) }

// wentOn reports whether something that began after a record succeeded before the record was
// given up for lost: however it ended, that runs.
func (s *stack) wentOn(r *records.Record) bool {
	now := s.back
	if n := len(s.ran); now == nil && n > 0 {
		now = s.ran[n-1]
	}
	return now != nil && now.Started.Time.After(r.Started.Time) && OrderKnown(now, r)
}

// rollBack takes off what was undone, and all that ran after it.
func (s *stack) rollBack(r *records.Record, undoes func(*records.Record) *records.Record) {
	undone := undoes(r)
	if r.Status != records.Succeeded {
		s.lose(r)
		return
	}
	if i := slices.Index(s.ran, undone); i >= 0 {
		s.ran = s.ran[:i]
	}
	s.back, s.lost = r, nil
	switch {
	case !r.Version.IsZero() && (undone == nil || !sameVersion(r, undone)): // it says what it went back to
		i := s.lastOf(r)
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

// lastOf is the place of the last that had a record's version, or -1.
func (s *stack) lastOf(r *records.Record) int {
	for i, earlier := range slices.Backward(s.ran) {
		if sameVersion(r, earlier) {
			return i
		}
	}
	return -1
}

func sameVersion(a, b *records.Record) bool {
	bare := func(r *records.Record) string { return strings.TrimPrefix(text.Key(r.Version.Value), "v") }
	return bare(a) != "" && bare(a) == bare(b)
}

func (s *stack) standing(latest *records.Record) Standing {
	now, n := Standing{Latest: latest}, len(s.ran)
	switch {
	case s.lost != nil:
		now.By = s.lost
		if n > 0 && s.lost.RollbackOf.IsZero() {
			now.GoBackTo = s.ran[n-1] // the last of which it is known that it ran
		}
	case n > 0:
		now.Running, now.By = s.ran[n-1], cmp.Or(s.back, s.ran[n-1])
		if n > 1 {
			now.GoBackTo = s.ran[n-2]
		}
	}
	return now
}
