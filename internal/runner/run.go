package runner

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/tty"
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
	return where + ", by " + shown(strings.Join(cmd.Args, " "))
}

// ran is the result of a command.
type ran struct {
	command command
	step    records.Step
	ref     records.StepRef
	took    time.Duration
	err     error
	printed string
	key     string // what was pressed to go back, "" for Enter
}

func (m *model) runNow(c command, s records.Step, ref records.StepRef) tea.Cmd {
	cmd := m.opt.Shell(string(c))
	cmd.Dir = m.opt.Dir
	run := &terminalCommand{cmd: cmd, title: "$ " + c.oneLine(), now: m.opt.Now}
	m.away = true
	return m.exec(run, func(err error) tea.Msg {
		return ran{c, s, ref, run.took, errors.Join(run.err, err), run.printed.String(), run.key}
	})
}

// backFromCommand suggests the mark that fits the exit status. The step gets it only
// when somebody presses a key.
func (m *model) backFromCommand(r ran) tea.Cmd {
	m.away = false
	early := m.dropWaiting()
	var exit *exec.ExitError
	state, how := records.Done, "Exit status 0"
	switch {
	case errors.As(r.err, &exit):
		state, how = records.StepFailed, strings.ToUpper(exit.String()[:1])+exit.String()[1:]
	case r.err != nil:
		m.fail("It was not run: " + shown(r.err.Error()) + ".")
		return m.checkDisk()
	}
	how += " after " + records.DurationText(r.took)
	m.output = nil
	if r.printed != "" {
		m.output = &output{r.ref, name(r.step), how, "$ " + strings.ReplaceAll(string(r.command), "\n", "\n> ") + "\n" + records.CleanCode(r.printed)}
	}
	m.over = m.askToMark(r, state, early+how)
	if r.key != "" {
		return tea.Batch(m.checkDisk(), m.handle(tea.KeyPressMsg{Code: rune(r.key[0]), Text: r.key}))
	}
	return m.checkDisk()
}

// dropWaiting forgets keys that are no answer, because they came before there was
// anything to answer, and says so.
func (m *model) dropWaiting() (said string) {
	if len(m.waiting) > 0 {
		said = "What was pressed before that did nothing. "
	}
	m.waiting = nil
	return said
}

// askToMark asks for the mark after a command. What is written first comes back to
// the question.
func (m *model) askToMark(r ran, state records.State, how string) *question {
	mark := func(state records.State) func(*model) tea.Cmd {
		return func(m *model) tea.Cmd { return m.markAfter(r, state) }
	}
	q := &question{small: true, title: how + ". Mark " + name(r.step) + " as " + state.Words() + "?"}
	q.answers = []answer{{"y", "yes", mark(state)}, {"d", "", mark(records.Done)}, {"f", "", mark(records.StepFailed)}, {"s", "", mark(records.Skipped)}}
	if state == records.Done {
		q.answers[2].word = "failed"
	} else {
		q.answers[1].word = "done"
	}
	if m.output != nil {
		q.answers = append(q.answers,
			answer{"i", "issue with output", func(m *model) tea.Cmd { return m.issueWithOutput(q) }},
			answer{"a", "keep output", func(m *model) tea.Cmd { m.later = append(m.later, q); return m.attach() }})
	}
	return q
}

// issueWithOutput begins an issue with what the command printed, and then comes back
// to a question.
func (m *model) issueWithOutput(q *question) tea.Cmd {
	m.later = append(m.later, q)
	cmd := m.write(records.Issues)
	if p, ok := m.over.(*prompt); ok {
		p.code = m.output.code
	}
	return cmd
}

func (m *model) markAfter(r ran, state records.State) tea.Cmd {
	mark := records.Mark{State: state, At: m.opt.Now().Truncate(time.Second), By: m.opt.By, Was: r.step.State}
	return m.change(records.MarkStep(r.ref, mark), func(_, _ *records.Record) string {
		return name(r.step) + " " + stateSays[state] + "." + m.afterFailure(state)
	})
}

// afterFailure says how to go on from a step that failed.
func (m *model) afterFailure(state records.State) string {
	switch {
	case state != records.StepFailed:
		return ""
	case m.output != nil:
		return " i notes an issue, Tab adds what was printed; F finishes."
	}
	return " i notes an issue; F finishes."
}

// terminalCommand gives a command the terminal, and waits for a key at the end, so
// that what the command printed can be read.
type terminalCommand struct {
	cmd   *exec.Cmd
	title string
	now   func() time.Time
	in    io.Reader
	out   io.Writer

	took    time.Duration
	err     error
	printed tail
	key     string
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
	fmt.Fprintf(c.out, "\n%s\n\n", c.title)
	began := c.now()
	c.runAndKeep()
	c.took = c.now().Sub(began)
	how, keys := "exit status 0", "y marks it done, f failed"
	if c.err != nil {
		how, keys = shown(c.err.Error()), "y marks it failed, d done"
	}
	keys += ", s skipped. Enter goes back."
	if c.printed.String() != "" {
		keys += "\ni notes an issue, a keeps the output."
	}
	c.key = waitForKey(c.in, c.out, fmt.Sprintf("%s after %s. %s", how, records.DurationText(c.took), keys))
	return nil
}

// runAndKeep runs the command and keeps the end of what it prints. Where there is no
// second terminal to be had, nothing is kept.
func (c *terminalCommand) runAndKeep() {
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = c.in, c.out, c.out
	screen, ok := c.out.(*os.File)
	if !ok || !tty.Is(screen) {
		c.cmd.Stdout = io.MultiWriter(c.out, &c.printed)
		c.cmd.Stderr = c.cmd.Stdout
		c.err = c.cmd.Run()
		return
	}
	if out, done, err := tty.Tee(screen, &c.printed); err == nil {
		c.cmd.Stdout, c.cmd.Stderr = out, out
		defer done()
	}
	c.err = c.cmd.Run()
}

// waitForKey asks for a key, which the checklist then takes. What was typed before is
// not one: it was meant for the command. Without a terminal it reads a line and no
// further.
func waitForKey(in io.Reader, out io.Writer, question string) (key string) {
	if f, ok := in.(*os.File); ok && tty.Is(f) {
		key, err := tty.Key(f, func(dropped bool) {
			if dropped {
				question = "(What you typed meanwhile was for the command.)\n" + question
			}
			fmt.Fprintf(out, "\r\n%s ", strings.ReplaceAll(question, "\n", "\r\n"))
		})
		if err == nil {
			fmt.Fprint(out, "\r\n") // what is said after q has a line of its own
			return key
		}
	}
	fmt.Fprintf(out, "\n%s ", question)
	var b [1]byte
	for {
		n, err := in.Read(b[:])
		if err != nil || n == 1 && (b[0] == '\n' || b[0] == '\r') {
			return ""
		}
	}
}
