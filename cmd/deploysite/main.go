// Command deploysite turns a project's deployment records into a static site.
package main

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
	_ "time/tzdata" // machines without a zone database build the same site

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

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
		args: os.Args[1:], stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv, now: time.Now,
	}))
}

// An environment is all that the commands know of the world.
type environment struct {
	args           []string
	stdout, stderr io.Writer
	getenv         func(string) string
	now            func() time.Time
}

// tell says something to people, one line, or as many as their terminal needs.
func (env *environment) tell(format string, args ...any) {
	text := records.Visible(fmt.Sprintf(format, args...))
	fmt.Fprintln(env.stderr, tty.Fit(text, tty.Width(env.stderr)))
}

// Exit statuses.
const (
	statusDone   = 0
	statusFailed = 1
	statusUsage  = 2
)

// errReported is a failure that has been explained on stderr already.
var errReported = errors.New("reported")

// usageError is a wrong call, as opposed to work that failed.
type usageError struct{ error }

func run(ctx context.Context, env *environment) int {
	cmd := root(env)
	cmd.SetArgs(env.args)
	cmd.SetOut(env.stdout)
	cmd.SetErr(env.stderr)
	cmd, err := cmd.ExecuteContextC(ctx) // the command that was meant
	var usage usageError
	switch {
	case err == nil:
		return statusDone
	case errors.Is(err, errReported):
		return statusFailed
	case errors.As(err, &usage) || strings.HasPrefix(err.Error(), "unknown command"):
		env.tell("deploysite: %s\nRun '%s --help' for what there is.", err, cmd.CommandPath())
		return statusUsage
	case ctx.Err() != nil:
		env.tell("deploysite: interrupted; nothing was changed")
		return statusFailed
	}
	env.tell("deploysite: %s", err)
	return statusFailed
}

func root(env *environment) *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "deploysite",
		Short: "Turn deployment records into a site worth reading",
		Long: `deploysite turns a project's deployment records, its process document and its
checklist into a static site: a timeline, a page for every deployment, person,
service and environment, the lessons learned, and a reading list for new people.

Records are Markdown files in deployments/checklists/; deploystart writes them.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       version.Line("deploysite"),
	}
	cmd.PersistentFlags().StringVarP(&dir, "directory", "C", ".", "work as if started in `DIR`")
	_ = cmd.MarkPersistentFlagDirname("directory")
	cmd.SetFlagErrorFunc(suggestFlag)
	cmd.SetVersionTemplate("{{.Version}}\n")
	cmd.AddCommand(buildCommand(env, &dir), serveCommand(env, &dir), searchCommand(env, &dir), initCommand(env, &dir), importCommand(env, &dir), versionCommand(env))
	return cmd
}

func versionCommand(env *environment) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of this tool",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(env.stdout, version.Line("deploysite"))
			return err
		},
	}
}

// suggestFlag makes a flag that cannot be read wrong usage, and says what was
// probably meant.
func suggestFlag(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "" {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		if near := project.Nearest(unknown.GetSpecifiedName(), names); near != "" {
			err = fmt.Errorf("%w; did you mean --%s?", err, near)
		}
	}
	return usageError{err}
}

// noArguments refuses arguments as wrong usage.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("%s takes no arguments, got %q", cmd.Name(), args[0])}
	}
	return nil
}

// clock is now, or SOURCE_DATE_EPOCH where a reproducible build is asked for.
func (env *environment) clock() (time.Time, error) {
	epoch := env.getenv("SOURCE_DATE_EPOCH")
	if epoch == "" {
		return env.now(), nil
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH is %q; it must be a number of seconds since 1970", epoch)
	}
	return time.Unix(seconds, 0), nil
}
