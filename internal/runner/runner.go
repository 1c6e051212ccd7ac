// Package runner shows a record's checklist on a terminal, where each step is marked
// with a key.
//
//	err := runner.Run(ctx, runner.Options{
//		File:   store.File{Path: path, Name: "deployments/checklists/2024-08-31-14-30-deployment.md"},
//		By:     "Ada Park",
//		Input:  os.Stdin,
//		Output: os.Stdout,
//		Now:    time.Now,
//		…
//	})
//
// The record on the disk is the only state. A key that changes something writes the
// record before the next key is handled, in the way that all commands do: under the
// folder's lock, in one step, and never over what an editor saved meanwhile. So
// nothing is lost when the terminal goes away, and nothing has to be saved at the
// end.
//
// Writers of records are not trusted. Their text is made visible by [text.Visible]
// and cut to the window. A command that they wrote runs only after all of it was on
// the screen and somebody said yes.
//
// The screen is drawn with Bubble Tea: Update makes a new model from a message, and
// View makes the screen from the model. Neither touches the terminal or the disk, so
// tests call them directly.
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

// Options is what [Run] needs. Dir, By, Editor, Commit and Recall may be left out.
type Options struct {
	File store.File
	By   string // who marks steps; "" if nobody knows
	Dir  string // where commands run; "" is the current folder

	// Editor is the command that opens the record in an editor; nil where there is
	// none.
	Editor func() *exec.Cmd
	// Shell is the command that runs a line of shell.
	Shell func(line string) *exec.Cmd

	// Headline is what a pasted error is about, in Markdown.
	Headline func(code string) string
	// Caution warns of a text that should not have been written, such as a secret; ""
	// for nothing.
	Caution func(text string) string
	// Commit commits the record, on the terminal, and returns what it did; nil where
	// there is no repository.
	Commit func(ctx context.Context) (said string, err error)
	// Recall finds earlier records with a similar issue; nil asks nobody.
	Recall func(ctx context.Context, issue records.Note) ([]Earlier, error)

	Input  io.Reader // the terminal
	Output io.Writer // the terminal
	Now    func() time.Time
}

// Earlier is an issue that somebody had before.
type Earlier struct {
	Where  string // the record, for people
	What   string // the issue in a few words
	Helped string // what helped; "" if nobody wrote it down
	Link   string // what is written below the new issue, in Markdown
}

// Run shows the checklist until it is left, or the terminal goes away. Cancelling
// ctx does not end it: an interrupt is meant for the command or the editor that
// has the terminal. An error means that the record cannot be read, that there is
// no terminal, or that something is not on the disk that should be.
func Run(ctx context.Context, opt Options) error {
	d := &recordFile{file: opt.File}
	r, err := d.Read()
	if err != nil {
		return err
	}
	m := newModel(context.WithoutCancel(ctx), opt, d, r)
	p := tea.NewProgram(m, tea.WithInput(opt.Input), tea.WithOutput(opt.Output), tea.WithoutSignalHandler())
	d.file.Tell = func(what string) { p.Send(told(what)) }
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

// gone reports whether reading failed because the terminal is gone.
func gone(err error) bool { return errors.Is(err, syscall.EIO) || errors.Is(err, io.EOF) }

// rescue finishes what was begun when the terminal went away. A change that was
// handed out is made, and a note that was being typed is written as far as it got.
func (m *model) rescue() error {
	if p, ok := m.over.(*prompt); ok && m.job == nil && !p.empty() {
		m.submit(p)
	}
	if m.job == nil {
		return nil
	}
	m.settle(m.job())
	if m.notice.bad {
		return errors.New(m.notice.text)
	}
	return nil
}
