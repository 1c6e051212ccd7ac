// Package metrics counts what a history of deployments tells: how often, how often
// they fail, how long they take, how long it takes to recover, and how old a change is
// when it is deployed. docs/guide/metrics.md has the definitions.
//
// [Of] looks at each deployment once, in the line of each of its services. Everything
// that is shown, drawn or printed is a sum over these lines, so that a chart and its
// table cannot differ.
//
//	for _, line := range metrics.Of(history, metrics.Options{Now: now}) {
//		for _, row := range line.Rows(metrics.Quarters) {
//			fmt.Println(row.Metric, line.Service, row.Period, row.K, row.N)
//		}
//	}
//
// Nothing is inferred: a failure is one that somebody wrote down, and what nobody
// wrote is counted as unknown, with the reason.
package metrics

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/records"
)

// A Deployment is a record with what the numbers need besides.
type Deployment struct {
	*records.Record
	Services     []string // each once, one spelling for each
	Environments []string // those that count, likewise; none where no environment is known
	Elsewhere    bool     // it went to other environments only
	Hotfix       bool
	Planned      bool        // it has not begun
	FailedAt     time.Time   // the stamp of the first step that failed; zero where there is none
	Undoes       *Deployment // the one that rollback_of names; nil where there is none
	Repairs      *Deployment // the one that fixes names; nil where there is none
	Graph        *git.Graph  // of its repository; nil where git cannot be asked
}

// Options are how deployments are counted.
type Options struct {
	Now  time.Time // its location is the time zone of days
	Week time.Weekday

	// Only deployments that began in this time are summed up; what is known of them
	// comes from the whole history.
	Since time.Time // the first moment; zero: from the begin
	Until time.Time // the first moment after; zero: to the end
}

// A Metric is the name of a number.
type Metric string

// The numbers, in the order in which they are shown.
const (
	Frequency Metric = "deployment_frequency" // a week
	FailRate  Metric = "change_fail_rate"
	Rework    Metric = "rework_rate"
	Recovery  Metric = "recovery_time_s"
	LeadTime  Metric = "lead_time_s"
	Duration  Metric = "duration_s"
)

// Metrics lists all numbers.
var Metrics = []Metric{Frequency, FailRate, Rework, Recovery, LeadTime, Duration}

// A Reason is why a deployment is not in a number.
type Reason string

// The reasons.
const (
	Known         Reason = "" // it is in
	UnderWay      Reason = "under-way"
	NoOutcome     Reason = "no-outcome"
	NotRecorded   Reason = "not-recorded"
	NotRecovered  Reason = "not-recovered"
	NoEnd         Reason = "no-end"
	NoHour        Reason = "no-hour"
	Negative      Reason = "negative"
	NoGit         Reason = "no-git"
	NoCommit      Reason = "no-commit"
	CommitMissing Reason = "commit-missing"
	NoAncestor    Reason = "no-ancestor"
	NoPredecessor Reason = "no-predecessor"
	SameCommit    Reason = "same-commit"
	NoEnvironment Reason = "no-environment"
	NoDate        Reason = "no-date"
	notApplicable Reason = "-" // it is not asked for
	secondsPerDay        = 24 * 60 * 60
)

// Reasons lists them in the order in which they are shown.
var Reasons = []Reason{UnderWay, NoOutcome, NotRecorded, NotRecovered, NoEnd, NoHour, Negative,
	NoGit, NoCommit, CommitMissing, NoAncestor, NoPredecessor, SameCommit, NoEnvironment, NoDate}

// A Line is the history of one service in one environment, or of all services in it.
type Line struct {
	Service     string // "" in a total
	Environment string // "" for deployments whose environment is unknown
	Total       bool
	Counted     []*Counted // oldest first; those without a date first of all
	opt         Options
}

// Counted is a deployment as it counts in a line.
type Counted struct {
	*Deployment
	Outcome  Reason      // Known, or why it is unknown how it ended
	Failed   bool        // somebody wrote so
	FailedBy *Deployment // the later record that says so, nil where its own status does
	Rollback bool
	Rework   Reason // Known, or not recorded by anybody
	Reworks  bool   // it undoes or repairs something

	Recovery time.Duration // of one that failed
	AtMost   bool          // its failure has no time but the start
	Lost     Reason        // why there is no recovery
	By       *Deployment   // whose end it was, nil where nobody knows

	Leads  []time.Duration // how old its commits were, those deployed for the first time
	NoLead Reason

	Took   time.Duration
	NoTook Reason

	leads []int // the places of the commits
}

// Of counts the deployments of a history, newest first. The lines are in order, those
// of single services first; the last has those without an environment, if there are any.
func Of(history []*Deployment, opt Options) []*Line {
	c := newCounter(history, opt)
	for _, d := range slices.Backward(history) {
		c.add(d)
	}
	for _, l := range c.lines {
		c.recover(l)
	}
	c.recoverTotals()
	slices.SortFunc(c.lines, func(a, b *Line) int {
		return cmp.Or(last(a.Environment)-last(b.Environment), order(a.Total)-order(b.Total),
			strings.Compare(a.Environment, b.Environment), strings.Compare(a.Service, b.Service))
	})
	return slices.DeleteFunc(c.lines, func(l *Line) bool { return l.Service == "" && !l.Total })
}

