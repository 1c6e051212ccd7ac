package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// finish asks how the deployment ended, or offers to take the end back.
func (m *model) finish() tea.Cmd {
	if m.record.Status != records.InProgress {
		q := &question{
			small:   true,
			title:   "It is over already: " + m.record.Status.Words() + ". Take that back?",
			answers: []answer{{"y", "in progress again", (*model).reopen}},
		}
		if m.opt.Commit != nil {
			q.answers = append(q.answers, answer{"c", "commit", (*model).commit})
		}
		m.over = q
		return nil
	}
	q := &question{title: "How did it end? s, f, r or c", body: m.openEnds()}
	for _, status := range records.Endings {
		q.answers = append(q.answers, answer{string(status)[:1], status.Words(), func(m *model) tea.Cmd { return m.end(status) }})
	}
	for _, b := range bindings() {
		if strings.Contains("w i l t", b.keys) { // the notes that are missing
			q.answers = append(q.answers, answer{b.keys, "", b.do})
		}
	}
	m.over = q
	return nil
}

func (m *model) end(status records.Status) tea.Cmd {
	if status == records.Cancelled {
		return m.askWhy()
	}
	return m.change(records.Finish(records.Outcome{Status: status, At: m.opt.Now()}), func(_, _ *records.Record) string {
		return "It ended: " + status.Words() + "." + m.askToCommit()
	})
}

// askWhy asks for the reason of a cancelled deployment, for whoever deploys next.
func (m *model) askWhy() tea.Cmd {
	m.over = &prompt{
		title: "Cancelled: why?",
		write: func(text, _ string) records.Change {
			return records.Cancel(text, m.stamp())
		},
		then: func(m *model) string { return "It is cancelled." + m.askToCommit() },
	}
	return nil
}

func (m *model) reopen() tea.Cmd {
	return m.change(records.Reopen, func(_, _ *records.Record) string { return "It is in progress again." })
}

// openEnds lists the steps that are open or failed, and counts the notes.
func (m *model) openEnds() (body []line) {
	list := func(title string, states ...records.State) {
		var found []line
		for _, state := range states {
			for _, s := range m.record.Steps {
				if s.State == state {
					found = append(found, line{{"  " + stateSigns[state] + " ", stateStyles[state] | indents}, {shown(text.First(s.Label, 400)), plain}})
				}
			}
		}
		if len(found) == 0 {
			return
		}
		body = append(body, inStyle(text.Count(len(found), "step")+" "+title+":", plain))
		if room := max(3, (m.height-14)/2); len(found) > room {
			found = append(found[:room-1], inStyle(fmt.Sprintf("  and %d more", len(found)-room+1), dim))
		}
		body = append(append(body, found...), nil)
	}
	list("still open", records.StepRunning, records.Pending)
	list("failed", records.StepFailed)
	if len(body) == 0 && len(m.record.Steps) > 0 {
		body = append(body, inStyle("All steps are done or skipped.", plain), nil)
	}
	return append(body, inStyle(m.notesSoFar(), dim))
}

// notesSoFar counts the notes.
func (m *model) notesSoFar() string {
	counts := map[records.NoteKind]int{}
	for _, n := range m.record.Notes {
		counts[n.Kind]++
	}
	return fmt.Sprintf("Notes so far: what went well %d (w), issues %d (i), lessons %d (l), tips %d (t). Those keys write what is missing while you remember it.",
		counts[records.Well], counts[records.Issues], counts[records.Lessons], counts[records.Tips])
}

// askToCommit asks whether to commit the record that is finished now, and returns what
// is left to do.
func (m *model) askToCommit() string {
	if m.opt.Commit == nil {
		return " q leaves."
	}
	m.later = append(m.later, &question{
		small:   true,
		title:   "Commit the record, and nothing else?",
		answers: []answer{{"y", "commit", (*model).commit}},
		no:      "Not committed yet: F, then c, commits it. q leaves.",
	})
	return ""
}

// committed is the result of a commit.
type committed struct {
	said string
	err  error
}

// commit commits the record. Git gets the terminal: it may ask for a password, and hooks
// print.
func (m *model) commit() tea.Cmd {
	c := &terminalCommit{commit: m.opt.Commit}
	m.away = true
	return m.exec(c, func(err error) tea.Msg { return committed{c.said, errors.Join(c.err, err)} })
}

func (m *model) backFromCommit(c committed) tea.Cmd {
	m.away = false
	if m.say(c.said + " q leaves."); c.err != nil {
		m.fail("Not committed. The record is finished, and all is written. F, then c, tries again.")
	}
	return m.goOn()
}

// terminalCommit commits on the terminal, and after a failure waits for a key, so that
// it can be read why.
type terminalCommit struct {
	commit func(ctx context.Context) (said string, err error)
	in     io.Reader
	out    io.Writer
	said   string
	err    error
}

// SetStdin implements tea.ExecCommand, as the two below.
func (c *terminalCommit) SetStdin(r io.Reader) { c.in = r }

// SetStdout sets where a failure is asked about.
func (c *terminalCommit) SetStdout(w io.Writer) { c.out = w }

// SetStderr does nothing.
func (c *terminalCommit) SetStderr(io.Writer) {}

// Run implements tea.ExecCommand. What the commit said is no error of Run.
func (c *terminalCommit) Run() error {
	fmt.Fprintln(c.out)
	if c.said, c.err = c.commit(context.Background()); c.err != nil {
		waitForKey(c.in, c.out, "Enter goes back to the checklist.")
	}
	return nil
}
