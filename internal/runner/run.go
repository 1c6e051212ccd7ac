package runner

import (
	"errors"
	"fmt"
	"io"
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
		if len(c) > maxCommand {
			m.fail("This command is too long to be judged here. Enter shows the step.")
		} else {
			m.over = m.askToRun(c)
		}
		return nil
	})
}

func (m *model) askToRun(c command) *question {
	q := &question{title: "Run this command?", whole: true, body: c.display()}
	q.body = append(q.body, nil, inStyle(m.whereItRuns(), dim), nil,
		inStyle("It comes from the record, which others can write. It can do all that you can.", plain))
	if c.hides() {
		q.body = append(q.body, nil, inStyle("It holds characters that cannot be seen, shown as [U+…]. Commands that mean well have none.", red))
	}
	if letters := c.foreign(); len(letters) > 0 {
		q.body = append(q.body, nil, inStyle("Not ASCII, and perhaps not what they look like: "+strings.Join(letters[:min(8, len(letters))], ", "), red))
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

// ran is the result of a command.
type ran struct {
	step records.Step
	ref  records.StepRef
	took time.Duration
	err  error
}

func (m *model) runNow(c command, s records.Step, ref records.StepRef) tea.Cmd {
	cmd := m.opt.Shell(string(c))
	cmd.Dir = m.opt.Dir
	run := &terminalCommand{cmd: cmd, title: "$ " + c.oneLine(), now: m.opt.Now}
	m.away = true
	return tea.Exec(run, func(err error) tea.Msg { return ran{s, ref, run.took, errors.Join(run.err, err)} })
}

// backFromCommand suggests the mark that fits the exit status. The step gets it only
// when somebody presses a key.
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
		return m.checkDisk()
	}
	m.over = &question{
		small: true,
		title: how + " after " + records.DurationText(r.took) + ". Mark " + name(r.step) + " as " + state.Words() + "?",
		answers: []answer{{"y", "yes", func(m *model) tea.Cmd {
			return m.markAfter(r, state)
		}}},
	}
	return m.checkDisk()
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

// terminalCommand gives a command the terminal, and waits for Enter at the end, so
// that what the command printed can be read.
type terminalCommand struct {
	cmd   *exec.Cmd
	title string
	now   func() time.Time
	in    io.Reader
	out   io.Writer

	took time.Duration
	err  error
}

// SetStdin implements tea.ExecCommand, as the two below.
func (c *terminalCommand) SetStdin(r io.Reader) { c.in = r }

// SetStdout sets where the command prints to.
func (c *terminalCommand) SetStdout(w io.Writer) { c.out = w }

// SetStderr does nothing: all that is printed goes to the terminal.
func (c *terminalCommand) SetStderr(io.Writer) {}

// Run implements tea.ExecCommand. How the command ended is in err; it is no error
// of Run.
func (c *terminalCommand) Run() error {
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = c.in, c.out, c.out
	fmt.Fprintf(c.out, "\n%s\n\n", c.title)
	began := c.now()
	c.err = c.cmd.Run()
	c.took = c.now().Sub(began)
	how := "exit status 0"
	if c.err != nil {
		how = shown(c.err.Error())
	}
	fmt.Fprintf(c.out, "\n%s after %s. Enter goes back to the checklist. ", how, records.DurationText(c.took))
	waitForEnter(c.in)
	return nil
}

// waitForEnter reads to the end of the line and no further: the keys after it are for
// the checklist.
func waitForEnter(r io.Reader) {
	var b [1]byte
	for {
		n, err := r.Read(b[:])
		if err != nil || n == 1 && (b[0] == '\n' || b[0] == '\r') {
			return
		}
	}
}
