package records

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/text"
)

// Outcome is how a deployment ended.
type Outcome struct {
	Status Status
	At     time.Time // the end, on the deployer's clock
}

// Finish says how a deployment ended: it sets the status where the record tells
// it, the end unless somebody wrote it already, and the metrics Start Time, End
// Time, Total Duration and Deployed By where they are empty or missing. A record
// without front matter gets none: status and end go to its metrics.
func Finish(o Outcome) Change {
	return func(r *Record) (*Record, error) {
		after, err := r.setStatus(o.Status)
		if err == nil {
			after, err = after.setEnd(o.At)
		}
		if err == nil {
			after, err = after.fillLines(after.endLines())
		}
		if err != nil {
			return nil, err
		}
		if after.Status != o.Status || after.Finished.IsZero() || !r.Finished.IsZero() && !after.Finished.Time.Equal(r.Finished.Time) {
			return nil, errDoesNotFit
		}
		return after, nil
	}
}

// Reopen sets a record back to in-progress and takes its end away, in the front
// matter and in the metrics.
func Reopen(r *Record) (*Record, error) {
	after, err := r.removeEnd()
	if err == nil {
		after, err = after.clearMetrics(factEnd, factDuration)
	}
	if err == nil && after.Status != InProgress {
		after, err = after.setStatus(InProgress)
	}
	if err != nil {
		return nil, err
	}
	if after.Status != InProgress || !after.Finished.IsZero() {
		return nil, errDoesNotFit
	}
	return after, nil
}

// setStatus writes the status wherever the record tells one, so that it does not
// contradict itself; else into the front matter, or else into the metrics.
func (r *Record) setStatus(status Status) (*Record, error) {
	after, err := r.setMetrics(r.statusEdits(status))
	if err != nil {
		return nil, err
	}
	_, inFront := after.frontField("status")
	if after.Status == status && (after.StatusFrom == FromFrontMatter || after.StatusFrom == FromBody && !inFront) {
		return after, nil
	}
	if after.FrontMatter.Format == "" {
		return after.addMetrics([]metricLine{{factStatus, "Status", string(status)}})
	}
	want := outlineOf(after)
	return after.firstFitting(after.setFront("status", string(status), "deployer", false), func(next *Record) bool {
		return next.Status == status && next.StatusFrom == FromFrontMatter && outlineOf(next).equal(want) && next.Finished.Time.Equal(after.Finished.Time)
	})
}

// setEnd writes the end, unless it is known.
func (r *Record) setEnd(at time.Time) (*Record, error) {
	if !r.Finished.IsZero() {
		return r, nil
	}
	if err := r.unreadEnd(); err != nil {
		return nil, err
	}
	at = r.onStartsClock(at.Truncate(time.Second))
	if !r.Started.IsZero() && !r.Started.DateOnly && r.clock(at).Before(r.Started.Time.Truncate(time.Minute)) {
		return nil, fmt.Errorf("the end, %s, is before the start, %s; give the right end, or correct the start",
			at.Format(clockLayout), r.Started.Time.Format(clockLayout))
	}
	if r.FrontMatter.Format == "" {
		return r.endInMetrics(at)
	}
	return r.endInFront(at)
}

// clock is a moment as it will be read, if its offset is not written.
func (r *Record) clock(at time.Time) time.Time {
	if r.clockOnly() {
		return onClock(at, r.Started.Time.Location())
	}
	return at
}

func (r *Record) endInFront(at time.Time) (*Record, error) {
	text := at.Format("2006-01-02T15:04:05-07:00")
	if r.clockOnly() {
		text = at.Format("2006-01-02T15:04:05")
	}
	want := outlineOf(r)
	return r.firstFitting(r.setFront("finished", text, "date", true), func(after *Record) bool {
		return after.Finished.From == FromFrontMatter && after.Finished.Time.Equal(r.clock(at)) &&
			after.Status == r.Status && outlineOf(after).equal(want)
	})
}

