// Package steplog follows each step of the checklist through all records: how often it
// was done, failed, was skipped or stayed open, how long it took, who has run it, and
// what helped when it failed. docs/guide/steps.md has the definitions.
//
//	paths := steplog.Follow(checklist, versions, steps)
//	for _, line := range paths.Count(history, steplog.Options{}).Lines {
//		fmt.Println(line.Label, line.Of(records.StepFailed), line.N)
//	}
//
// One pass feeds the page, its picture, JSON and the command, so that they cannot
// differ. It keeps sums by step, and of records only the latest.
package steplog

import (
	"slices"

	"github.com/deploysite/deploysite/internal/compare"
	"github.com/deploysite/deploysite/internal/metrics"
	"github.com/deploysite/deploysite/internal/recall"
	"github.com/deploysite/deploysite/internal/records"
)

// Few is how many are too few for an interval, and for a sign of ritual.
const Few = metrics.Few

// How much is kept.
const (
	Latest       = 50 // records, for a picture
	lastFailures = 3  // of a step
)

// A Deployment is a record as its steps count.
type Deployment struct {
	*records.Record
	Steps    []compare.Step
	Course   Course
	Deployer string              // who ran what names nobody; "" where nobody, or more than one, deployed
	Below    map[string][]string // what stands below steps that failed, by their IDs
}

// A Standing is whether the checklist of today has a step.
type Standing string

// The standings.
const (
	Unlisted Standing = "" // there is no checklist
	Listed   Standing = "listed"
	New      Standing = "new"  // listed, and in a few of the newest records only
	Gone     Standing = "gone" // not listed
)

// A Line is one step through all records.
type Line struct {
	Key, Section, Label string
	ID                  string // on the checklist's page, "" where it is not listed
	Number              int    // in the checklist, -1 where it is not listed
	Standing            Standing
	Former              []string // the other keys that count here, the newest first

	N           int // the records that have it
	Runs        int // in which it was done, or failed
	Unnamed     int // of the runs: those of which nobody knows whose
	People      []string
	Times       []float64 // of the runs, in seconds, in order
	Failures    []Failure // the latest, newest first
	First, Last *records.Record
	Together    int // of Stamped: those with all marks within a minute
	Stamped     int // of the records that have it: those in which all marks are stamped

	counts [5]int // by place in records.States
	place  int    // among all lines
	ever   int    // N of the whole history
}

// Of is in how many records it is in a state.
func (l *Line) Of(s records.State) int { return l.counts[slices.Index(records.States, s)] }

// Single reports whether it was added to a single record, and is no step of a checklist.
func (l *Line) Single() bool { return l.Standing == Gone && l.N == 1 }

// Only is the one person who has ever run it, in at least three runs that name somebody.
func (l *Line) Only() (person string, ok bool) {
	const several = 3
	if len(l.People) != 1 || l.Runs-l.Unnamed < several {
		return "", false
	}
	return l.People[0], true
}

// A Failure is a record in which a step failed.
type Failure struct {
	Record *records.Record
	StepID string        // in it
	Fix    string        // what the record says, "" where it says nothing
	Note   *records.Note // that says it, nil where it stands below the step
}

// History is all steps through all records of one checklist.
type History struct {
	Lines   []*Line // those of the checklist in its order, then those that only records have, the newest first
	Counted int     // records with steps
	Bare    int     // records without
	Foreign int     // of Counted: those that share no step with the checklist
	Stamped int     // of Counted: those in which all marks are stamped
	AtOnce  []*records.Record
	People  []string // who has run any step
	Columns []Column // of the latest records that have a step of the checklist, newest first
}

// A Column is the states of one record's steps.
type Column struct {
	*records.Record
	states []int8 // by line; its place in records.States plus one
}

// State is that of a line in the record; ok is false where the record has no such step.
func (c Column) State(l *Line) (s records.State, ok bool) {
	if l.place >= len(c.states) || c.states[l.place] == 0 {
		return "", false
	}
	return records.States[c.states[l.place]-1], true
}

// Options are what is counted.
type Options struct {
	Person func(string) string    // the name by which the site lists a person
	Wanted func(*Deployment) bool // nil: all; what is new or gone comes from the whole history
}

// rank orders the states of a step that a record has several times, by their places:
// the worst counts.
var rank = [...]int{0, 4, 3, 1, 2} // of done, failed, in progress, skipped, pending

// worse puts the worse of two states, by their places, first.
func worse(a, b int) int { return rank[b] - rank[a] }

// Count sums up a history, newest first.
func (p *Paths) Count(history []Deployment, opt Options) *History {
	c := &counter{Paths: p, opt: opt, History: &History{}, byKey: map[string]*Line{}, byName: map[compare.Name]*Line{}, people: names{}, person: map[string]string{}}
	for i, s := range p.checklist {
		if p.numbers[s.Key()] == i {
			c.add(&Line{Key: s.Key(), Section: s.Section(), Label: s.Label(), ID: s.ID(), Number: i, Standing: Listed})
		}
	}
	c.listed = len(c.Lines)
	for i := range history {
		c.count(&history[i])
	}
	c.finish()
	return c.History
}

// names are people, each once.
type names map[string]bool

