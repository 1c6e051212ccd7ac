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

// maxCommand is how long a command may be in bytes, to be run from here.
const maxCommand = 4000

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
		p.body = append(p.body, nil, text("Copied, if your terminal lets programs do that (OSC 52). Otherwise select it here.", dim))
		return tea.SetClipboard(string(c))
	})
}

// forSelection is the command with nothing beside it.
func (c command) forSelection() (body []line) {
	for _, l := range c.lines() {
		body = append(body, text(first(l, maxText), bold|verbatim))
	}
	return body
}

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
	q.body = append(q.body, nil, text(m.whereItRuns(), dim), nil,
		text("It comes from the record, which others can write. It can do all that you can.", plain))
	if c.hides() {
		q.body = append(q.body, nil, text("It holds characters that cannot be seen, shown as [U+…]. Commands that mean well have none.", red))
	}
	if letters := c.foreign(); len(letters) > 0 {
		q.body = append(q.body, nil, text("Not ASCII, and perhaps not what they look like: "+strings.Join(letters[:min(8, len(letters))], ", "), red))
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

func seconds(d time.Duration) string {
	if d < time.Minute {
		return fmt.Sprintf("%d s", int(d.Seconds()))
	}
	return duration(d)
}

// visit lets a command have the terminal, and waits for Enter at the end, so that
// what it printed can be read.
type visit struct {
	cmd   *exec.Cmd
	title string
	now   func() time.Time
	in    io.Reader
	out   io.Writer

	took time.Duration
	err  error
}

// SetStdin implements tea.ExecCommand, as the two below.
func (v *visit) SetStdin(r io.Reader) { v.in = r }

// SetStdout sets where the command prints to.
func (v *visit) SetStdout(w io.Writer) { v.out = w }

// SetStderr does nothing: all that is printed goes to the terminal.
func (v *visit) SetStderr(io.Writer) {}

// Run implements tea.ExecCommand. How the command ended is in err; it is no error
// of the visit.
func (v *visit) Run() error {
	v.cmd.Stdin, v.cmd.Stdout, v.cmd.Stderr = v.in, v.out, v.out
	fmt.Fprintf(v.out, "\n%s\n\n", v.title)
	began := v.now()
	v.err = v.cmd.Run()
	v.took = v.now().Sub(began)
	how := "exit status 0"
	if v.err != nil {
		how = shown(v.err.Error())
	}
	fmt.Fprintf(v.out, "\n%s after %s. Enter goes back to the checklist. ", how, seconds(v.took))
	waitForEnter(v.in)
	return nil
}

// waitForEnter reads no further than to the end of the line: what comes after it
// is for the checklist.
func waitForEnter(r io.Reader) {
	var b [1]byte
	for {
		n, err := r.Read(b[:])
		if err != nil || n == 1 && (b[0] == '\n' || b[0] == '\r') {
			return
		}
	}
}

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

// backFromEditor reads the record at once; keys that were typed ahead are for
// what was read.
func (m *model) backFromEditor(e edited) tea.Cmd {
	m.away = false
	r, err := m.store.Read()
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
