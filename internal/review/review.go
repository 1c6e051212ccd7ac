// Package review drafts what a team looks at once a quarter: what the records leave
// open, what failed and what nearly did, what came again, what became of the lessons,
// and the decisions of the last time.
//
//	draft := review.Of(review.Input{Quarter: q, Now: now, …})
//	fmt.Print(draft.Markdown())
//
// A draft says nothing that no record says, and each statement links to its records.
// People edit it; what they decided is read back by [DecisionsIn].
package review

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/ledger"
	"github.com/deploysite/deploysite/internal/metrics"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/steplog"
	"github.com/deploysite/deploysite/internal/text"
)

// A Deployment is a record as a review looks at it.
type Deployment struct {
	*records.Record
	Folder   string            // of its file, as seen from the project
	Services []string          // each in one spelling
	Counted  *metrics.Counted  // in a total of production, nil where it does not count
	MendedBy []*records.Record // later ones that undo or repair it, oldest first
	Failed   []Step            // that failed
}

// A Step is one of a record.
type Step struct{ Label, ID string }

// A Tag is one of git that names a version.
type Tag struct {
	Name    string
	Service string // "" where it names none
	Version string
	At      time.Time
}

// An Input is what a draft is made of: the whole history, newest first, and what is
// known of it.
type Input struct {
	Quarter
	Now         time.Time
	Deployments []*Deployment
	Lines       []*metrics.Line
	Ledger      []*ledger.Entry
	Steps       []*steplog.History // of all records up to the end of the quarter
	InQuarter   []*steplog.History // of those of the quarter
	Tags        []Tag
	NoTags      string     // why git was not asked, "" where it was
	Earlier     []Decision // of the reviews before this one
	Reviewed    bool       // the quarter before has a review
}

// Facts are what the records of one quarter say.
type Facts struct {
	Deployments []*Deployment // newest first; cancelled and planned ones are none

	UnderWay      []*Deployment
	NoOutcome     []*Deployment
	NoEnd         []*Deployment
	NoEnvironment []*Deployment

	Failures   []*Deployment
	NearMisses []*Deployment // succeeded, and a step failed
}

// Ended is how many deployments have an outcome.
func (f Facts) Ended() int { return len(f.Deployments) - len(f.NoOutcome) - len(f.UnderWay) }

// FactsOf looks at those deployments that began in a quarter.
func FactsOf(q Quarter, all []*Deployment, now time.Time) (f Facts) {
	for _, d := range all {
		if d.Started.IsZero() || !q.Has(d.Started.Time) || d.Status == records.Cancelled || d.IsPlanned(now) {
			continue
		}
		f.Deployments = append(f.Deployments, d)
		switch running := d.Status == records.InProgress; {
		case running && !insights.OutcomeUnknown(d.Record, now) && !d.IsOld(now):
			f.UnderWay = append(f.UnderWay, d)
		case running && !d.isFailure():
			f.NoOutcome = append(f.NoOutcome, d)
		case d.Finished.IsZero():
			f.NoEnd = append(f.NoEnd, d)
		}
		if len(d.Environments) == 0 {
			f.NoEnvironment = append(f.NoEnvironment, d)
		}
		switch {
		case d.isFailure():
			f.Failures = append(f.Failures, d)
		case d.Status == records.Succeeded && len(d.Failed) > 0:
			f.NearMisses = append(f.NearMisses, d)
		}
	}
	return f
}

// isFailure reports whether somebody wrote that it failed: it itself, or a later record.
func (d *Deployment) isFailure() bool { return d.saysItFailed() || len(d.MendedBy) > 0 }

func (d *Deployment) saysItFailed() bool {
	return d.Status == records.Failed || d.Status == records.RolledBack
}

// A Draft is a review before people have edited it.
type Draft struct {
	Input
	Facts
	Rows      []metrics.Row // over all services, by environment
	Untold    []Tag         // of versions that no record tells of
	NoVersion bool          // no record names a version, so tags tell nothing

	Again    []*ledger.Entry // said in the quarter, and in several records
	Stumbled []*steplog.Line // failed in the quarter, and more than once up to its end
	Fates    map[ledger.State][]*ledger.Entry
	Learned  []*ledger.Entry
	Advice   []*steplog.Line // steps that may be a ritual
	Well     []ledger.Mention

	byRecord map[*records.Record]*Deployment
	fixes    map[string]steplog.Failure // by record and step: what the record says of it
}

