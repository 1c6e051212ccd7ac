package records

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/text"
)

// Outcome is how a deployment ended.
type Outcome struct {
	Status Status
	At     time.Time // the end, on the deployer's clock
}

// Finish writes how a deployment ended: the status, the end if it is unknown, and the
// metrics Start Time, End Time, Total Duration and Deployed By if they are empty or
// missing. In a record without front matter, status and end are written into the
// metrics.
func Finish(o Outcome) Change {
	return change(func(e *editor) error {
		was := e.Finished
		err := e.setStatus(o.Status)
		if err == nil {
			err = e.setEnd(o.At)
		}
		if err == nil {
			err = e.fillLines(e.endLines())
		}
		if err == nil && (e.Status != o.Status || e.Finished.IsZero() || !was.IsZero() && !e.Finished.Time.Equal(was.Time)) {
			err = errDoesNotFit
		}
		return err
	})
}

// Cancel is the [Change] that gives the deployment up. The reason stands among the
// issues, where the next one reads it.
func Cancel(reason string, stamp Stamp) Change {
	return Changes(AddNote(Issues, NewNote{Text: "Cancelled: " + reason, Stamp: stamp}), Finish(Outcome{Status: Cancelled, At: stamp.At}))
}

// Reopen is the [Change] that sets a record back to in-progress and removes its end,
// in the front matter and in the metrics.
func Reopen(r *Record) (*Record, error) { return change((*editor).reopen)(r) }

func (e *editor) reopen() error {
	err := e.removeEnd()
	if err == nil {
		err = e.clearMetrics(factEnd, factDuration)
	}
	if err == nil && e.Status != InProgress {
		err = e.setStatus(InProgress)
	}
	if err == nil && (e.Status != InProgress || !e.Finished.IsZero()) {
		err = errDoesNotFit
	}
	return err
}

// setStatus writes the status wherever the record has one, so that it does not
// contradict itself. If it has none, the status is written into the front matter, or
// else into the metrics.
func (e *editor) setStatus(status Status) error {
	if err := e.setMetrics(e.statusEdits(status)); err != nil {
		return err
	}
	_, inFront := front{e.layout}.field("status")
	if e.Status == status && (e.StatusFrom == FromFrontMatter || e.StatusFrom == FromBody && !inFront) {
		return nil
	}
	if e.FrontMatter.Format == "" {
		return e.addMetrics([]metricLine{{factStatus, "Status", string(status)}})
	}
	want := outlineOf(e.Record)
	return e.firstFitting(front{e.layout}.set("status", string(status), "deployer", false), func(after *Record) bool {
		return after.Status == status && after.StatusFrom == FromFrontMatter && outlineOf(after).equal(want) && after.Finished.Time.Equal(e.Finished.Time)
	})
}

// setEnd writes the end, unless it is known.
func (e *editor) setEnd(at time.Time) error {
	if !e.Finished.IsZero() {
		return nil
	}
	if err := e.unreadEnd(); err != nil {
		return err
	}
	at = e.onStartsClock(at.Truncate(time.Second))
	if !e.Started.IsZero() && !e.Started.DateOnly && e.clock(at).Before(e.Started.Time.Truncate(time.Minute)) {
		return fmt.Errorf("the end, %s, is before the start, %s; give the right end, or correct the start",
			at.Format(clockLayout), e.Started.Time.Format(clockLayout))
	}
	if e.FrontMatter.Format == "" {
		return e.endInMetrics(at)
	}
	return e.endInFront(at)
}

// clock is the moment that will be read. It differs from at if the offset is not
// written.
func (e *editor) clock(at time.Time) time.Time {
	if e.clockOnly() {
		return onClock(at, e.Started.Time.Location())
	}
	return at
}

func (e *editor) endInFront(at time.Time) error {
	text := at.Format(offsetLayout)
	if e.clockOnly() {
		text = at.Format(localLayout)
	}
	want := outlineOf(e.Record)
	return e.firstFitting(front{e.layout}.set("finished", text, "date", true), func(after *Record) bool {
		return after.Finished.From == FromFrontMatter && after.Finished.Time.Equal(e.clock(at)) &&
			after.Status == e.Status && outlineOf(after).equal(want)
	})
}

