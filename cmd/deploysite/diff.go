package main

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/compare"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/tty"
)

func diffCommand(env *cli.Env) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "diff ID [ID]",
		Short: "Put two deployments side by side",
		Long: `diff compares a deployment with the one before it: the last of the same service
and environment that succeeded. With two IDs it compares these, the earlier one
first, in whichever order they are given.

It prints what differs: outcome, version, people, how long it took and each
section of it, steps, the commits between them where git knows them, and issues
that the earlier one had as well. What is the same is left out.

A record is named by its ID, the beginning of that, or its path.`,
		Example: `  deploysite diff 2024-08-31-14-30
  deploysite diff 2024-08-24-10-00 2024-08-31-14-30
  deploysite diff --json 2024-08-31-14-30`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 || len(args) > 2 {
				return cli.Usagef("diff needs the ID of one record or of two")
			}
			return nil
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			p, _, err := project.Open(env.Dir)
			if err != nil || len(args) > 1 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return compare.IDs(p), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return diffRecords(cmd.Context(), env, args, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print what differs as JSON")
	return cmd
}

func diffRecords(ctx context.Context, env *cli.Env, ids []string, asJSON bool) error {
	p, now, err := openProject(env)
	if err != nil {
		return err
	}
	r := compare.Report{Now: now}
	if r.Before, r.After, err = bothRecords(ctx, p, ids); err != nil {
		if unknown := (*compare.UnknownError)(nil); errors.As(err, &unknown) {
			return cli.Usage(err)
		}
		return err
	}
	if r.Before.ID == r.After.ID {
		return cli.Usagef("both are the same record, %s; with one ID diff compares it with the deployment before it", r.After.ID)
	}
	r.Comparison = compare.Deployments(r.Before.Deployment, r.After.Deployment)
	r.Issues = r.Repeated()
	if r.Commits, err = r.Before.Commits(ctx, r.After); err != nil {
		return err
	}
	if asJSON {
		return env.IndentedJSON(r.JSON())
	}
	_, err = io.WriteString(env.Stdout, tty.Fit(r.Terminal(), tty.Width(env.Stdout)))
	return err
}

func bothRecords(ctx context.Context, p *project.Project, ids []string) (before, after compare.Found, err error) {
	if after, err = compare.Find(p, ids[0]); err != nil {
		return before, after, err
	}
	if len(ids) == 2 {
		if before, err = compare.Find(p, ids[1]); err == nil {
			before, after = compare.InOrder(before, after)
		}
		return before, after, err
	}
	previous, err := compare.Before(ctx, p, after)
	if err == nil && previous == nil {
		err = errors.New("no deployment of the same service to the same environment is on record before " + after.ID + "; name the one to compare it with")
	}
	if err != nil {
		return before, after, err
	}
	return *previous, after, nil
}