func (n names) sorted() []string {
	var all []string
	for name := range n {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// A counter sums up.
type counter struct {
	*Paths
	*History
	opt    Options
	listed int // lines of the checklist
	byKey  map[string]*Line
	byName map[compare.Name]*Line
	who    []names // by line
	people names
	person map[string]string // as written → as listed
	oldest *records.Record   // that has steps

	states []int8 // of the record at hand, by line
	at     []int  // where a line's step stands in it
	met    []*Line
}

func (c *counter) add(l *Line) *Line {
	l.place = len(c.Lines)
	c.Lines, c.byKey[l.Key] = append(c.Lines, l), l
	c.who, c.states, c.at = append(c.who, names{}), append(c.states, 0), append(c.at, 0)
	return l
}

// line is that of a step of a record.
func (c *counter) line(s compare.Step) *Line {
	if l := c.byName[s.Name()]; l != nil {
		return l
	}
	key := c.Key(s.Key())
	l := c.byKey[key]
	if l == nil {
		l = c.add(&Line{Key: key, Section: s.Section(), Label: s.Label(), Number: -1, Standing: Gone})
		if len(c.checklist) == 0 {
			l.Standing = Unlisted
		}
	}
	if s.Key() != l.Key && !slices.Contains(l.Former, s.Key()) {
		l.Former = append(l.Former, s.Key())
	}
	c.byName[s.Name()] = l
	return l
}

// count counts a record in the lines of its steps, once in each.
func (c *counter) count(d *Deployment) {
	wanted := c.opt.Wanted == nil || c.opt.Wanted(d)
	if len(d.Steps) == 0 {
		if wanted {
			c.Bare++
		}
		return
	}
	c.oldest = d.Record
	c.meet(d)
	shares := len(c.checklist) == 0
	for _, l := range c.met {
		l.ever++
		l.First = d.Record
		if l.Last == nil {
			l.Last = d.Record
		}
		shares = shares || l.Number >= 0
		if wanted {
			c.countIn(l, d)
		}
	}
	if wanted {
		c.countRecord(d, shares)
	}
	for _, l := range c.met {
		c.states[l.place] = 0
	}
}

// meet finds the lines of a record's steps, with the worst state of each.
func (c *counter) meet(d *Deployment) {
	c.met = c.met[:0]
	for i, s := range d.Steps {
		l := c.line(s)
		switch before := c.states[l.place]; {
		case before == 0:
			c.met = append(c.met, l)
		case worse(int(before-1), s.Place()) <= 0:
			continue
		}
		c.states[l.place], c.at[l.place] = int8(s.Place())+1, i
	}
}

func (c *counter) countRecord(d *Deployment, shares bool) {
	c.Counted++
	if !shares {
		c.Foreign++
	} else if len(c.Columns) < Latest {
		c.Columns = append(c.Columns, Column{d.Record, slices.Clone(c.states)})
	}
	if d.Course.spread != unknownSpread {
		c.Stamped++
	}
	if d.Course.spread == atOnce {
		c.AtOnce = append(c.AtOnce, d.Record)
	}
}

// countIn counts a record in the line of one of its steps.
func (c *counter) countIn(l *Line, d *Deployment) {
	l.N++
	at := c.at[l.place]
	l.counts[d.Steps[at].Place()]++
	if d.Course.spread != unknownSpread {
		l.Stamped++
	}
	if d.Course.spread == atOnce {
		l.Together++
	}
	switch d.Steps[at].State() {
	case records.StepFailed:
		c.fail(l, d, d.Steps[at])
	case records.Done:
	default:
		return
	}
	l.Runs++
	run := d.Course.run(at)
	if run.took != unknownTime {
		l.Times = append(l.Times, float64(run.took))
	}
	if name := c.name(run.by.Value(), d); name == "" {
		l.Unnamed++
	} else {
		c.who[l.place][name], c.people[name] = true, true
	}
}

// name is who ran a step: its stamp says, or the record names one who deployed.
func (c *counter) name(by string, d *Deployment) string {
	if by == "" {
		return d.Deployer
	}
	name, known := c.person[by]
	if !known {
		if name = by; c.opt.Person != nil {
			name = c.opt.Person(by)
		}
		c.person[by] = name
	}
	return name
}

func (c *counter) fail(l *Line, d *Deployment, s compare.Step) {
	if len(l.Failures) == lastFailures {
		return
	}
	f, failed := Failure{Record: d.Record, StepID: s.ID()}, recall.Failed{Key: s.Key(), Label: s.Label(), Section: s.Section(), Below: d.Below[s.ID()]}
	for _, other := range d.Steps {
		if other.State() == records.StepFailed && other.Key() != s.Key() && other.Section() == s.Section() {
			failed.Section = ""
		}
	}
	f.Fix, f.Note = recall.FixOf(d.Notes, failed)
	l.Failures = append(l.Failures, f)
}

// finish says what is new, and leaves out lines that no wanted record has.
func (c *counter) finish() {
	for _, l := range c.Lines {
		slices.Sort(l.Times)
		l.People = c.who[l.place].sorted()
		if l.Number >= 0 && l.ever < Few && c.oldest != nil && l.First != c.oldest {
			l.Standing = New
		}
	}
	c.History.People = c.people.sorted()
	c.Lines = slices.DeleteFunc(c.Lines, func(l *Line) bool { return l.Number < 0 && l.N == 0 })
}
