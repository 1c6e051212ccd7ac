package runner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

const promptSign = "> "

// bottom is the last lines of the window: the notice and the keys, or what is
// being written.
func (m *model) bottom() []line {
	switch over := m.over.(type) {
	case *prompt:
		return append(m.promptTitle(over), m.promptLine(over))
	case *question:
		if over.small {
			said := line{{m.notice.text, plain}, {" " + over.title, bold}}
			return append(m.noticeLines(said), answerLine(over, m.columns()))
		}
	}
	return append(m.noticeLines(m.noticeLine()), m.keysLine())
}

// noticeLines wraps what there is to say into at most three lines.
func (m *model) noticeLines(l line) []line {
	lines := l.wrap(m.inner())
	return withMargin(lines[:min(3, len(lines))])
}

func (m *model) noticeLine() line {
	switch {
	case m.broken != "":
		return inStyle("What is shown is older: "+m.broken+".", red|bold)
	case m.notice.bad:
		return inStyle(m.notice.text, red|bold)
	case m.job != nil && m.notice.text == "":
		return inStyle("Writing …", dim)
	case m.notice.text == "" && m.allSettled():
		return inStyle("No step is open. F finishes.", dim)
	}
	return inStyle(m.notice.text, plain)
}

// allSettled reports whether there is nothing left but to finish.
func (m *model) allSettled() bool {
	return len(m.record.Steps) > 0 && m.record.Status == records.InProgress &&
		!slices.ContainsFunc(m.record.Steps, isOpen)
}

// promptTitle says what is being written and how to go on.
func (m *model) promptTitle(p *prompt) []line {
	title := inStyle(p.title, bold)
	if m.notice.bad {
		title = inStyle(m.notice.text, red|bold)
	}
	hint := p.hint(m)
	if title.width()+2+width(hint) <= m.inner() {
		return withMargin([]line{title.withRight(inStyle(hint, dim), m.inner())})
	}
	lines := m.noticeLines(title)
	return append(lines[:min(2, len(lines))], withMargin([]line{inStyle(hint, dim).cut(m.inner())})...)
}

// hint is how to go on from a prompt.
func (p *prompt) hint(m *model) string {
	switch {
	case p.code != "":
		return fmt.Sprintf("with %s; say what it is, or Enter", text.Count(strings.Count(p.code, "\n")+1, "line"))
	case p.codes && m.output != nil:
		return "Tab adds what was printed; Enter writes it"
	case p.codes:
		return "paste what was printed; Enter writes it, Esc leaves it"
	}
	return "Enter writes it, Esc leaves it"
}

func (m *model) promptLine(p *prompt) line {
	s, _ := p.input.visible(m.columns() - len(promptSign) - 1)
	return line{{promptSign, cyan | bold}, {s, plain}}
}

// keysLine shows as many keys as there is room for.
func (m *model) keysLine() line {
	right := line{}
	left := line{{" ", plain}}
	last := "  ? help  q quit  "  // has its place before all others
	finishes := m.columns() >= 90 // below, keys for the step matter more
	if finishes {
		last = "  F finish" + last
	}
	hasCommand := len(m.record.Steps) > 0 && len(commandsOf(m.record, m.record.Steps[m.cursor])) > 0
	for _, b := range bindings() {
		hint := line{{keyName(strings.Fields(b.keys)[0]), bold}, {" " + b.hint + "  ", dim}}
		switch {
		case b.hint == "" || b.keys == "r" && !hasCommand || b.keys == "a" && m.output == nil:
		case b.hint == "finish" && finishes || b.hint == "help" || b.hint == "quit":
			right = append(right, hint...)
		default:
			if left.width()+hint.width()+len(last) <= m.columns() {
				left = append(left, hint...)
			}
		}
	}
	return left.withRight(right, m.columns())
}

// answerLine has the keys of a question. What a narrow window has no room for goes, the
// answers last: there a key is the first letter of its word.
func answerLine(q *question, columns int) line {
	l := answers(q, "   ", false)
	if all := append(slices.Clip(l), piece{"any other key", bold}, piece{" leaves it", dim}); all.width() <= columns {
		return all
	}
	for _, short := range []bool{false, true} {
		for _, gap := range []string{"   ", "  ", " "} {
			if l = answers(q, gap, short); l.width()-len(gap) <= columns {
				return l
			}
		}
	}
	return l
}

func answers(q *question, gap string, short bool) line {
	l := line{{" ", plain}}
	if q.numbers != "" {
		key := "1"
		if n := len(q.answers); n > 1 {
			key = fmt.Sprintf("1–%d", n)
		}
		l = append(l, piece{key, bold}, piece{" " + q.numbers + gap, dim})
	}
	for _, a := range q.answers {
		rest, isFirst := strings.CutPrefix(a.word, a.key)
		switch {
		case a.word == "":
		case short && isFirst:
			l = append(l, piece{a.key, bold}, piece{rest + gap, dim})
		default:
			l = append(l, piece{a.key, bold}, piece{" " + a.word + gap, dim})
		}
	}
	return l
}
