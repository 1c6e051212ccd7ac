package runner

import (
	"bytes"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/deploysite/deploysite/internal/records"
)

// A binding is what a key does in the list. Help and hints are made of the same
// table, so that they cannot say something else.
type binding struct {
	keys string // as Bubble Tea names them, parted by blanks; the first is shown
	hint string // a word for the bottom line; "" for none
	help string
	do   func(m *model) tea.Cmd
}

// bindings is made by a function: the help page is one of them.
func bindings() []binding {
	return []binding{
		{"space", "done", "done, and on to the next open step", func(m *model) tea.Cmd { return m.mark(records.Done, true) }},
		{"d", "", "done", func(m *model) tea.Cmd { return m.mark(records.Done, false) }},
		{"f", "fail", "failed", func(m *model) tea.Cmd { return m.mark(records.StepFailed, false) }},
		{"p", "", "in progress", func(m *model) tea.Cmd { return m.mark(records.StepRunning, false) }},
		{"s", "skip", "skipped", func(m *model) tea.Cmd { return m.mark(records.Skipped, false) }},
		{"o", "", "open again, without a mark", func(m *model) tea.Cmd { return m.mark(records.Pending, false) }},

		{"n", "note", "a note below the step", (*model).writeNote},
		{"i", "issue", "an issue; what you paste is kept as it is", func(m *model) tea.Cmd { return m.write(records.Issues) }},
		{"l", "", "a lesson learned", func(m *model) tea.Cmd { return m.write(records.Lessons) }},
		{"t", "", "a tip for the next deployment", func(m *model) tea.Cmd { return m.write(records.Tips) }},
		{"w", "", "what went well", func(m *model) tea.Cmd { return m.write(records.Well) }},

		{"c", "", "copy the step's command", (*model).copyCommand},
		{"r", "run", "run the step's command, once you have seen it and said yes", (*model).runCommand},

		{"a", "keep output", "keep below its step what the last command printed", (*model).attach},
		{"u", "undo", "take the last change back, or make it again", (*model).undo},

		{"down j", "", "next step", func(m *model) tea.Cmd { return m.move(1) }},
		{"up k", "", "step before", func(m *model) tea.Cmd { return m.move(-1) }},
		{"tab", "next open", "next open step", func(m *model) tea.Cmd { return m.to(nextOpen(m.record, m.cursor, 1)) }},
		{"shift+tab", "", "open step before", func(m *model) tea.Cmd { return m.to(nextOpen(m.record, m.cursor, -1)) }},
		{"] right", "", "next section", func(m *model) tea.Cmd { return m.toSection(1) }},
		{"[ left", "", "section before", func(m *model) tea.Cmd { return m.toSection(-1) }},
		{"pgdown ctrl+f", "", "a page down", func(m *model) tea.Cmd { return m.move(m.frameOf().list - 1) }},
		{"pgup ctrl+b", "", "a page up", func(m *model) tea.Cmd { return m.move(1 - m.frameOf().list) }},
		{"home g", "", "first step", func(m *model) tea.Cmd { return m.to(0) }},
		{"end G", "", "last step", func(m *model) tea.Cmd { return m.to(len(m.record.Steps) - 1) }},

		{"enter", "", "all that the record says about the step", (*model).details},
		{"b", "", "the briefing: what earlier deployments left", (*model).briefing},
		{"e", "", "open the record in your editor", (*model).edit},
		{"F", "finish", "finish: say how the deployment ended", (*model).finish},
		{"? f1", "help", "this page", (*model).help},
		{"ctrl+z", "", "put this into the background", func(*model) tea.Cmd { return tea.Suspend }},
		{"q ctrl+c", "quit", "leave; everything is written already", func(*model) tea.Cmd { return tea.Quit }},
	}
}

func (b binding) has(key string) bool {
	return slices.Contains(strings.Fields(b.keys), key)
}

// names are the binding's keys as a person reads them.
func (b binding) names() string {
	var names []string
	for k := range strings.FieldsSeq(b.keys) {
		names = append(names, keyName(k))
	}
	return strings.Join(names, ", ")
}

// keyNames are the keys with a name or sign of their own.
var keyNames = map[string]string{
	"down": "↓", "up": "↑", "left": "←", "right": "→", "pgdown": "PgDn", "pgup": "PgUp", "shift+tab": "Shift-Tab",
}

func keyName(key string) string {
	rest, ctrl := strings.CutPrefix(key, "ctrl+")
	switch name := keyNames[key]; {
	case name != "":
		return name
	case ctrl:
		return "Ctrl-" + strings.ToUpper(rest)
	case len(key) > 1:
		return strings.ToUpper(key[:1]) + key[1:]
	}
	return key
}

// press does what a key in the list does.
func (m *model) press(key string) tea.Cmd {
	for _, b := range bindings() {
		if b.has(key) {
			return b.do(m)
		}
	}
	if key != "esc" {
		m.fail(shown(keyName(key)) + " does nothing here. ? shows the keys.")
	}
	return nil
}

func isBound(key string) bool {
	return slices.ContainsFunc(bindings(), func(b binding) bool { return b.has(key) })
}

func (m *model) mark(state records.State, goOn bool) tea.Cmd {
	s, ok := m.step()
	if !ok {
		return nil
	}
	ref := m.record.Ref(m.cursor)
	mark := records.Mark{State: state, At: m.opt.Now().Truncate(time.Second), By: m.opt.By, Was: s.State}
	return m.change(records.MarkStep(ref, mark), func(before, after *records.Record) string {
		if at, ok := after.Find(ref); goOn && ok {
			m.to(nextOpen(after, at, 1))
		}
		if bytes.Equal(before.Source, after.Source) {
			return "Nothing to write: " + name(s) + " " + stateSays[state] + " already."
		}
		return name(s) + " " + stateSays[state] + "." + m.afterFailure(state)
	})
}

// stateSays is what is said of a step that has a state.
var stateSays = map[records.State]string{
	records.Done: "is done", records.StepFailed: "failed", records.StepRunning: "is in progress",
	records.Skipped: "is skipped", records.Pending: "is open",
}

func (m *model) move(by int) tea.Cmd { return m.to(m.cursor + by) }

// to moves the cursor to a step, or as near as there is one.
func (m *model) to(step int) tea.Cmd {
	m.cursor = max(0, min(step, len(m.record.Steps)-1))
	m.follow()
	return nil
}

// toSection moves the cursor to the first step of another section.
func (m *model) toSection(by int) tea.Cmd {
	if len(m.record.Steps) == 0 {
		return nil
	}
	at := m.list.sectionOf(m.cursor) + by
	if at < 0 || at >= len(m.list.sections) {
		return nil
	}
	return m.to(m.list.sections[at].steps[0])
}
