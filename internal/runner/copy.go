package runner

import (
	tea "charm.land/bubbletea/v2"

	"github.com/deploysite/deploysite/internal/text"
)

// withCommand calls do with the step's command. It asks which one where the step has
// several code spans, some of which may be no commands.
func (m *model) withCommand(verb string, do func(*model, command) tea.Cmd) tea.Cmd {
	s, ok := m.step()
	if !ok {
		return nil
	}
	commands := commandsOf(m.record, s)
	switch len(commands) {
	case 0:
		m.fail(name(s) + " names no command.")
		return nil
	case 1:
		return do(m, commands[0])
	}
	q := &question{title: "Which one? Nothing is " + verb + " yet.", numbers: "chooses"}
	for _, c := range commands[:min(9, len(commands))] {
		key := q.number(func(m *model) tea.Cmd { return do(m, c) })
		q.body = append(q.body, line{key, {text.First(c.oneLine(), 1000), cyan}})
	}
	m.over = q
	return nil
}

// copyCommand puts the command into the terminal's clipboard. It also shows the
// command, because not every terminal lets programs do that.
func (m *model) copyCommand() tea.Cmd {
	return m.withCommand("copied", func(m *model, c command) tea.Cmd {
		p := &page{title: "Command", body: c.forSelection()}
		m.over = p
		if c.hides() {
			p.body = append(p.body, nil, line{{"Not copied: it holds characters that cannot be seen, shown here as [U+…].", red}})
			return nil
		}
		p.body = append(p.body, nil, inStyle("Copied, if your terminal lets programs do that (OSC 52). Otherwise select it here.", dim))
		return tea.SetClipboard(string(c))
	})
}

// forSelection is the command alone, so that it can be selected with the mouse.
func (c command) forSelection() (body []line) {
	for _, l := range c.lines() {
		body = append(body, inStyle(text.First(l, maxText), bold|verbatim))
	}
	return body
}