func last(environment string) int { return order(environment == "") }

func order(later bool) int {
	if later {
		return 1
	}
	return 0
}

type lineKey struct {
	service, environment string
	total                bool
}

// A counter puts deployments into lines, oldest first.
type counter struct {
	opt      Options
	lines    []*Line
	byKey    map[lineKey]*Line
	namedBy  map[*Deployment][]*Deployment // the later ones that undo or repair it, oldest first
	recorded bool                          // somebody writes what undoes or repairs
	success  map[*Line]*Deployment
	seen     map[seenIn]git.Seen
}

// The commits that were seen in a line are those of one repository.
type seenIn struct {
	line  *Line
	graph *git.Graph
}

func newCounter(history []*Deployment, opt Options) *counter {
	c := &counter{opt: opt, byKey: map[lineKey]*Line{}, namedBy: map[*Deployment][]*Deployment{},
		success: map[*Line]*Deployment{}, seen: map[seenIn]git.Seen{}}
	for _, d := range slices.Backward(history) {
		c.recorded = c.recorded || reworks(d)
		for _, of := range []*Deployment{d.Undoes, d.Repairs} {
			if of != nil && records.NewestFirst(d.Record, of.Record) < 0 {
				c.namedBy[of] = append(c.namedBy[of], d)
			}
		}
	}
	return c
}

func reworks(d *Deployment) bool { return d.Hotfix || !d.RollbackOf.IsZero() || !d.Fixes.IsZero() }

// add counts a deployment in its lines. Those that never began count nowhere.
func (c *counter) add(d *Deployment) {
	if d.Status == records.Cancelled || d.Planned || d.Elsewhere {
		return
	}
	base := c.count(d)
	for _, environment := range d.Environments {
		c.addTo(environment, d.Services, base)
	}
	if len(d.Environments) == 0 {
		c.addTo("", nil, base)
	}
}

// addTo counts a deployment for each service in an environment, and in the total.
func (c *counter) addTo(environment string, services []string, base Counted) {
	if len(services) == 0 {
		services = []string{""} // a line that is only part of the total
	}
	total, merged := base, map[int]bool{}
	for i, service := range services {
		l, one := c.line(lineKey{service, environment, false}), base
		c.lead(l, &one)
		l.Counted = append(l.Counted, &one)
		for _, at := range one.leads {
			if !merged[at] {
				merged[at] = true
				total.Leads = append(total.Leads, base.Finished.Time.Sub(base.Graph.Time(at)))
			}
		}
		if i == 0 || one.NoLead == Known {
			total.NoLead = one.NoLead
		}
	}
	l := c.line(lineKey{"", environment, true})
	l.Counted = append(l.Counted, &total)
}

func (c *counter) line(key lineKey) *Line {
	l := c.byKey[key]
	if l == nil {
		l = &Line{Service: key.service, Environment: key.environment, Total: key.total, opt: c.opt}
		c.byKey[key], c.lines = l, append(c.lines, l)
	}
	return l
}

// count is what a deployment tells of itself.
func (c *counter) count(d *Deployment) Counted {
	one := Counted{Deployment: d, Rollback: !d.RollbackOf.IsZero(), Reworks: reworks(d)}
	one.Failed = d.Status == records.Failed || d.Status == records.RolledBack
	if named := c.namedBy[d]; len(named) > 0 && !one.Failed {
		one.Failed, one.FailedBy = true, named[0]
	}
	switch {
	case one.Failed || d.Status != records.InProgress:
	case insights.OutcomeUnknown(d.Record, c.opt.Now) || d.IsOld(c.opt.Now):
		one.Outcome = NoOutcome
	default:
		one.Outcome = UnderWay
	}
	if !c.recorded {
		one.Rework = NotRecorded
	}
	one.Took, one.NoTook = took(d.Record)
	return one
}

func took(r *records.Record) (time.Duration, Reason) {
	d, ok := r.Duration()
	switch {
	case ok:
		return d, Known
	case r.Finished.IsZero():
		return 0, NoEnd
	case r.Started.DateOnly || r.Finished.DateOnly || r.Started.IsZero():
		return 0, NoHour
	}
	return 0, Negative
}

// ended is when a deployment ended, by the clock.
func ended(d *Deployment) (time.Time, Reason) {
	switch {
	case d.Finished.IsZero():
		return time.Time{}, NoEnd
	case d.Finished.DateOnly:
		return time.Time{}, NoHour
	}
	return d.Finished.Time, Known
}

func succeeded(d *Deployment) bool { return d.Status == records.Succeeded }
