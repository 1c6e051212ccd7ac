package runner

import (
	"bytes"
	"fmt"
	"strings"
	"sync"

	tea "charm.land/bubbletea/v2"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// output is what a command printed that was run from here. It is kept until the next
// one is run, so that it can be put into the record.
type output struct {
	ref  records.StepRef
	step string // its name
	how  string // "Exit status 1 after 2 s"
	code string // the command, and the last lines that it printed
}

// tail keeps the end of what is written to it. The beginning of a long log says what
// went well.
type tail struct {
	mu    sync.Mutex
	kept  []byte
	lines int // how many were written in all
}

const (
	maxTail     = 64 << 10 // bytes
	maxTailLine = 100      // lines that go into the record
)

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines += bytes.Count(p, []byte{'\n'})
	t.kept = append(t.kept, p[max(0, len(p)-maxTail):]...)
	if len(t.kept) > 2*maxTail {
		t.kept = append([]byte(nil), t.kept[len(t.kept)-maxTail:]...)
	}
	return len(p), nil
}

// String is the last lines, and says how many were before them. It is not yet
// cleaned of escape sequences: the record does that with all that is pasted.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	printed := strings.TrimRight(string(t.kept), "\r\n\t ")
	lines := strings.Split(printed, "\n")
	before := t.lines - strings.Count(string(t.kept), "\n")
	if before > 0 {
		lines, before = lines[1:], before+1 // the first is not whole
	}
	if more := len(lines) - maxTailLine; more > 0 {
		lines, before = lines[more:], before+more
	}
	printed = strings.Join(lines, "\n")
	if before > 0 {
		printed = fmt.Sprintf("[… %s left out …]\n", text.Count(before, "line")) + printed
	}
	return printed
}

const noOutput = "No command was run here that printed anything. r runs the step's."

// attach writes what the last command printed below its step.
func (m *model) attach() tea.Cmd {
	o := m.output
	if o == nil {
		m.fail(noOutput)
		return nil
	}
	note := records.NewNote{Text: o.how, Code: o.code, Stamp: m.stamp()}
	return m.change(records.AddStepNote(o.ref, note), func(_, _ *records.Record) string {
		return strings.TrimSpace("The output is kept below " + o.step + ". " + m.opt.Caution(o.code))
	})
}
