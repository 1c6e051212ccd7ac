// Package lint finds what is valid in a record and probably a mistake: a step left open,
// a date in the future, a person who is not in the list of people.
//
//	found := lint.Record(r, lint.Options{Now: time.Now()})
package lint

import (
	"fmt"
	"time"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// Options is what is known besides the record.
type Options struct {
	Now   time.Time
	Knows func(name string) bool // reports whether somebody is in the list of people
}

// maxOfRule is how many problems of one rule a record gets.
const maxOfRule = 20

// Record finds what is odd in one record, while it has its source. Of an imported one
// nobody is asked to mend what was written long ago.
func Record(r *records.Record, opt Options) []problem.Problem {
	if r.Imported() != "" {
		return nil
	}
	l := &linter{r: r, lines: text.NewLines(r.Source)}
	l.people(opt.Knows)
	l.year()
	l.farAhead(opt.Now)
	if HasEnded(r) {
		l.future(opt.Now)
		l.openSteps()
		l.openNotes()
	}
	return l.problems
}

// HasEnded reports whether a deployment is over, as far as its record tells.
func HasEnded(r *records.Record) bool { return r.Status != records.InProgress && r.Status != "" }

type linter struct {
	r        *records.Record
	lines    *text.Lines
	problems []problem.Problem
}

func (l *linter) report(rule problem.Rule, at text.Span, hint, format string, args ...any) {
	line, column := 0, 0
	if !at.IsZero() {
		line, column = l.lines.Position(at.Start)
	}
	l.problems = append(l.problems, rule.At(l.r.File, line, column, fmt.Sprintf(format, args...), hint))
}

// capped reports up to maxOfRule problems of one rule.
func (l *linter) capped(rule problem.Rule, all []text.Span, hint string, say func(i int) string) {
	for i, at := range all[:min(len(all), maxOfRule)] {
		more := ""
		if i == maxOfRule-1 && len(all) > maxOfRule {
			more = fmt.Sprintf("; so are %d more below", len(all)-maxOfRule)
		}
		l.report(rule, at, hint, "%s%s", say(i), more)
		if more != "" {
			l.problems[len(l.problems)-1].More = len(all) - maxOfRule
		}
	}
}

func (l *linter) people(knows func(string) bool) {
	for _, name := range l.r.Deployers {
		if knows != nil && !knows(name.Value) {
			l.report(problem.UnknownPerson, name.Span, "add a [[people]] table to deploysite.toml, or the name to the aliases of somebody there",
				"%q is not in the list of people", text.Cut(name.Value, 60))
		}
	}
}

// firstYear is when nobody wrote deployment records yet.
const firstYear = 2000

func (l *linter) year() {
	if at := l.r.Started; !at.IsZero() && at.Time.Year() < firstYear {
		l.report(problem.WrongYear, at.Span, "correct the year", "the deployment was in the year %d", at.Time.Year())
	}
}

// soon is by how much clocks may differ.
const soon = time.Hour

func (l *linter) future(now time.Time) {
	last := l.r.Finished
	if last.IsZero() {
		last = l.r.Started
	}
	if now.IsZero() || last.IsZero() || !last.Time.After(now.Add(soon)) || last.DateOnly && !last.Time.After(now.Add(24*time.Hour)) {
		return
	}
	l.report(problem.FutureDate, last.Span, "correct the date, or the status", "the record says that the deployment has ended, and its date, %s, is still to come", last.Words())
}

// Planned finds a start that is more than a year ahead: the year is a slip.
func Planned(r *records.Record, now time.Time) []problem.Problem {
	l := linter{r: r, lines: text.NewLines(r.Source)}
	l.farAhead(now)
	return l.problems
}

func (l *linter) farAhead(now time.Time) {
	if at := l.r.Started; l.r.Imported() == "" && l.r.IsPlanned(now) && at.Time.After(now.AddDate(1, 0, 1)) {
		l.report(problem.FarAhead, at.Span, "correct the date", "the deployment is planned for %s, more than a year ahead", at.Words())
	}
}

// openSteps finds the steps that nobody marked. Where a deployment failed, what came
// after is open by its nature; a step under way is not.
func (l *linter) openSteps() {
	var open []text.Span
	var steps []records.Step
	for _, s := range l.r.Steps {
		if s.State == records.StepRunning || s.State == records.Pending && l.r.Status == records.Succeeded {
			open, steps = append(open, s.Mark), append(steps, s)
		}
	}
	l.capped(problem.OpenStep, open, "mark it ✅, or ⏭️ if it was skipped", func(i int) string {
		state := "open"
		if steps[i].State == records.StepRunning {
			state = "under way"
		}
		return fmt.Sprintf("the deployment has ended, and the step “%s” is still %s", text.OneLine(steps[i].Label, 60), state)
	})
}

func (l *linter) openNotes() {
	l.capped(problem.OpenNote, l.r.Unfilled, "write the note, or “none”", func(i int) string {
		at := l.r.Unfilled[i]
		return fmt.Sprintf("the deployment has ended, and “%s” still stands for a note", text.OneLine(string(l.r.Source[at.Start:at.End]), 40))
	})
}
