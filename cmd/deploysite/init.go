package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/adopt"
	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/site"
)

type initOptions struct {
	forge  string
	noCI   bool
	dryRun bool
	json   bool
}

func initCommand(env *cli.Env) *cobra.Command {
	opt := initOptions{}
	cmd := cli.Alone(&cobra.Command{
		Use:   "init",
		Short: "Adopt the process in this repository",
		Long: `Look at what is in this repository, and write what is missing: a checklist and a
process document to start from, the tasks for mise, and a workflow that checks
records in pull requests and publishes the site.

Nothing that exists is touched. A checklist of another name, and records in
another folder or with other names, stay where they are; deploysite.toml then
says where. Called again, it writes nothing.

It prints what it found, what it wrote, what it left and why, and what to do
next. Where something stands in the way of a file, the exit status is 1.`,
		Example: `  deploysite init --dry-run          # what would be written
  deploysite init
  deploysite init --no-ci            # no workflow
  deploysite init --forge gitlab     # where the remote's host does not tell
  deploysite -C ../shop init --json`,
	}, func(ctx context.Context) error { return runInit(ctx, env, opt) })
	f := cmd.Flags()
	f.SortFlags = false
	f.BoolVar(&opt.dryRun, "dry-run", false, "say what would be written, and write nothing")
	f.StringVar(&opt.forge, "forge", "", "where the repository lives: `FORGE` is github, gitlab, codeberg, forgejo or gitea")
	f.BoolVar(&opt.noCI, "no-ci", false, "write no workflow")
	f.BoolVar(&opt.json, "json", false, "print what was found and done as JSON")
	_ = cmd.RegisterFlagCompletionFunc("forge", cobra.FixedCompletions(adopt.Forges, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func runInit(ctx context.Context, env *cli.Env, opt initOptions) error {
	if err := checkForge(opt.forge); err != nil {
		return cli.Usage(err)
	}
	p, problems, err := project.Open(env.Dir)
	if err != nil {
		return err
	}
	if err := env.Problems(problems); err != nil {
		env.Tell("deploysite: nothing was written; correct %s first", project.ConfigName)
		return err
	}
	facts, err := adopt.FactsOf(ctx, p)
	if err != nil {
		return err
	}
	facts.Forge, facts.NoCI = strings.ToLower(opt.forge), opt.noCI
	facts.Problems = func(config project.Config) ([]problem.Problem, error) { return problemsOf(ctx, env, p.With(config)) }
	root, err := os.OpenRoot(p.Root)
	if err != nil {
		return err
	}
	defer root.Close()
	plan, err := adopt.Look(ctx, root.FS(), p.Config, facts)
	if err != nil {
		return err
	}
	if !opt.dryRun {
		plan.Apply(root)
	}
	report := plan.Report(p.Root, opt.dryRun)
	if opt.json {
		err = env.IndentedJSON(report)
	} else {
		err = report.Print(env.Stdout, folderName(p.Root))
	}
	if err != nil {
		return err
	}
	if plan.Count(adopt.Blocked)+plan.Count(adopt.Failed) > 0 {
		return cli.ErrReported
	}
	return nil
}

// problemsOf lists what a build finds.
func problemsOf(ctx context.Context, env *cli.Env, p *project.Project) ([]problem.Problem, error) {
	s, err := site.Load(ctx, p, site.Options{Now: env.Now()})
	if err != nil {
		return nil, err
	}
	return s.Problems, s.Close()
}

func checkForge(name string) error {
	if name == "" || slices.Contains(adopt.Forges, strings.ToLower(name)) {
		return nil
	}
	return fmt.Errorf("--forge %s: there is no workflow for it; give one of %s, or write none with --no-ci", name, strings.Join(adopt.Forges, ", "))
}

// folderName is what a report calls a folder.
func folderName(path string) string {
	if name := relative(path); name != "." {
		return name
	}
	return "this folder"
}
