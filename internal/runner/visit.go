package runner

import (
	"fmt"
	"io"
	"os/exec"
	"time"
)

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
