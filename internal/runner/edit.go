package runner

import (
	tea "charm.land/bubbletea/v2"
)

// edited says that the editor was closed.
type edited struct{ err error }

// edit opens the record in the editor.
func (m *model) edit() tea.Cmd {
	if m.opt.Editor == nil {
		m.fail("There is no editor: set $VISUAL or $EDITOR.")
		return nil
	}
	m.away = true
	return tea.ExecProcess(m.opt.Editor(), func(err error) tea.Msg { return edited{err} })
}

// backFromEditor reads the record again, and then handles the keys that were typed
// meanwhile.
func (m *model) backFromEditor(e edited) tea.Cmd {
	m.away = false
	r, err := m.disk.Read()
	switch {
	case err != nil:
		m.broken = m.reason(err)
	case string(r.Source) == string(m.record.Source):
		m.say("Nothing was changed in the editor.")
	default:
		m.say("Read again." + m.show(r))
	}
	if e.err != nil {
		m.fail("The editor failed: " + shown(e.err.Error()) + ".")
	}
	m.round++
	return m.goOn()
}