func (e *editor) endInMetrics(at time.Time) error {
	layout := clockLayout
	if e.Started.Time.Second() != 0 {
		layout = time.DateTime
	}
	err := e.fillLines([]metricLine{{factEnd, "End Time", at.Format(layout)}})
	if err == nil && e.Finished.Time.Format(layout) != at.Format(layout) {
		err = errDoesNotFit
	}
	return err
}

// unreadEnd is an error if an end is written down that cannot be read. It must not be
// overwritten.
func (e *editor) unreadEnd() error {
	var end Text
	if f, ok := (front{e.layout}).field("finished"); ok {
		end = Text{Value: strings.TrimSpace(f.Value.Text), Span: f.Value.Span}
	}
	for _, m := range e.Metrics {
		if e.FrontMatter.Format == "" && labels[text.Fold(m.Label)] == factEnd && end.IsZero() {
			end = m.Value
		}
	}
	if end.IsZero() {
		return nil
	}
	line, _ := text.Position(e.Source, end.Span.Start)
	return fmt.Errorf("line %d: the end “%s” is no time that can be read; correct it, or take it out", line, text.OneLine(end.Value, 60))
}

// clockOnly reports whether the start is written without an offset. Then the end must
// be written without one, too: with one, the deployment would seem to end hours too
// early or too late.
func (e *editor) clockOnly() bool {
	return e.Started.Local && !e.Started.DateOnly && !e.Started.IsZero()
}

// onStartsClock is a moment in the time zone of the start.
func (e *editor) onStartsClock(at time.Time) time.Time {
	if e.Started.IsZero() || e.clockOnly() {
		return at
	}
	return at.In(e.Started.Time.Location())
}

// endLines are the metrics of a record that has ended.
func (e *editor) endLines() []metricLine {
	duration := ""
	if d, ok := e.Duration(); ok {
		duration = DurationText(d)
	}
	end := e.Finished
	end.Time = e.onStartsClock(end.Time)
	return []metricLine{
		{factStart, "Start Time", e.Started.Words()},
		{factEnd, "End Time", end.Words()},
		{factDuration, "Total Duration", duration},
		{factDeployer, "Deployed By", strings.Join(Values(e.Deployers), ", ")},
	}
}

// DurationText writes a duration as in the metrics, "1 h 20 min" or "8 min". If it is
// shorter than a minute it is "45 s". It is cut, not rounded, as wherever a duration is
// shown.
func DurationText(d time.Duration) string {
	if d < time.Minute {
		return fmt.Sprintf("%d s", int(d.Seconds()))
	}
	minutes := int(d / time.Minute)
	switch {
	case minutes < 60:
		return fmt.Sprintf("%d min", minutes)
	case minutes%60 == 0:
		return fmt.Sprintf("%d h", minutes/60)
	}
	return fmt.Sprintf("%d h %d min", minutes/60, minutes%60)
}

// removeEnd takes the end out of the front matter.
func (e *editor) removeEnd() error {
	if _, ok := (front{e.layout}).field("finished"); !ok {
		return nil
	}
	want := outlineOf(e.Record)
	return e.firstFitting(front{e.layout}.remove("finished"), func(after *Record) bool {
		return after.Finished.From != FromFrontMatter && outlineOf(after).equal(want)
	})
}

// OpenSteps lists the indices of the steps that are pending or in progress.
func (r *Record) OpenSteps() []int {
	return stepsThat(r.Steps, func(s Step) bool { return s.State == Pending || s.State == StepRunning })
}

// EmptyKinds lists the kinds of notes that the record does not have.
func (r *Record) EmptyKinds() (empty []NoteKind) {
	for _, kind := range NoteKinds {
		if !slices.ContainsFunc(r.Notes, func(n Note) bool { return n.Kind == kind }) {
			empty = append(empty, kind)
		}
	}
	return empty
}
