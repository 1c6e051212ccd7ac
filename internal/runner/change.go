package runner

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"path"
	"strings"
	"sync"

	tea "charm.land/bubbletea/v2"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/store"
)

// change makes a change to the record on the disk. done says what was done.
func (m *model) change(c records.Change, done func(before, after *records.Record) string) tea.Cmd {
	return m.work(func(ctx context.Context) (before, after *records.Record, err error) { return m.disk.Change(ctx, c) }, done)
}

// undo takes the last change to the record back, also one that was made elsewhere by a
// command. Once more makes it again.
func (m *model) undo() tea.Cmd {
	verb, back := "Undone", "u makes it again"
	do := func(ctx context.Context) (before, after *records.Record, err error) {
		before, after, again, err := m.disk.Undo(ctx)
		if again {
			verb, back = "Made again", "u takes it back"
		}
		return before, after, err
	}
	return m.work(do, func(before, after *records.Record) string {
		m.toChanged(before, after)
		said := cmp.Or(strings.Join(records.Differences(before, after), "; "), "the text is as it was")
		return verb + ": " + shown(said) + ". " + back + "."
	})
}

// toChanged moves the cursor to the first step that is another one than before.
func (m *model) toChanged(before, after *records.Record) {
	for i := range min(len(before.Steps), len(after.Steps)) {
		if a, b := before.Steps[i].Span, after.Steps[i].Span; !bytes.Equal(before.Source[a.Start:a.End], after.Source[b.Start:b.End]) {
			m.to(i)
			return
		}
	}
}

// work has the record on the disk changed.
func (m *model) work(change func(context.Context) (before, after *records.Record, err error), done func(before, after *records.Record) string) tea.Cmd {
	if m.ctx.Err() != nil {
		m.ctx, m.cancel = context.WithCancel(context.WithoutCancel(m.ctx))
	}
	ctx := m.ctx
	job := sync.OnceValue(func() changed {
		before, after, err := change(ctx)
		if err != nil {
			after, _ = m.disk.Read()
		}
		return changed{before, after, err, done}
	})
	m.job = job
	return func() tea.Msg { return job() }
}

// settle shows the result of a change.
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
	case errors.Is(c.err, store.ErrNothingToUndo):
		m.fail("Nothing to undo: no change of the last 30 days to this record is known here." + elsewhere)
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

// checkDisk reads the record again if it changed there, unless a change is being
// written.
func (m *model) checkDisk() tea.Cmd {
	if m.job != nil || m.away || m.checking {
		return nil
	}
	m.checking = true
	round := m.round
	return func() tea.Msg {
		r, err := m.disk.ReadIfChanged()
		return diskChecked{r, err, round}
	}
}

// showNews shows what a check of the disk found.
func (m *model) showNews(c diskChecked) {
	m.checking = false
	if c.round != m.round || m.job != nil {
		return // a change was made since, and knows better
	}
	if c.err != nil {
		m.broken = m.reason(c.err)
		return
	}
	m.broken = ""
	if c.record == nil || bytes.Equal(c.record.Source, m.record.Source) {
		return
	}
	m.say(changedElsewhere + m.show(c.record))
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
