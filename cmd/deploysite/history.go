package main

import (
	"bufio"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/export"
	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

func historyCommand(env *cli.Env) *cobra.Command {
	var asJSON, asCSV bool
	var filters *filterOptions
	cmd := cli.Alone(&cobra.Command{
		Use:   "history",
		Short: "List the deployments, newest first",
		Long: `List the deployments on a line each, newest first by the dates in the files'
names: the record's ID, the outcome, what went where, how long it took, and who
deployed. With filters it lists those that all of them fit.

--json and --csv have the rows of deploysite export records.`,
		Example: `  deploysite history
  deploysite history --service accounts --status failed
  deploysite history --since 2026-04-01 --until 2026-06-30 --csv > quarter.csv`,
	}, func(ctx context.Context) error {
		switch {
		case asJSON:
			return filters.write(ctx, env, export.Records, export.JSON)
		case asCSV:
			return filters.write(ctx, env, export.Records, export.CSV)
		}
		return listHistory(ctx, env, filters)
	})
	filters = addFilters(env, cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the rows as JSON")
	cmd.Flags().BoolVar(&asCSV, "csv", false, "print the rows as CSV")
	cli.OneFormat(cmd, "json", "csv")
	return cmd
}

func listHistory(ctx context.Context, env *cli.Env, filters *filterOptions) error {
	all, err := filters.records(ctx, env, export.Records)
	if err != nil {
		return err
	}
	now, err := env.Clock()
	if err != nil {
		return err
	}
	out, listed := bufio.NewWriter(env.Stdout), false
	defer out.Flush()
	for r, err := range all {
		if err != nil {
			return err
		}
		listed = true
		if _, err := fmt.Fprintln(out, historyLine(r, now)); err != nil {
			return err
		}
	}
	if !listed {
		env.Tell("Nothing found.")
	}
	return out.Flush()
}

// historyLine is a record on one line.
func historyLine(r export.Record, now time.Time) string {
	state, took := insights.StateWords(r.Record, now), ""
	if d, ok := r.Duration(); ok {
		took = text.Age(d)
	}
	facts := append([]string{r.ID, state, what(r), took}, r.People()...)
	return text.Visible(text.OneLine(text.Join(" · ", facts...), 300))
}

// what is what went where; the title where the record names no service.
func what(r export.Record) string {
	if len(r.Services) == 0 {
		return r.Title.Value
	}
	name := text.Join(" ", strings.Join(records.Values(r.Services), ", "), r.Version.Value)
	return text.Join(" → ", name, strings.Join(records.Values(r.Environments), ", "))
}
