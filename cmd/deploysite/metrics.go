package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/metrics"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/site"
	"github.com/deploysite/deploysite/internal/text"
	"github.com/deploysite/deploysite/internal/version"
)

// countOptions are which deployments a command counts, and how it prints them.
type countOptions struct {
	since, until         string
	service, environment string
	json                 bool
}

// flags are those of the command; asJSON is the help of --json.
func (opt *countOptions) flags(env *cli.Env, cmd *cobra.Command, asJSON string) {
	f := cmd.Flags()
	f.StringVar(&opt.since, "since", "", "only deployments that began on this `DAY` or later, such as 2026-07-01")
	f.StringVar(&opt.until, "until", "", "only deployments that began on this `DAY` or before")
	f.StringVar(&opt.service, "service", "", "only this service, `NAME`")
	f.StringVar(&opt.environment, "environment", "", "only this environment, `NAME`")
	f.BoolVar(&opt.json, "json", false, asJSON)
	completeFacets(env, cmd, []*facet.Facet{facet.Service, facet.Environment})
	for _, flag := range []string{"since", "until"} {
		_ = cmd.RegisterFlagCompletionFunc(flag, cobra.NoFileCompletions)
	}
}

// load reads the history, and the first moment of the days and the one after them.
func (opt *countOptions) load(ctx context.Context, env *cli.Env) (s *site.Site, p *project.Project, since, until time.Time, err error) {
	p, now, err := openProject(env)
	if err != nil {
		return nil, nil, since, until, err
	}
	if since, until, err = days("since", opt.since, "until", opt.until, p.Config.Location); err != nil {
		return nil, nil, since, until, err
	}
	s, err = loadToCount(ctx, env, p, now)
	return s, p, since, until, err
}

// loadToCount reads the history for a command that makes no site of it.
func loadToCount(ctx context.Context, env *cli.Env, p *project.Project, now time.Time) (*site.Site, error) {
	bar := env.Progress()
	defer bar.Clear()
	return site.Load(ctx, p, site.Options{Now: now, Version: version.Number(), Live: true, // no search is wanted
		Progress: func(done int) { bar.Show("reading records: %d", done) }})
}

func metricsCommand(env *cli.Env) *cobra.Command {
	opt := countOptions{}
	cmd := cli.Alone(&cobra.Command{
		Use:   "metrics",
		Short: "Count how often you deploy, how often it fails, and how long things take",
		Long: `Count DORA's five numbers and the durations from the records: deployment
frequency, change fail rate, rework rate, recovery time and change lead time,
for each service in each production environment, and in total.

A number says of how many deployments it is, with its 95 % interval, and how many
it leaves out and why. What nobody wrote down is neither 0 nor success. On the
terminal there are quarters; --json has weeks, months, quarters and everything,
each with the records that were counted.`,
		Example: `  deploysite metrics
  deploysite metrics --service accounts --since 2026-01-01
  deploysite metrics --json`,
	}, func(ctx context.Context) error { return countMetrics(ctx, env, opt) })
	opt.flags(env, cmd, "print all rows as JSON")
	return cmd
}

func countMetrics(ctx context.Context, env *cli.Env, opt countOptions) error {
	s, p, since, until, err := opt.load(ctx, env)
	if err != nil {
		return err
	}
	defer s.Close()
	lines, err := opt.only(s.Metrics(since, until), p)
	if err != nil {
		return err
	}
	if opt.json {
		return printMetricsJSON(env, lines)
	}
	if err := printMetrics(env, lines, s.Now()); err != nil {
		return err
	}
	tellPerhaps(env, s.PerhapsProduction())
	return nil
}

// tellPerhaps says what makes environments count that may be production by another name.
func tellPerhaps(env *cli.Env, line string) {
	if line != "" {
		env.Tell("Not counted is what records call production with more words. If it is production, write in %s: %s", project.ConfigName, text.Visible(line))
	}
}

// days reads the first day and the last, and gives the first moment of the one and the
// first behind the other.
func days(first, from, last, to string, zone *time.Location) (since, before time.Time, err error) {
	if since, err = day(first, from, zone); err != nil {
		return since, before, err
	}
	if before, err = day(last, to, zone); err != nil || before.IsZero() {
		return since, before, err
	}
	if before.Before(since) {
		return since, before, cli.Usagef("--%s %s is before --%s %s", last, to, first, from)
	}
	return since, before.AddDate(0, 0, 1), nil
}

