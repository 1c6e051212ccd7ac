package runner

import (
	"bytes"
	"context"
	"errors"
	"path"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/deploysite/deploysite/internal/records"
)

// model is all that is on the screen. Keys and news come to Update, one after the
// other; what there is to see is made from the model alone (view.go).
//
// The record in it is the one on the disk: a key makes a change there, and what
// comes back is shown. While a change is being written, the keys that follow
// wait.
type model struct {
	opt    Options
	store  store
	ctx    context.Context
	cancel context.CancelFunc // ends waiting for another command

	record *records.Record
	list   list
	cursor int // the step that keys are for
	top    int // the first row that is seen

	width, height int
	now           time.Time

	over   overlay // what lies over the list and takes the keys; nil for the list
	notice notice
	broken string // why the record cannot be read from the disk; "" if it can

	job     func() changed // the change that is being written
	away    bool           // another program has the terminal, or earlier records are searched
	waiting []tea.Msg      // keys that came meanwhile
	added   records.Note   // the note that was just written
	round   int            // how many changes were made: a look that began before is old
	looking bool
	leaving bool
}

// notice is what there is to say about what was done last.
type notice struct {
	text string
	bad  bool
}

// An overlay is a page, a question or a line to be written.
type overlay interface {
	key(m *model, k tea.KeyPressMsg) tea.Cmd
}

func newModel(ctx context.Context, opt Options, s store, r *records.Record) *model {
	m := &model{opt: opt, store: s, width: 80, height: 24, now: opt.Now()}
	m.ctx, m.cancel = context.WithCancel(ctx)
	m.show(r)
	m.cursor = firstOpen(r)
	m.follow()
	return m
}

// firstOpen is the step to go on with: one in progress, else the first that is
// open.
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

// What comes in besides keys.
type (
	ticked  time.Time
	changed struct {
		before, after *records.Record // after an error, after is the record on the disk, or nil
		err           error
		done          func(before, after *records.Record) string
	}
	looked struct {
		record *records.Record // nil if there is nothing new
		err    error
		round  int
	}
	waits  struct{} // another command has the record
	hangup struct{} // the terminal is gone, or is going
)

// Init implements tea.Model.
func (m *model) Init() tea.Cmd { return tick() }

// tick makes the clock go, and has the record looked at.
func tick() tea.Cmd {
	return tea.Tick(time.Second, func(t time.Time) tea.Msg { return ticked(t) })
}

// Update implements tea.Model.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.resize(msg.Width, msg.Height)
	case tea.KeyPressMsg, tea.PasteMsg:
		return m, m.input(msg)
	case changed:
		m.settle(msg)
		return m, tea.Batch(m.recall(), m.goOn())
	case recalled:
		return m, m.remember(msg)
	case ticked:
		m.now = m.opt.Now()
		return m, tea.Batch(tick(), m.look())
	case looked:
		m.learn(msg)
	case waits:
		m.say("Waiting for another command that has this record. Ctrl-C gives up.")
	case edited:
		return m, m.backFromEditor(msg)
	case ran:
		return m, m.backFromCommand(msg)
	case hangup:
		m.leaving = true
		if m.job == nil {
			return m, tea.Quit
		}
	}
	return m, nil
}

// input handles a key or what was pasted, or keeps it for later.
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
	if m.over != nil {
		return m.over.key(m, k)
	}
	m.notice = notice{}
	return m.press(k.String())
}

func (m *model) paste(text string) tea.Cmd {
	if p, ok := m.over.(*prompt); ok {
		p.paste(text)
	} else if m.over == nil {
		m.fail("What was pasted is no key. Press i first to keep it as an issue.")
	}
	return nil
}

// goOn handles the keys that waited, up to the next that has to be waited for.
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

// change makes a change to the record on the disk. done says what was done.
func (m *model) change(c records.Change, done func(before, after *records.Record) string) tea.Cmd {
	if m.ctx.Err() != nil {
		m.ctx, m.cancel = context.WithCancel(context.WithoutCancel(m.ctx))
	}
	ctx := m.ctx
	job := sync.OnceValue(func() changed {
		before, after, err := m.store.Change(ctx, c)
		if err != nil {
			after, _ = m.store.Read()
		}
		return changed{before, after, err, done}
	})
	m.job = job
	return func() tea.Msg { return job() }
}

// settle shows what came of a change.
func (m *model) settle(c changed) {
	m.job = nil
	m.round++
	was, disk := m.record, c.before
	if c.err != nil {
		disk = c.after
	}
	lost, elsewhere := m.show(c.after), ""
	if disk != nil && !bytes.Equal(disk.Source, was.Source) {
		elsewhere = " " + changedElsewhere + lost
	}
	switch {
	case c.err == nil:
		m.say(c.done(c.before, c.after) + elsewhere)
	case errors.Is(c.err, records.ErrStale) && lost == "":
		m.fail("Not written: " + m.reason(c.err) + ".")
	case errors.Is(c.err, records.ErrStale):
		m.fail("Not written." + elsewhere)
	default:
		m.fail("Not written: " + m.reason(c.err) + "." + elsewhere)
	}
}

// reason is an error in a sentence about the record.
func (m *model) reason(err error) string {
	text := strings.TrimPrefix(err.Error(), m.record.File+": ")
	return shown(strings.ReplaceAll(text, m.record.File, path.Base(m.record.File)))
}

const changedElsewhere = "It was changed elsewhere; read again."

// look asks the disk for news, unless a change does.
func (m *model) look() tea.Cmd {
	if m.job != nil || m.away || m.looking {
		return nil
	}
	m.looking = true
	round := m.round
	return func() tea.Msg {
		r, err := m.store.Look()
		return looked{r, err, round}
	}
}

// learn shows what a look found.
func (m *model) learn(l looked) {
	m.looking = false
	if l.round != m.round || m.job != nil {
		return // a change was made since, and knows better
	}
	if l.err != nil {
		m.broken = m.reason(l.err)
		return
	}
	m.broken = ""
	if l.record == nil || bytes.Equal(l.record.Source, m.record.Source) {
		return
	}
	m.say(changedElsewhere + m.show(l.record))
}

// show makes a record the one on the screen. The cursor stays on its step; lost
// says so if that is gone.
func (m *model) show(r *records.Record) (lost string) {
	if r == nil {
		return ""
	}
	was := m.record
	m.record = r
	m.broken = ""
	m.list = layOut(r, m.airy())
	if was != nil && m.cursor < len(was.Steps) {
		if at, ok := r.Find(was.Ref(m.cursor)); ok {
			m.cursor = at
		} else {
			lost = " The step " + name(was.Steps[m.cursor]) + " is gone."
		}
	}
	m.cursor = max(0, min(m.cursor, len(r.Steps)-1))
	m.follow()
	return lost
}

func (m *model) resize(width, height int) {
	m.width, m.height = width, height
	m.list = layOut(m.record, m.airy())
	m.follow()
}

// follow scrolls so that the cursor is seen.
func (m *model) follow() {
	if len(m.record.Steps) > 0 {
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
