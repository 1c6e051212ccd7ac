package site

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/deploysite/deploysite/internal/compare"
	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/records"
)

// StepCount is how many steps of a record are in one state, with the first of them.
type StepCount struct {
	State records.State
	Count int
	First string // id
}

// A checkedStep is a step of a record that the checklist has too. A long history
// has some hundred thousand, so it holds no pointer.
type checkedStep struct {
	number int32 // in the checklist
	state  uint8 // its place in records.States
}

// A mark is when a step was marked, and by whom.
type mark struct {
	At time.Time
	By string
}

// A failedStep is a step that failed, for links between records.
type failedStep struct{ key, label, id string }

// A sourceStep is a step in all records of one source. The checklist of another one
// may call something else the same.
type sourceStep struct {
	source *source
	key    string
}

// numberSteps gives each step of the checklist the number by which the
// timeline's filter knows it, and keeps what records are compared with.
func (src *source) numberSteps() {
	if src.template == nil {
		return
	}
	src.checklist = compare.StepsOf(src.template.Record)
	for i := range src.template.Steps {
		src.templateKeys[src.template.Steps[i].Key] = i
	}
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
func (e *reading) sumSteps(src *source) {
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
		if n, ok := src.templateKeys[step.Key]; ok {
			e.checked = append(e.checked, checkedStep{int32(n), uint8(slices.Index(records.States, step.State))})
		}
		if step.State == records.StepFailed && !step.At.IsZero() && (e.failedAt.IsZero() || step.At.Before(e.failedAt)) {
			e.failedAt = step.At
		}
		if step.State == records.StepFailed && !seen[step.Key] {
			seen[step.Key] = true
			e.failed = append(e.failed, failedStep{step.Key, step.Label, step.ID})
		}
	}
}

// stepStates is an attribute of a row with the states of the steps that the
// checklist has too: data-step="0d 3f" has numbers of the checklist's steps, each
// with its state's first letter. Counts on the checklist page filter the timeline
// by it.
func (e *Entry) stepStates() string {
	if len(e.checked) == 0 {
		return ""
	}
	out := []byte(` data-step="`)
	for i, c := range e.checked {
		if i > 0 {
			out = append(out, ' ')
		}
		out = append(strconv.AppendInt(out, int64(c.number), 10), records.States[c.state][0])
	}
	return string(append(out, '"'))
}
