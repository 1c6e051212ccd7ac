package site

import (
	"cmp"
	"context"
	"strconv"
	"time"

	"github.com/deploysite/deploysite/internal/compare"
	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/steplog"
)

// StepCount is how many steps of a record are in one state, with the first of them.
type StepCount struct {
	State records.State
	Count int
	First string // id
}

// A mark is when a step was marked, and by whom.
type mark struct {
	At time.Time
	By string
}

// A failedStep is a step that failed, for links between records.
type failedStep struct {
	key, label, id string
	below          []string // notes that stand below it
}

// A sourceStep is a step in all records of one source. The checklist of another one
// may call something else the same.
type sourceStep struct {
	source *source
	key    string
}

// maxVersions is how many versions of a checklist are asked for. Few have more.
const maxVersions = 200

// follow finds which steps of the records are which of the checklist. git is asked
// where some lead nowhere: a step that was added to one record does, too.
func (src *source) follow(ctx context.Context, checking bool) {
	history := make([][]compare.Step, len(src.entries))
	for i, e := range src.entries {
		history[i] = e.steps
	}
	src.paths = steplog.Follow(src.checklist, nil, history)
	if checking || len(src.checklist) == 0 || src.trail.repo == nil || !src.paths.Lost(history) {
		return
	}
	if src.trail.past == nil {
		src.trail.past, src.trail.pastWhy = src.readPast(ctx)
	}
	src.paths = steplog.Follow(src.checklist, src.trail.past, history)
}

// readPast reads the checklist's versions.
func (src *source) readPast(ctx context.Context) (steplog.Past, error) {
	texts, err := src.trail.repo.Versions(ctx, src.config.Template, maxVersions)
	versions := make([]*records.Record, len(texts))
	for i, text := range texts {
		versions[i] = src.parseDocument(src.config.Template, text)
	}
	return steplog.PastOf(versions), err
}

// countSteps counts the record's steps by their states.
func (e *reading) countSteps() {
	for _, state := range records.States {
		c := StepCount{State: state}
		for i := range e.Steps {
			if e.Steps[i].State == state {
				c.Count++
				c.First = cmp.Or(c.First, e.Steps[i].ID)
			}
		}
		if c.Count > 0 {
			e.StepCounts = append(e.StepCounts, c)
		}
	}
}

// sumSteps keeps what other pages need of the record's steps.
func (e *reading) sumSteps() {
	if e.at = insights.AtStep(e.Record); e.at >= 0 && e.Status == records.InProgress {
		e.atLabel = e.Steps[e.at].Label
	}
	for i := range e.Steps {
		if step := &e.Steps[i]; step.At.After(e.lastMark.At) {
			e.lastMark = mark{step.At, step.By}
		}
	}
	seen := map[string]bool{}
	for i := range e.Steps {
		step := &e.Steps[i]
		if step.State == records.StepFailed && !step.At.IsZero() && (e.failedAt.IsZero() || step.At.Before(e.failedAt)) {
			e.failedAt = step.At
		}
		if step.State == records.StepFailed && !seen[step.Key] {
			seen[step.Key] = true
			e.failed = append(e.failed, failedStep{step.Key, step.Label, step.ID, e.StepNotes(*step)})
		}
	}
}

// stepStates is an attribute of a row with the states of the steps that the
// checklist has too: data-step="0d 3f" has numbers of the checklist's steps, each
// with its state's first letter. Counts of steps filter the timeline by it.
func (e *Entry) stepStates() string {
	var out []byte
	for number, state := range e.source.paths.States(e.steps) {
		if out = append(out, ' '); len(out) == 1 {
			out = append(out[:0], ` data-step="`...)
		}
		out = append(strconv.AppendInt(out, int64(number), 10), state[0])
	}
	if out == nil {
		return ""
	}
	return string(append(out, '"'))
}
