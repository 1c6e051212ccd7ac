// Command deploystart keeps the record of a deployment. It writes a Markdown
// file from the team's checklist with the facts that git, the clock and the
// configuration know, and opens it in an editor. Then it marks steps, takes
// notes and says how the deployment ended, changing only the lines that it must.
//
//	deploystart --environment production
//	deploystart step real use failed --note "login answers 502"
//	deploystart note issue --error - <smoke.log
//	deploystart finish --status rolled-back --commit
//
// The record's path goes to stdout; words for people go to stderr. Exit status
// 0 means done, 1 that it did not work, 2 that it was called wrongly.
package main

import (
	"context"
	"errors"
	"fmt"
	_ "time/tzdata" // machines without a zone database know the same time zones

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/version"
)

func main() { cli.Main("deploystart", run) }

// run takes --version alone for the question which version of this tool it is.
// With a value it is the version that is deployed. -v is what deploysite takes.
func run(ctx context.Context, env *cli.Env, args []string) error {
	if len(args) == 1 && (args[0] == "--version" || args[0] == "-v") {
		args = []string{"version"}
	}
	return env.Execute(ctx, rootCommand(env), args)
}

func rootCommand(env *cli.Env) *cobra.Command {
	cmd := newCommand(env)
	cmd.Use = "deploystart"
	cmd.Args = nil // cobra then takes a first argument for a command, and suggests near ones
	cmd.Annotations = map[string]string{cli.NoCommand: "to begin a record: deploystart -s SERVICE -e ENVIRONMENT"}
	cmd.Short = "Keep the record of a deployment"
	cmd.Long += "\n\nThe other commands work on that record afterwards. None of them has to be used:\nit is an ordinary Markdown file."
	cmd.SetHelpTemplate(cmd.HelpTemplate() + "\nThis is " + version.Line("deploystart") + ".\n")
	for _, command := range []func(*cli.Env) *cobra.Command{
		newCommand, stepCommand, noteCommand, finishCommand, undoCommand, cancelCommand, resumeCommand, currentCommand, statusCommand,
		editCommand, lessonCommand, tipCommand, wordsCommand,
	} {
		cmd.AddCommand(command(env))
	}
	env.SetUp(cmd)
	cmd.SetFlagErrorFunc(flagError)
	return cmd
}

// flagError also helps whoever asks for the version of this tool with other
// arguments beside.
func flagError(cmd *cobra.Command, err error) error {
	var empty *pflag.ValueRequiredError
	if errors.As(err, &empty) && empty.GetSpecifiedName() == "version" {
		err = fmt.Errorf("%w, the version that is deployed; for that of this tool, run 'deploystart version'", err)
	}
	return cli.SuggestFlag(cmd, err)
}
