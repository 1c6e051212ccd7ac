// Command deploystart keeps the record of a deployment. It writes a Markdown
// file from the team's checklist with the facts that git, the clock and the
// configuration know, and opens it in an editor. Then it marks steps, takes
// notes and says how the deployment ended, changing only the lines that it must.
//
//	deploystart --environment production
//	deploystart step smoke failed --note "login answers 502"
//	deploystart note issue --error - <smoke.log
//	deploystart finish --status rolled-back --commit
//
// The record's path goes to stdout; words for people go to stderr. Exit status
// 0 means done, 1 that it did not work, 2 that it was called wrongly.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // machines without a zone database know the same time zones

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/tty"
	"github.com/deploysite/deploysite/internal/version"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends at once
	os.Exit(run(ctx, &environment{
		args: os.Args[1:], stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		getenv: os.Getenv, now: time.Now, terminal: onTerminal(),
	}))
}

// onTerminal tells whether a person can see and answer an editor.
func onTerminal() bool {
	for _, f := range []*os.File{os.Stdin, os.Stdout, os.Stderr} {
		if !term.IsTerminal(int(f.Fd())) {
			return false
		}
	}
	return true
}

// An environment is all that the commands know of the world.
type environment struct {
	args           []string
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	now            func() time.Time
	terminal       bool // stdin, stdout and stderr are all a terminal
	asking         *questions
}

// interactive tells whether somebody is there to be asked.
func (env *environment) interactive() bool { return env.terminal && env.getenv("CI") == "" }

// tell says something to people, one line, or as many as their terminal needs.
func (env *environment) tell(format string, args ...any) {
	fmt.Fprintln(env.stderr, env.fit(visible(format, args...)))
}

// fit breaks words for people into lines of their terminal.
func (env *environment) fit(text string) string {
	return tty.Fit(text, tty.Width(env.stderr))
}

// visible is a text for a terminal, whatever is put into it.
func visible(format string, args ...any) string {
	return records.Visible(fmt.Sprintf(format, args...))
}

// printJSON prints a value, one line, without what would steer a terminal.
func (env *environment) printJSON(v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(env.stdout, "%s\n", records.SafeJSON(data))
	return err
}

// Exit statuses.
const (
	statusDone   = 0
	statusFailed = 1
	statusUsage  = 2
)

// usageError is a wrong call, as opposed to work that failed.
type usageError struct{ error }

// Failures that have been explained on stderr already.
var (
	errReported      = errors.New("reported")
	errReportedUsage = errors.New("reported as wrong usage")
)

func run(ctx context.Context, env *environment) int {
	cmd := rootCommand(env)
	cmd.SetArgs(argsOf(env))
	cmd.SetOut(env.stdout)
	cmd.SetErr(env.stderr)
	cmd, err := cmd.ExecuteContextC(ctx) // the command that was meant
	var usage usageError
	switch {
	case err == nil:
		return statusDone
	case errors.Is(err, errReported):
		return statusFailed
	case errors.Is(err, errReportedUsage):
		return statusUsage
	case errors.As(err, &usage), strings.HasPrefix(err.Error(), "unknown command"):
		env.tell("deploystart: %s", strings.TrimSpace(err.Error()))
		env.tell("Run '%s --help' for what there is.", cmd.CommandPath())
		return statusUsage
	case ctx.Err() != nil:
		env.tell("deploystart: interrupted")
		return statusFailed
	}
	env.tell("deploystart: %s", err)
	return statusFailed
}

// argsOf takes --version alone for the question which version of this tool it
// is. With a value it is the version that is deployed.
func argsOf(env *environment) []string {
	if len(env.args) == 1 && env.args[0] == "--version" {
		return []string{"version"}
	}
	return env.args
}

func rootCommand(env *environment) *cobra.Command {
	var dir string
	cmd := newCommand(env, &dir)
	cmd.Use = "deploystart"
	cmd.Args = nil // cobra then takes a first argument for a command, and suggests near ones
	cmd.Short = "Keep the record of a deployment"
	cmd.Long += "\n\nThe other commands work on that record afterwards. None of them has to be used:\nit is an ordinary Markdown file."
	cmd.SilenceErrors = true
	cmd.SilenceUsage = true
	cmd.PersistentFlags().StringVarP(&dir, "directory", "C", ".", "work as if started in `DIR`")
	_ = cmd.MarkPersistentFlagDirname("directory")
	cmd.SetFlagErrorFunc(suggestFlag)
	cmd.SetHelpTemplate(cmd.HelpTemplate() + "\nThis is " + version.Line("deploystart") + ".\n")
	for _, command := range []func(*environment, *string) *cobra.Command{
		newCommand, stepCommand, noteCommand, finishCommand, cancelCommand, resumeCommand, currentCommand, editCommand,
		tipCommand, wordsCommand,
	} {
		cmd.AddCommand(command(env, &dir))
	}
	cmd.AddCommand(versionCommand(env))
	return cmd
}

func versionCommand(env *environment) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of this tool",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(env.stdout, version.Line("deploystart"))
			return err
		},
	}
}

// noArguments refuses arguments as wrong usage.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("%s takes no arguments, got %q", cmd.Name(), args[0])}
	}
	return nil
}

// suggestFlag makes a flag that cannot be read wrong usage, and says what was
// probably meant.
func suggestFlag(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var empty *pflag.ValueRequiredError
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "":
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		if near := project.Nearest(unknown.GetSpecifiedName(), names); near != "" {
			err = fmt.Errorf("%w; did you mean --%s?", err, near)
		}
	case errors.As(err, &empty) && empty.GetSpecifiedName() == "version":
		err = fmt.Errorf("%w, the version that is deployed; for that of this tool, run 'deploystart version'", err)
	}
	return usageError{err}
}
