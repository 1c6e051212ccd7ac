// Command deploysite turns a project's deployment records into a static site.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
	_ "time/tzdata" // machines without a zone database build the same site

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/version"
)

func main() {
	cli.Main("deploysite", func(ctx context.Context, env *cli.Env, args []string) error {
		context.AfterFunc(ctx, func() {
			time.Sleep(grace)
			env.Tell("deploysite: interrupted; the work did not end within %d seconds, and was cut off", int(grace.Seconds()))
			os.Exit(cli.StatusFailed)
		})
		return run(ctx, env, args)
	})
}

// grace is how long an interrupted command may go on. A template that loops for ever
// cannot be told to end, and what is cut off leaves the former site.
const grace = 5 * time.Second

func run(ctx context.Context, env *cli.Env, args []string) error {
	err := env.Execute(ctx, root(env), args)
	if errors.Is(err, cli.ErrInterrupted) {
		return fmt.Errorf("%w; nothing was changed", err)
	}
	return err
}

func root(env *cli.Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "deploysite",
		Short: "Turn deployment records into a site worth reading",
		Long: `deploysite turns a project's deployment records, its process document and its
checklist into a static site: a timeline, a page for every deployment, person,
service and environment, the lessons learned, and a reading list for new people.

Records are Markdown files in deployments/checklists/; deploystart writes them.`,
		Version: version.Line("deploysite"),
	}
	cmd.SetVersionTemplate("{{.Version}}\n")
	cmd.AddCommand(buildCommand(env), serveCommand(env), checkCommand(env), searchCommand(env), diffCommand(env), metricsCommand(env), stepsCommand(env), lessonsCommand(env), reviewCommand(env), historyCommand(env), exportCommand(env), auditCommand(env), verifyCommand(env), initCommand(env), importCommand(env))
	env.SetUp(cmd)
	return cmd
}
