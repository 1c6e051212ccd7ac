package runner

import (
	tea "charm.land/bubbletea/v2"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// recalled is what earlier records say about an issue.
type recalled struct {
	issue records.Note
	found []Earlier
	err   error
}

// recall searches earlier records for the issue that was just noted. Keys wait for
// it, as for a change, so that no key answers a question that nobody has seen.
func (m *model) recall() tea.Cmd {
	issue := m.added
	m.added = records.Note{}
	if issue.Kind != records.Issues || m.opt.Recall == nil || m.leaving {
		return nil
	}
	m.away = true
	ctx := m.ctx
	return func() tea.Msg {
		found, err := m.opt.Recall(ctx, issue)
		return recalled{issue, found, err}
	}
}

// showRecalled shows what was found, and offers to link it.
func (m *model) showRecalled(r recalled) tea.Cmd {
	m.away = false
	if r.err != nil {
		m.say(m.notice.text + " Earlier records cannot be searched: " + shown(r.err.Error()))
	}
	if len(r.found) > 0 {
		m.later = append(m.later, askToLink(r)) // keys that wait were not meant for what is asked then
	}
	return m.goOn()
}

func askToLink(r recalled) *question {
	q := &question{title: "The issue is noted. It was seen before:", numbers: "links it below the issue"}
	for _, e := range r.found[:min(9, len(r.found))] {
		key := q.number(func(m *model) tea.Cmd {
			return m.change(records.AddBelowNote(r.issue.ID, e.Link), func(_, _ *records.Record) string {
				return "Linked " + shown(text.First(e.Where, 100)) + "."
			})
		})
		q.body = append(q.body, line{key, {shown(text.First(e.Where, 400)), bold}},
			line{{"   ", plain | indents}, {shown(text.First(e.What, 400)), plain}})
		if e.Helped != "" {
			q.body = append(q.body, line{{"   ", plain | indents}, {"What helped: ", dim}, {shown(text.First(e.Helped, 600)), green}})
		}
		q.body = append(q.body, nil)
	}
	return q
}