// day reads a day of the site's time zone; "" is the zero time.
func day(flag, value string, zone *time.Location) (time.Time, error) {
	if value == "" {
		return time.Time{}, nil
	}
	at, err := time.ParseInLocation(time.DateOnly, value, zone)
	if err != nil {
		return at, cli.Usagef("--%s must be a day such as 2026-07-01, not %q", flag, value)
	}
	return at, nil
}

// only keeps the lines of a service or an environment. One that is in no line is an error.
func (opt countOptions) only(lines []*metrics.Line, p *project.Project) ([]*metrics.Line, error) {
	for _, limit := range []struct {
		what, name string
		of         func(*metrics.Line) string
	}{
		{"service", opt.service, func(l *metrics.Line) string { return l.Service }},
		{"environment", opt.environment, func(l *metrics.Line) string { return l.Environment }},
	} {
		if limit.name == "" {
			continue
		}
		var known []string
		for _, l := range lines {
			known = append(known, limit.of(l))
		}
		lines = slices.DeleteFunc(lines, func(l *metrics.Line) bool { return !text.Same(limit.of(l), limit.name) })
		if len(lines) == 0 {
			slices.Sort(known)
			known = slices.DeleteFunc(slices.Compact(known), func(name string) bool { return name == "" })
			others := ", nor for any other"
			if len(known) > 0 {
				others = "; there is: " + strings.Join(known, ", ")
			}
			return nil, cli.Usagef("no deployment counts for the %s %q%s. What counts is production: %s", limit.what, limit.name, others, strings.Join(p.Config.Production, ", "))
		}
	}
	return lines, nil
}

func printMetricsJSON(env *cli.Env, lines []*metrics.Line) error {
	rows := []metrics.Row{}
	for _, l := range lines {
		for _, kind := range metrics.Kinds {
			rows = append(rows, l.Rows(kind)...)
		}
	}
	return env.JSON(struct {
		Version int           `json:"version"`
		Rows    []metrics.Row `json:"rows"`
	}{1, rows})
}

// printMetrics writes a table for each line, the newest quarter first.
func printMetrics(env *cli.Env, lines []*metrics.Line, now time.Time) error {
	if len(lines) == 0 {
		env.Tell("No environment that counts as production was found among the facts of the records.")
	}
	var out strings.Builder
	told := func(r metrics.Row) bool { return r.N > 0 || len(r.Unknown) > 0 }
	chosen := slices.DeleteFunc(slices.Clone(lines), func(l *metrics.Line) bool { return !slices.ContainsFunc(l.Rows(metrics.All), told) })
	if len(lines) > 0 && len(chosen) == 0 {
		env.Tell("Nothing found.")
	}
	for i, l := range chosen {
		if i > 0 {
			out.WriteString("\n")
		}
		fmt.Fprintf(&out, "%s\n", text.Visible(lineName(l)))
		columns := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(columns, "  PERIOD\tNUMBER\tVALUE\tCOUNTED\tINTERVAL\tUNKNOWN")
		rows := l.Rows(metrics.Quarters)
		slices.SortStableFunc(rows, func(a, b metrics.Row) int { return strings.Compare(b.Period, a.Period) })
		for _, r := range slices.Concat(l.Rows(metrics.All), rows) {
			if told(r) {
				period := r.Period
				if r.Span.To.After(now) {
					period += " so far"
				}
				fmt.Fprintf(columns, "  %s\t%s\t%s\n", period, r.Metric.Words(), strings.Join(r.Cells(), "\t"))
			}
		}
		columns.Flush()
	}
	_, err := io.WriteString(env.Stdout, trimmedLines(out.String()))
	return err
}

// trimmedLines takes the blanks off that fill the last column.
func trimmedLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

func lineName(l *metrics.Line) string {
	switch {
	case l.Environment == "":
		return "unknown environment"
	case l.Total:
		return "all services, " + text.OneLine(l.Environment, 60)
	}
	return text.OneLine(l.Service, 60) + ", " + text.OneLine(l.Environment, 60)
}
