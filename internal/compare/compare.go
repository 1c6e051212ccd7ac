// Package compare puts two deployments side by side, or one beside the checklist of
// today, and tells what differs.
//
//	c := compare.Deployments(compare.Of(before), compare.Of(after))
//	for _, step := range c.Steps.Differ {
//		fmt.Println(step.After.Label(), step.Before.State(), step.After.State())
//	}
//
// Pages and the command deploysite diff say the same, because both ask here. Package git
// lists the commits between two others.
package compare

import (
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/recall"
	"github.com/deploysite/deploysite/internal/records"
)

// A Deployment is what a comparison looks at. A long history keeps these parts of its
// records and lets the steps themselves go.
type Deployment struct {
	*records.Record
	Steps []Step
	Times []insights.SectionTime
}

// Of is a record as a comparison looks at it. It needs its source and tree.
func Of(r *records.Record) Deployment {
	return Deployment{r, StepsOf(r), insights.SectionTimes(r)}
}

// A Comparison is what differs between two deployments.
type Comparison struct {
	Before, After Deployment
	Steps         Steps
	Phases        []Phase
}

// Deployments compares a deployment with an earlier one. Steps that one under way has
// not come to yet do not differ.
func Deployments(before, after Deployment) Comparison {
	c := Comparison{before, after, StepsBetween(before.Steps, after.Steps), phases(before.Times, after.Times)}
	if after.Status == records.InProgress {
		c.Steps.Differ = slices.DeleteFunc(c.Steps.Differ, func(p Pair) bool { return p.After.State() == records.Pending })
	}
	return c
}

// A Phase is how long the steps of one section took in both; nil is unknown.
type Phase struct {
	Section       string // its title, "" for steps before the first heading
	Before, After *time.Duration
}

// Longer is how much longer it took the second time. ok is false where one of them is
// unknown.
func (p Phase) Longer() (d time.Duration, ok bool) {
	if p.Before == nil || p.After == nil {
		return 0, false
	}
	return *p.After - *p.Before, true
}

// Minutes is the phase in whole minutes, as people are told: what is the same in these
// does not differ.
func (p Phase) Minutes() Phase { return Phase{p.Section, minutes(p.Before), minutes(p.After)} }

func minutes(d *time.Duration) *time.Duration {
	if d == nil {
		return nil
	}
	whole := d.Truncate(time.Minute)
	return &whole
}

// Took is how long both deployments took as a whole.
func (c Comparison) Took() Phase {
	return Phase{Before: took(c.Before.Record), After: took(c.After.Record)}
}

func took(r *records.Record) *time.Duration {
	if d, ok := r.Duration(); ok {
		return &d
	}
	return nil
}

// phases are the sections of the later deployment, then those of the earlier one alone.
func phases(before, after []insights.SectionTime) (all []Phase) {
	for i := range after {
		all = append(all, Phase{Section: after[i].Section, After: &after[i].Took})
	}
	for i := range before {
		same := func(p Phase) bool { return p.Section == before[i].Section }
		if at := slices.IndexFunc(all, same); at >= 0 {
			all[at].Before = &before[i].Took
		} else {
			all = append(all, Phase{Section: before[i].Section, Before: &before[i].Took})
		}
	}
	return all
}

// A Repeat is an issue of the later deployment that the earlier one had already.
type Repeat struct {
	Before, After *records.Note
	Helped        string // what helped, in the words of the earlier one; "" where it does not say
}

// maxIssues is how many issues of a record are compared. Each is held against each.
const maxIssues = 20

// Repeated finds the issues that both had, by the measure of package recall. That takes
// a millisecond, which pages of ten thousand records do not have: they show the notes
// that the site knows to say the same.
func (c Comparison) Repeated() (all []Repeat) {
	before, after := c.Before.Notes, c.After.Notes
	earlier := issues(before)
	if len(earlier) == 0 {
		return nil
	}
	var blocks []recall.Block
	for _, n := range earlier {
		blocks = append(blocks, recall.Block{Issue: true, Lines: strings.Split(n.Text, "\n")})
	}
	for _, n := range issues(after) {
		if match, ok := recall.Of(n.Text).In(blocks, nil); ok {
			all = append(all, Repeat{earlier[match.Block], n, match.Remedy})
		}
	}
	return all
}

func issues(notes []records.Note) (all []*records.Note) {
	for i := range notes {
		if notes[i].Kind == records.Issues && len(all) < maxIssues {
			all = append(all, &notes[i])
		}
	}
	return all
}