// Of drafts the review of a quarter.
func Of(in Input) *Draft {
	d := &Draft{Input: in, Facts: FactsOf(in.Quarter, in.Deployments, in.Now), Rows: rowsOf(in.Quarter, in.Lines),
		Fates: map[ledger.State][]*ledger.Entry{}, byRecord: map[*records.Record]*Deployment{}, fixes: map[string]steplog.Failure{}}
	for _, one := range in.Deployments {
		d.byRecord[one.Record] = one
	}
	d.lookAtTags()
	d.lookAtLedger()
	d.lookAtSteps()
	return d
}

// lookAtTags finds the versions of the quarter that no record tells of. What comes
// before a release need never be deployed, and is not asked for.
func (d *Draft) lookAtTags() {
	known := map[string]bool{}
	for _, one := range d.Input.Deployments {
		if version := plainVersion(one.Version.Value); version != "" {
			for _, service := range append(one.Services, "") {
				known[text.Key(service)+"\n"+version] = true
			}
		}
	}
	if d.NoVersion = len(known) == 0; d.NoVersion {
		return
	}
	moves := func(t Tag) bool { // v2 moves on to each v2.1
		return slices.ContainsFunc(d.Tags, func(o Tag) bool { return o.Service == t.Service && strings.HasPrefix(o.Version, t.Version+".") })
	}
	for _, t := range d.Tags {
		if d.Has(t.At) && !moves(t) && !known[text.Key(t.Service)+"\n"+plainVersion(t.Version)] {
			d.Untold = append(d.Untold, t)
		}
	}
}

// plainVersion is a version as records and tags may write it alike.
func plainVersion(version string) string {
	version = strings.ToLower(strings.TrimSpace(version))
	if rest := strings.TrimLeft(version, "vr"); rest != "" && rest[0] >= '0' && rest[0] <= '9' {
		return rest
	}
	return version
}

// lookAtLedger finds what came again, and what became of what was said in the quarter.
func (d *Draft) lookAtLedger() {
	for _, e := range d.Ledger {
		newest, ok := d.newestIn(e)
		switch {
		case !ok:
			continue
		case newest.Note.Kind == records.Well:
			d.Well = append(d.Well, newest)
			continue
		}
		if d.countOf(e) > 1 {
			d.Again = append(d.Again, e)
		}
		state := e.FateOf(newest.Ref()).State
		d.Fates[state] = append(d.Fates[state], e)
	}
	for _, e := range d.Ledger {
		if e.IsLearned() && d.countOf(e) > 2 {
			d.Learned = append(d.Learned, e)
		}
	}
	most := func(a, b *ledger.Entry) int { return cmp.Compare(d.countOf(b), d.countOf(a)) }
	slices.SortStableFunc(d.Again, most)
	slices.SortStableFunc(d.Learned, most)
}

// newestIn is the last note of an entry that was written in the quarter.
func (d *Draft) newestIn(e *ledger.Entry) (m ledger.Mention, ok bool) {
	for _, m := range e.Notes {
		if !m.Record.Started.IsZero() && d.Has(m.Record.Started.Time) {
			return m, true
		}
	}
	return m, false
}

// countOf is in how many records an entry was said up to the end of the quarter.
func (d *Draft) countOf(e *ledger.Entry) int { return len(d.recordsOf(e)) }

// recordsOf are the notes of an entry up to the end of the quarter, one a record.
func (d *Draft) recordsOf(e *ledger.Entry) (all []ledger.Mention) {
	for _, m := range e.Notes {
		if m.Record.Started.Time.Before(d.To) && (len(all) == 0 || all[len(all)-1].Record != m.Record) {
			all = append(all, m)
		}
	}
	return all
}

// lookAtSteps finds steps that fail again, and those that may be a ritual.
func (d *Draft) lookAtSteps() {
	failed := map[string]bool{} // by the place of the history, and key
	for i, h := range d.InQuarter {
		for _, l := range h.Lines {
			for _, f := range l.Failures {
				failed[stepKey(i, l)] = true
				d.fixes[f.Record.ID+"#"+f.StepID] = f
			}
		}
	}
	for i, h := range d.Steps {
		for _, l := range h.Lines {
			if failed[stepKey(i, l)] && l.Of(records.StepFailed) > 1 {
				d.Stumbled = append(d.Stumbled, l)
			}
			if _, ok := l.Suggestion(); ok {
				d.Advice = append(d.Advice, l)
			}
		}
	}
}

func stepKey(history int, l *steplog.Line) string { return string(rune('0'+history)) + "\n" + l.Key }
