package lint

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// When a deployment took long: all must hold.
const (
	usualOf    = 5             // so many of the same service and environment tell what is usual
	timesUsual = 10            // as often as is usual
	longest    = 4 * time.Hour // nobody wonders at less
	tooLong    = 14 * 24 * time.Hour
)

// Durations finds the deployments that took much longer than those of the same service
// in the same environment, or weeks.
func Durations(all []*records.Record) (found []problem.Problem) {
	usual := map[string][]time.Duration{}
	for _, r := range all {
		if took, ok := r.Duration(); ok {
			usual[target(r)] = append(usual[target(r)], took)
		}
	}
	for _, durations := range usual {
		slices.Sort(durations)
	}
	for _, r := range all {
		took, ok := r.Duration()
		if !ok || took < longest || r.Imported() != "" {
			continue
		}
		others := usual[target(r)]
		median := others[len(others)/2]
		switch {
		case len(others) > usualOf && took > timesUsual*median:
			found = append(found, problem.LongDuration.In(r.File,
				fmt.Sprintf("the deployment took %s; %s is usual there", records.DurationText(took), records.DurationText(median)), "correct the end, if somebody wrote it down later"))
		case took > tooLong:
			found = append(found, problem.LongDuration.In(r.File, fmt.Sprintf("the deployment took %s", records.DurationText(took)), "correct the start or the end"))
		}
	}
	return found
}

func target(r *records.Record) string {
	return strings.ToLower(strings.Join(append(records.Values(r.Services), r.Environment.Value), "\x00"))
}

// Limits of what git tells.
const (
	settling = 7 * 24 * time.Hour // how long after its end a record may be worked on
	aYear    = 365.2425 * 24 * float64(time.Hour)
	dayOff   = 3 * 24 * time.Hour // by which a year that is wrong is not just one
	adoption = 3                  // a commit that adds so many records adds old ones
)

// Trail finds what is odd in the commits of a record, the newest first. together is
// how many records were first committed with it.
func Trail(r *records.Record, commits []git.Commit, together int) (found []problem.Problem) {
	commits = slices.DeleteFunc(slices.Clone(commits), func(c git.Commit) bool { return c.Moved })
	if len(commits) == 0 || r.Imported() != "" {
		return nil
	}
	first, last := commits[len(commits)-1], commits[0]
	if !r.Started.IsZero() && together < adoption && isLastYear(r.Started.Time, first.Time) {
		found = append(found, problem.WrongYear.In(r.File, fmt.Sprintf("the record was first committed on %s, just a year after its date, %s",
			first.Time.Format(time.DateOnly), r.Started.Time.Format(time.DateOnly)), "correct the year, if it was a slip"))
	}
	if end := r.Finished; HasEnded(r) && !end.IsZero() && len(commits) > 1 && last.Time.Sub(end.Time) > settling {
		found = append(found, problem.ChangedLater.In(r.File, fmt.Sprintf("%s changed the record on %s, %s after the deployment had ended",
			last.Author, last.Time.Format(time.DateOnly), text.Count(int(last.Time.Sub(end.Time).Hours()/24), "day")), "look at it: git show "+last.Hash[:min(len(last.Hash), 12)]))
	}
	return found
}

// isLastYear tells whether a date is just a year before the day on which it was written.
func isLastYear(date, written time.Time) bool {
	return (written.Sub(date) - time.Duration(aYear)).Abs() <= dayOff
}
