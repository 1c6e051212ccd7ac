// Package cli has what both commands share: streams and a clock, exit statuses, usage
// errors, questions, the editor, and progress on a terminal.
//
//	func main() { cli.Main("deploystart", run) }
//
//	func run(ctx context.Context, env *cli.Env, args []string) error {
//		root := &cobra.Command{Use: "deploystart"}
//		return env.Execute(ctx, root, args)
//	}
//
// What a command prints for programs goes to stdout, what it says to people to
// stderr ([Env.Tell]). A command returns an error and never exits by itself:
// [Usage] makes it a usage error, and [ErrReported] stands for a failure
// that the command has explained itself.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/tty"
)

// Env is all that a command knows of the world.
type Env struct {
	Name           string // of the program, which its errors begin with
	Dir            string // the folder that -C names; set by Execute
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string
	Now            func() time.Time
	Terminal       bool // the three streams are all a terminal

	Hide func(string) string // takes secrets out of what is told, and printed as JSON; nil for a program that reads none

	answers chan string // the lines that somebody types; closed at the end of input
}

// Main runs a command in the environment of this process and ends the process.
// The first interrupt ends ctx, a second one the process.
func Main(name string, run func(ctx context.Context, env *Env, args []string) error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	env := &Env{
		Name: name, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv, Now: time.Now,
		Terminal: tty.Is(os.Stdin) && tty.Is(os.Stdout) && tty.Is(os.Stderr),
	}
	os.Exit(env.Exit(run(ctx, env, os.Args[1:])))
}

// Interactive tells whether somebody is there to be asked.
func (env *Env) Interactive() bool { return env.Terminal && env.Getenv("CI") == "" }

// Quiet is the same environment without words for people, as completion needs it.
func (env *Env) Quiet() *Env {
	quiet := *env
	quiet.Stderr = io.Discard
	return &quiet
}

// Clock is now, or SOURCE_DATE_EPOCH where a reproducible build is asked for.
func (env *Env) Clock() (time.Time, error) {
	epoch := env.Getenv("SOURCE_DATE_EPOCH")
	if epoch == "" {
		return env.Now(), nil
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH is %q; it must be a number of seconds since 1970", epoch)
	}
	now := time.Unix(seconds, 0)
	if year := now.UTC().Year(); year < 1 || year > 9998 { // beyond, in some time zone, no format can write the year
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH is %s, which is in the year %d; it must be a number of seconds since 1970", epoch, year)
	}
	return now, nil
}

// Exit statuses.
const (
	StatusDone   = 0
	StatusFailed = 1 // it did not work
	StatusUsage  = 2 // it was called wrongly
)

// Exit says what went wrong, unless that was said before, and gives the exit status.
func (env *Env) Exit(err error) int {
	var said reported
	var usage *UsageError
	var mistakes problem.List
	switch {
	case err == nil:
		return StatusDone
	case errors.As(err, &said):
		return int(said)
	case errors.As(err, &mistakes):
		_ = env.Problems(mistakes)
		return StatusFailed
	}
	env.Tell("%s: %s", env.Name, strings.TrimSpace(err.Error()))
	if errors.As(err, &usage) {
		env.Tell("Run '%s --help' for what there is.", usage.Command)
		return StatusUsage
	}
	return StatusFailed
}

// UsageError is a wrong call, as opposed to work that failed.
type UsageError struct {
	Command string // whose help says more, such as "deploystart step"; set by Execute
	err     error
}

// Usage makes an error one of a wrong call.
func Usage(err error) error { return &UsageError{err: err} }

// Usagef is [Usage] of a new error.
func Usagef(format string, args ...any) error { return Usage(fmt.Errorf(format, args...)) }

func (e *UsageError) Error() string { return e.err.Error() }

// Unwrap gives the error that was made one of usage.
func (e *UsageError) Unwrap() error { return e.err }

// ErrInterrupted says that the work was ended by a signal.
var ErrInterrupted = errors.New("interrupted")

// Failures that were explained on stderr already.
const (
	ErrReported      reported = StatusFailed
	ErrReportedUsage reported = StatusUsage
)

// reported is an exit status for which nothing is left to say.
type reported int

func (reported) Error() string { return "reported" }
