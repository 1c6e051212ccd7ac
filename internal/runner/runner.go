// Package runner works through a record's checklist on a terminal.
//
//	err := runner.Run(ctx, runner.Options{
//		File: records.File{Path: path, Name: "deployments/checklists/2024-08-31-14-30-deployment.md"},
//		By:   "Ada Park",
//	})
//
// The record on the disk is the only state there is. Each key that changes
// something is written there before the next key is handled, as every other
// command does it: under the folder's lock, in one step, and never over what an
// editor saved meanwhile. So nothing is lost when the terminal goes away, and
// there is nothing to save at the end.
//
// Writers of records are not trusted. All that they wrote is shown through
// [text.Visible] and cut to the window, and what they wrote as a command is
// run only after it was seen whole and somebody said yes.
//
// It is drawn with Bubble Tea: a model, a function that gives the model after a
// message, and one that gives the screen of a model. The last two touch neither
// terminal nor disk, which is how they are tested.
package runner

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/store"
)

// Options is what [Run] needs. Only File has to be set.
type Options struct {
	File store.File
	By   string // who marks steps; "" if nobody knows
	Dir  string // where commands run; "" is the current folder

	// Editor is the command that opens the record in an editor; nil where there is
	// none.
	Editor func() *exec.Cmd
	// Shell is the command that runs a line of shell; nil where there is no shell.
	Shell func(line string) *exec.Cmd

	// Headline is what a pasted error is about, in Markdown; nil takes its first line.
	Headline func(code string) string
	// Caution says what should not be in a text that was written, such as a secret;
	// "" for nothing. It may be nil.
	Caution func(text string) string
	// Recall finds earlier records that tell of the like of an issue; it may be nil.
	Recall func(ctx context.Context, issue records.Note) ([]Earlier, error)

	Input  io.Reader        // the terminal; nil is standard input
	Output io.Writer        // the terminal; nil is standard output
	Now    func() time.Time // nil is time.Now
}

// Earlier is an issue that somebody had before.
type Earlier struct {
	Where  string // the record, for people
	What   string // the issue in a few words
	Helped string // what helped; "" if nobody wrote it down
	Link   string // what is written below the new issue, in Markdown
}

func (opt Options) withDefaults() Options {
	if opt.Input == nil {
		opt.Input = os.Stdin
	}
	if opt.Output == nil {
		opt.Output = os.Stdout
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Headline == nil {
		opt.Headline = firstLine
	}
	return opt
}

// Run shows the checklist until it is left, or the terminal goes away. Cancelling
// ctx does not end it: an interrupt is meant for the command or the editor that
// has the terminal. An error means that the record cannot be read, that there is
// no terminal, or that something is not on the disk that should be.
func Run(ctx context.Context, opt Options) error {
	opt = opt.withDefaults()
	d := &disk{file: opt.File}
	r, err := d.Read()
	if err != nil {
		return err
	}
	m := newModel(context.WithoutCancel(ctx), opt, d, r)
	p := tea.NewProgram(m, tea.WithInput(opt.Input), tea.WithOutput(opt.Output), tea.WithoutSignalHandler())
	d.file.Waiting = func() { p.Send(waits{}) }
	stop := onSignals(func() { p.Send(hangup{}) })
	defer stop()
	_, err = p.Run()
	if rescued := m.rescue(); rescued != nil {
		return rescued
	}
	if m.leaving || gone(err) {
		return nil // it is what was to be expected: there is no terminal any more
	}
	return err
}

// onSignals calls end when the terminal hangs up, or the program is told to end.
// Interrupts are taken and do nothing: they are keys here, and belong to another
// program while that has the terminal.
func onSignals(end func()) (stop func()) {
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGHUP, syscall.SIGTERM)
	go func() {
		for s := range signals {
			if s != os.Interrupt {
				end()
			}
		}
	}()
	return func() { signal.Stop(signals); close(signals) }
}

// gone tells whether reading from a terminal failed because it is not there any
// more.
func gone(err error) bool { return errors.Is(err, syscall.EIO) || errors.Is(err, io.EOF) }

// rescue finishes what was begun when the terminal went away: a change that was
// handed out is made, and what was being written is kept as what it was going to
// be.
func (m *model) rescue() error {
	if m.job != nil {
		m.settle(m.job())
		if m.notice.bad {
			return errors.New(m.notice.text)
		}
	}
	p, ok := m.over.(*prompt)
	if !ok || p.empty() {
		return nil
	}
	m.submit(p)
	m.settle(m.job())
	if m.notice.bad {
		return errors.New(m.notice.text)
	}
	return nil
}
