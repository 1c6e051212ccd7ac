package runner

import (
	"errors"
	"os/exec"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/deploysite/deploysite/internal/records"
)

// maxCommand is how long a command may be in bytes, to be run from here.
const maxCommand = 4000

// runCommand asks whether to run the command.
func (m *model) runCommand() tea.Cmd {
	return m.withCommand("run", func(m *model, c command) tea.Cmd {
		switch {
		case m.opt.Shell == nil:
			m.fail("There is no shell to run it in.")
		case len(c) > maxCommand:
			m.fail("This command is too long to be judged here. Enter shows the step.")
		default:
			m.over = m.askToRun(c)
		}
		return nil
	})
}

func (m *model) askToRun(c command) *question {
	q := &question{title: "Run this command?", whole: true, body: c.display()}
	q.body = append(q.body, nil, inLook(m.whereItRuns(), dim), nil,
		inLook("It comes from the record, which others can write. It can do all that you can.", plain))
	if c.hides() {
		q.body = append(q.body, nil, inLook("It holds characters that cannot be seen, shown as [U+…]. Commands that mean well have none.", red))
	}
	if letters := c.foreign(); len(letters) > 0 {
		q.body = append(q.body, nil, inLook("Not ASCII, and perhaps not what they look like: "+strings.Join(letters[:min(8, len(letters))], ", "), red))
	}
	s, ref := m.record.Steps[m.cursor], m.record.Ref(m.cursor)
	q.answers = []answer{{"y", "run it", func(m *model) tea.Cmd { return m.runNow(c, s, ref) }}}
	return q
}

func (m *model) whereItRuns() string {
	cmd := m.opt.Shell("…")
	where := "In " + shown(m.opt.Dir)
	if m.opt.Dir == "" {
		where = "In the current folder"
	}
	return where + ", by " + shown(strings.Join(cmd.Args, " ")) + "."
}

// ran is what came of a command.
type ran struct {
	step records.Step
	ref  records.StepRef
	took time.Duration
	err  error
}

func (m *model) runNow(c command, s records.Step, ref records.StepRef) tea.Cmd {
	cmd := m.opt.Shell(string(c))
	cmd.Dir = m.opt.Dir
	run := &visit{cmd: cmd, title: "$ " + c.oneLine(), now: m.opt.Now}
	m.away = true
	return tea.Exec(run, func(err error) tea.Msg { return ran{s, ref, run.took, errors.Join(run.err, err)} })
}

// backFromCommand suggests the mark that the exit status speaks for. Only a key
// gives it.
func (m *model) backFromCommand(r ran) tea.Cmd {
	m.away = false
	m.waiting = nil // keys that came before there was anything to answer are no answer
	var exit *exec.ExitError
	state, how := records.Done, "Exit status 0"
	switch {
	case errors.As(r.err, &exit):
		state, how = records.StepFailed, strings.ToUpper(exit.String()[:1])+exit.String()[1:]
	case r.err != nil:
		m.fail("It was not run: " + shown(r.err.Error()) + ".")
		return m.look()
	}
	m.over = &question{
		small: true,
		title: how + " after " + seconds(r.took) + ". Mark " + name(r.step) + " as " + stateWords[state] + "?",
		answers: []answer{{"y", "yes", func(m *model) tea.Cmd {
			return m.markAfter(r, state)
		}}},
	}
	return m.look()
}

func (m *model) markAfter(r ran, state records.State) tea.Cmd {
	mark := records.Mark{State: state, At: m.opt.Now().Truncate(time.Second), By: m.opt.By, Was: r.step.State}
	return m.change(records.MarkStep(r.ref, mark), func(_, _ *records.Record) string {
		said := name(r.step) + " " + stateSays[state] + "."
		if state == records.StepFailed {
			said += " i notes an issue; paste what it printed."
		}
		return said
	})
}