func (r *Record) endInMetrics(at time.Time) (*Record, error) {
	layout := clockLayout
	if r.Started.Time.Second() != 0 {
		layout = time.DateTime
	}
	after, err := r.fillLines([]metricLine{{factEnd, "End Time", at.Format(layout)}})
	if err == nil && after.Finished.Time.Format(layout) != at.Format(layout) {
		err = errDoesNotFit
	}
	return after, err
}

// unreadEnd tells of an end that is written down and cannot be read: it is not
// overwritten.
func (r *Record) unreadEnd() error {
	var end Text
	if f, ok := r.frontField("finished"); ok {
		end = Text{Value: strings.TrimSpace(f.Value.Text), Span: f.Value.Span}
	}
	for _, m := range r.Metrics {
		if r.FrontMatter.Format == "" && labels[text.Fold(m.Label)] == factEnd && end.IsZero() {
			end = m.Value
		}
	}
	if end.IsZero() {
		return nil
	}
	line, _ := text.Position(r.Source, end.Span.Start)
	return fmt.Errorf("line %d: the end “%s” is no time that can be read; correct it, or take it out", line, text.OneLine(end.Value, 60))
}

// clockOnly tells whether nobody wrote the offset of the start: it is what the
// deployer's clock showed, and the end has to be read on the same clock, or the
// deployment would end hours before or after.
func (r *Record) clockOnly() bool {
	return r.Started.Local && !r.Started.DateOnly && !r.Started.IsZero()
}

// onStartsClock is a moment on the clock that the start was written by.
func (r *Record) onStartsClock(at time.Time) time.Time {
	if r.Started.IsZero() || r.clockOnly() {
		return at
	}
	return at.In(r.Started.Time.Location())
}

// endLines are the metrics of a record that has ended.
func (r *Record) endLines() []metricLine {
	duration := ""
	if d, ok := r.Duration(); ok {
		duration = DurationText(d)
	}
	var names []string
	for _, d := range r.Deployers {
		names = append(names, d.Value)
	}
	end := r.Finished
	end.Time = r.onStartsClock(end.Time)
	return []metricLine{
		{factStart, "Start Time", r.Started.Words()},
		{factEnd, "End Time", end.Words()},
		{factDuration, "Total Duration", duration},
		{factDeployer, "Deployed By", strings.Join(names, ", ")},
	}
}

// DurationText is a duration as metrics have it: to the minute, or to the second
// if it is shorter than one. "1 h 20 min", "8 min", "45 s".
func DurationText(d time.Duration) string {
	if d < time.Minute {
		return fmt.Sprintf("%d s", int(d.Seconds()))
	}
	minutes := int(d.Round(time.Minute).Minutes())
	switch {
	case minutes < 60:
		return fmt.Sprintf("%d min", minutes)
	case minutes%60 == 0:
		return fmt.Sprintf("%d h", minutes/60)
	}
	return fmt.Sprintf("%d h %d min", minutes/60, minutes%60)
}

// removeEnd takes the end out of the front matter.
func (r *Record) removeEnd() (*Record, error) {
	if _, ok := r.frontField("finished"); !ok {
		return r, nil
	}
	want := outlineOf(r)
	return r.firstFitting(r.removeFront("finished"), func(after *Record) bool {
		return after.Finished.From != FromFrontMatter && outlineOf(after).equal(want)
	})
}

// ParseStatus reads a status by its name or a usual word for it.
func ParseStatus(s string) (Status, bool) { return parseStatus(s) }

// ErrNotOver says that nothing tells how a deployment ended: steps failed, or are
// open.
var ErrNotOver = errors.New("nothing says how the deployment ended")

// OutcomeOfSteps is the status that may be taken for granted at the end: it
// succeeded if each step is done or skipped. Otherwise the error is [ErrNotOver],
// and a person has to say.
func (r *Record) OutcomeOfSteps() (Status, error) {
	for _, s := range r.Steps {
		if s.State != Done && s.State != Skipped {
			return "", ErrNotOver
		}
	}
	return Succeeded, nil
}
