package runner

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/deploysite/deploysite/internal/records"
)

// prompt is a line that is being written: a note, an issue.
type prompt struct {
	title string
	input input
	code  string // pasted lines, which are kept as they are
	codes bool   // whether pasted lines are kept so, as in an issue
	write func(text, code string) records.Change
	done  string              // the notice when it is written
	then  func(*model) string // makes that notice; nil for done
}

// writeNote asks for a note on the step.
func (m *model) writeNote() tea.Cmd {
	s, ok := m.step()
	if !ok {
		return nil
	}
	ref := m.record.Ref(m.cursor)
	m.over = &prompt{
		title: "A note on " + name(s),
		write: func(text, code string) records.Change {
			return records.AddStepNote(ref, records.NewNote{Text: text, Code: code, Stamp: m.stamp()})
		},
		done: "Noted below " + name(s) + ".",
	}
	return nil
}

var notePrompts = map[records.NoteKind]struct{ title, done string }{
	records.Issues:  {"An issue: what went wrong", "The issue is noted."},
	records.Lessons: {"A lesson learned", "The lesson is noted."},
	records.Tips:    {"A tip for the next deployment", "The tip is noted."},
	records.Well:    {"What went well", "Noted what went well."},
}

// write asks for a note of a kind. An issue says when and at which step it came up.
func (m *model) write(kind records.NoteKind) tea.Cmd {
	p := &prompt{title: notePrompts[kind].title, done: notePrompts[kind].done, codes: kind == records.Issues}
	key := ""
	if p.codes && len(m.record.Steps) > 0 {
		s := m.record.Steps[m.cursor]
		key, p.title = s.Key, "An issue at "+name(s)
	}
	p.write = func(text, code string) records.Change {
		n := records.NewNote{Text: text, Code: code}
		if p.codes {
			n.Stamp = m.stamp()
			n.Stamp.Step = key
		}
		return records.AddNote(kind, n)
	}
	m.over = p
	return nil
}

// stamp says that something is written now.
func (m *model) stamp() records.Stamp {
	return records.Stamp{At: m.opt.Now().Truncate(time.Second), By: m.opt.By}
}

func (p *prompt) key(m *model, k tea.KeyPressMsg) tea.Cmd {
	switch k.String() {
	case "enter", "ctrl+j": // a line feed, as some send it
		if p.empty() {
			m.over = nil
			m.say("Nothing was written.")
			return nil
		}
		return m.submit(p)
	case "esc", "ctrl+c":
		m.over = nil
		m.say("Nothing was written.")
	case "tab":
		p.toggleOutput(m)
	default:
		p.input.key(k)
	}
	return nil
}

// toggleOutput adds what the last command printed, or takes it out.
func (p *prompt) toggleOutput(m *model) {
	switch {
	case !p.codes:
		m.fail("What was printed goes into an issue, i, or below its step, a.")
	case m.output == nil:
		m.fail(noOutput)
	case p.code == m.output.code:
		p.code = ""
	case p.code == "":
		p.code = m.output.code
	default:
		p.code += "\n" + m.output.code
	}
}

// submit writes what was typed. The prompt stays until that is on the disk, so that it
// can be tried again.
func (m *model) submit(p *prompt) tea.Cmd {
	said := p.input.String()
	if said == "" {
		said = m.opt.Headline(p.code)
	}
	return m.change(p.write(said, p.code), func(before, after *records.Record) string {
		m.over = nil
		if p.codes {
			m.added, _ = records.AddedNote(before, after)
		}
		if p.then != nil {
			p.done = p.then(m)
		}
		return strings.TrimSpace(p.done + " " + m.opt.Caution(said+"\n"+p.code))
	})
}

// paste puts pasted text into the line. Of several lines an issue keeps each.
func (p *prompt) paste(text string) {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	text = strings.Trim(text, "\n")
	if !p.codes || !strings.Contains(text, "\n") {
		p.input.insert(text)
		return
	}
	if p.code != "" {
		p.code += "\n"
	}
	p.code += text
}

func (p *prompt) empty() bool { return p.input.String() == "" && strings.TrimSpace(p.code) == "" }
