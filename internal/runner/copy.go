package runner

import (
	"fmt"

	tea "charm.land/bubbletea/v2"
)

// withCommand does something with the step's command. Where it has several, or
// code spans that are none, somebody chooses.
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
	for i, c := range commands[:min(9, len(commands))] {
		key := fmt.Sprint(i + 1)
		q.body = append(q.body, line{{key + "  ", bold | indents}, {first(c.oneLine(), 1000), cyan}})
		q.answers = append(q.answers, answer{key, "", func(m *model) tea.Cmd { return do(m, c) }})
	}
	m.over = q
	return nil
}

// copyCommand hands the command to the terminal's clipboard, and shows it: not
// every terminal takes it.
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

// forSelection is the command with nothing beside it.
func (c command) forSelection() (body []line) {
	for _, l := range c.lines() {
		body = append(body, inStyle(first(l, maxText), bold|verbatim))
	}
	return body
}
