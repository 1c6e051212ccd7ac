package runner

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/deploysite/deploysite/internal/records"
)

// model is the state of the screen. Update gets keys and other messages, one after the
// other; View makes the screen from the model alone (view.go).
//
// Its record is the one on the disk: a key makes a change there, and the record that
// comes back is shown. While a change is being written, the keys after it wait.
type model struct {
	opt    Options
	disk   *recordFile
	ctx    context.Context
	cancel context.CancelFunc // ends waiting for another command

	record *records.Record
	list   list
	cursor int // the step that keys are for
	top    int // the first row that is seen

	width, height int
	now           time.Time

	output *output   // of the last command that was run
	later  []overlay // what is asked when nothing else covers the list, the last one first
	over   overlay   // what covers the list and takes the keys; nil for the list itself
	notice notice
	broken string // why the record cannot be read from the disk; "" if it can

	job      func() changed // the change that is being written
	away     bool           // another program has the terminal, or earlier records are searched
	waiting  []tea.Msg      // keys that came meanwhile
	added    records.Note   // the note that was just written
	round    int            // how many changes were made; a check of the disk that began before is old
	checking bool
	leaving  bool

	exec func(tea.ExecCommand, tea.ExecCallback) tea.Cmd // gives a command the terminal
}

// notice tells how the last action went.
type notice struct {
	text string
	bad  bool
}

// An overlay is a page, a question or a line to be written.
type overlay interface {
	key(m *model, k tea.KeyPressMsg) tea.Cmd
}

func newModel(ctx context.Context, opt Options, d *recordFile, r *records.Record) *model {
	m := &model{opt: opt, disk: d, width: 80, height: 24, now: opt.Now(), exec: tea.Exec}
	m.ctx, m.cancel = context.WithCancel(ctx)
	m.show(r)
	m.cursor = firstOpen(r)
	m.follow()
	return m
}

// firstOpen is the step to go on with: the first one in progress, or else the first
// open one.
func firstOpen(r *records.Record) int {
	open := 0
	for i := len(r.Steps) - 1; i >= 0; i-- {
		switch r.Steps[i].State {
		case records.StepRunning:
			return i
		case records.Pending:
			open = i
		}
	}
	return open
}

// The messages besides keys.
type (
	ticked  time.Time
	changed struct {
		before, after *records.Record // after an error, after is the record on the disk, or nil
		err           error
		done          func(before, after *records.Record) string
	}
	diskChecked struct {
		record *records.Record // nil if there is nothing new
		err    error
		round  int
	}
	told   string   // what the store says of a change: what is waited for, what is not kept
	hangup struct{} // the terminal is gone, or is going
)

// Init implements tea.Model.
func (m *model) Init() tea.Cmd { return tick() }

// tick moves the clock on, and has the disk checked.
func tick() tea.Cmd {
	return tea.Tick(time.Second, func(t time.Time) tea.Msg { return ticked(t) })
}

// Update implements tea.Model.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	_, cmd := m.update(msg)
	if n := len(m.later); n > 0 && m.over == nil && m.job == nil && !m.away && len(m.waiting) == 0 {
		m.over, m.later = m.later[n-1], m.later[:n-1]
	}
	return m, cmd
}

func (m *model) update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.resize(msg.Width, msg.Height)
	case tea.KeyPressMsg, tea.PasteMsg:
		return m, m.input(msg)
	case changed:
		m.settle(msg)
		return m, tea.Batch(m.recall(), m.goOn())
	case recalled:
		return m, m.showRecalled(msg)
	case ticked:
		m.now = m.opt.Now()
		return m, tea.Batch(tick(), m.checkDisk())
	case diskChecked:
		m.showNews(msg)
	case told:
		m.say(string(msg))
	case edited:
		return m, m.backFromEditor(msg)
	case ran:
		return m, m.backFromCommand(msg)
	case committed:
		return m, m.backFromCommit(msg)
	case hangup:
		m.leaving = true
		if m.job == nil {
			return m, tea.Quit
		}
	}
	return m, nil
}

// input handles a key or a paste, or keeps it until the change before it is written.
func (m *model) input(msg tea.Msg) tea.Cmd {
	if m.job == nil && !m.away {
		return m.handle(msg)
	}
	if k, ok := msg.(tea.KeyPressMsg); ok && k.String() == "ctrl+c" {
		m.waiting = nil
		m.cancel()
		return nil
	}
	m.waiting = append(m.waiting, msg)
	return nil
}

func (m *model) handle(msg tea.Msg) tea.Cmd {
	if paste, ok := msg.(tea.PasteMsg); ok {
		return m.paste(paste.Content)
	}
	k := msg.(tea.KeyPressMsg)
	if _, writes := m.over.(*prompt); k.Mod == tea.ModAlt && !writes { // Esc and a key at once, as slow lines send them
		m.over = nil
		k = tea.KeyPressMsg{Code: k.Code, Text: string(k.Code)}
	}
	if m.over != nil {
		return m.over.key(m, k)
	}
	m.notice = notice{}
	return m.press(k.String())
}

func (m *model) paste(text string) tea.Cmd {
	if p, ok := m.over.(*prompt); ok {
		p.paste(text)
	} else {
		m.fail("What was pasted is no key. Press i first to keep it as an issue.")
	}
	return nil
}

// goOn handles the keys that waited, until one of them makes a change again.
func (m *model) goOn() tea.Cmd {
	var all []tea.Cmd
	for len(m.waiting) > 0 && m.job == nil && !m.away && !m.leaving {
		next := m.waiting[0]
		m.waiting = m.waiting[1:]
		all = append(all, m.handle(next))
	}
	if m.leaving && m.job == nil {
		return tea.Quit
	}
	return tea.Batch(all...)
}

func (m *model) resize(width, height int) {
	m.width, m.height = width, height
	m.list = layOut(m.record, m.airy())
	m.follow()
}

// follow scrolls so that the cursor is seen.
func (m *model) follow() {
	m.top = min(m.top, max(0, len(m.list.rows)-1)) // the record may have become shorter
	if len(m.record.Steps) == 0 {
		m.top = 0
	} else {
		m.top = m.list.scroll(m.top, m.list.rowOf[m.cursor], m.frameOf().list)
	}
}

func (m *model) say(text string)  { m.notice = notice{text: text} }
func (m *model) fail(text string) { m.notice = notice{text: text, bad: true} }

// step is the one that keys are for; ok is false where there is none.
func (m *model) step() (records.Step, bool) {
	if len(m.record.Steps) == 0 {
		m.fail("This record has no steps. e opens it in an editor.")
		return records.Step{}, false
	}
	return m.record.Steps[m.cursor], true
}
