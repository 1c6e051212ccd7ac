package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/export"
	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/site"
	"github.com/deploysite/deploysite/internal/store"
	"github.com/deploysite/deploysite/internal/text"
)

// filterOptions say which records a command is about.
type filterOptions struct {
	facets       map[*facet.Facet]*string // a value to filter by, "" for none
	since, until string
}

// addFilters gives a command the filters.
func addFilters(env *cli.Env, cmd *cobra.Command) *filterOptions {
	opt := &filterOptions{facets: map[*facet.Facet]*string{}}
	f := cmd.Flags()
	for _, by := range export.Facets {
		what := "this " + by.Name + ", `VALUE`"
		if by == facet.Step {
			what = "a step in this `STATE`, such as failed"
		}
		opt.facets[by] = f.String(by.Name, "", "only records with "+what)
	}
	f.StringVar(&opt.since, "since", "", "only records that began on this `DAY` or later, such as 2026-07-01")
	f.StringVar(&opt.until, "until", "", "only records that began on this `DAY` or before")
	completeFacets(env, cmd, export.Facets)
	for _, flag := range []string{"since", "until"} {
		_ = cmd.RegisterFlagCompletionFunc(flag, cobra.NoFileCompletions)
	}
	return opt
}

// filter is what the options ask for.
func (opt *filterOptions) filter(zone *time.Location) (f export.Filter, err error) {
	f.Facets = map[*facet.Facet]string{}
	for by, value := range opt.facets {
		if known := fixedValues(by); *value != "" && known != nil && !slices.ContainsFunc(known, func(one string) bool { return text.Same(one, *value) }) {
			return f, cli.Usagef("--%s must be %s, not %q", by.Name, strings.Join(known, ", "), *value)
		}
		f.Facets[by] = *value
	}
	f.Since, f.Before, err = days("since", opt.since, "until", opt.until, zone)
	return f, err
}

// records gives the records that are asked for one after the other, after the
// checklists, where the table has rows of these.
func (opt *filterOptions) records(ctx context.Context, env *cli.Env, table export.Table) (iter.Seq2[export.Record, error], error) {
	p, _, err := openProject(env)
	if err != nil {
		return nil, err
	}
	filter, err := opt.filter(p.Config.Location)
	if err != nil {
		return nil, err
	}
	var checklists []export.Record
	if table.OfChecklists {
		checklists, err = site.Checklists(p)
	}
	sieve := newSieve(filter)
	return func(yield func(export.Record, error) bool) {
		for _, c := range checklists {
			if filter.Keeps(c) && !yield(c, nil) {
				return
			}
		}
		for r, err := range site.Stream(ctx, p, store.NewestFirst) {
			if (err != nil || sieve.keeps(r)) && !yield(r, err) {
				return
			}
		}
		if err := sieve.unknown(); err != nil {
			yield(export.Record{}, err)
		}
	}, err
}

// A sieve is a filter that knows which names there are, to tell a slip of the fingers from
// a name without deployments in a time.
type sieve struct {
	export.Filter
	kept  bool
	names map[*facet.Facet]map[string]bool
}

func newSieve(f export.Filter) *sieve {
	return &sieve{Filter: f, names: map[*facet.Facet]map[string]bool{}}
}

func (s *sieve) keeps(r export.Record) bool {
	if s.kept = s.kept || s.Keeps(r); s.kept {
		return s.Keeps(r)
	}
	for by, wanted := range s.Facets {
		if wanted == "" {
			continue
		}
		if s.names[by] == nil {
			s.names[by] = map[string]bool{}
		}
		for _, value := range r.Values(by) {
			s.names[by][value] = true
		}
	}
	return false
}

// unknown is an error where nothing was kept and no record has a name that was asked for.
func (s *sieve) unknown() error {
	if s.kept {
		return nil
	}
	for _, by := range export.Facets {
		wanted, names := s.Facets[by], slices.Sorted(maps.Keys(s.names[by]))
		if wanted == "" || slices.ContainsFunc(names, func(name string) bool { return text.Same(name, wanted) }) || fixedValues(by) != nil {
			continue
		}
		return noneNames(by, wanted, names)
	}
	return nil
}

// noneNames is the error where no record has the name that was asked for; names are those
// that there are.
func noneNames(by *facet.Facet, wanted string, names []string) error {
	if by == facet.Source && len(names) == 0 {
		return cli.Usagef("--source %s: this project has no sources; [[source]] in %s lists them", wanted, project.ConfigName)
	}
	if len(names) == 0 {
		return cli.Usagef("no %s %q was found among the facts of the records, nor any other", by.Name, wanted)
	}
	return cli.Usagef("no %s %q was found among the facts of the records; there is: %s", by.Name, wanted, text.OneLine(strings.Join(names, ", "), 300))
}

// write prints the rows of the records that are asked for.
func (opt *filterOptions) write(ctx context.Context, env *cli.Env, table export.Table, format export.Format) error {
	all, err := opt.records(ctx, env, table)
	if err != nil {
		return err
	}
	w := export.NewWriter(env.Stdout, table, format)
	for r, err := range all {
		if err == nil {
			err = w.Write(r)
		}
		if err != nil {
			_ = w.Flush()
			return err
		}
	}
	return w.Close()
}

// feed prints the documents of the records that are asked for, and says what it leaves out.
func (opt *filterOptions) feed(ctx context.Context, env *cli.Env, feed export.Feed) error {
	p, _, err := openProject(env)
	if err != nil {
		return err
	}
	filter, err := opt.filter(p.Config.Location)
	if err != nil {
		return err
	}
	w := export.NewFeedWriter(env.Stdout, feed)
	defer tellLeft(env, w)
	sieve := newSieve(filter)
	for r, err := range site.Stream(ctx, p, store.OldestFirst) {
		if err == nil && sieve.keeps(r) {
			err = w.Write(r)
		} else if err == nil {
			w.Pass(r)
		}
		if err != nil {
			_ = w.Flush()
			return err
		}
	}
	return errors.Join(w.Flush(), sieve.unknown())
}

func tellLeft(env *cli.Env, w *export.FeedWriter) {
	for _, gap := range export.Gaps {
		if n := w.Left[gap]; n > 0 {
			env.Tell("Left out: %s %s.", text.Count(n, "record"), gap)
		}
	}
}

func exportCommand(env *cli.Env) *cobra.Command {
	var format string
	var filters *filterOptions
	cmd := &cobra.Command{
		Use:   "export " + strings.Join(exports, "|"),
		Short: "Give records to a database, a spreadsheet or another engine",
		Long: `export prints a row for each record, each step, each note, or each verdict. A
verdict is what a comment decides on a note. Rows of the newest record come first,
and are written as they are read, so a history of any length takes little memory.
Secrets are taken out as on the site.

ndjson has an object a line, with null for what nobody wrote down. In csv that is
an empty cell, the first line has the names, and a text that a spreadsheet would
take for a formula has a ' before it. The columns are in the guide, with queries
for PostgreSQL and DuckDB; the first, schema, has their version.

cdevents has events of CDEvents 0.5.1, and devlake what the deployment webhook of
Apache DevLake takes: one on a line, those of the oldest record first. What such a
form demands and a record does not say is not made up. The record is left out, and
how many are, and why, is said on stderr.`,
		Example: `  deploysite export records > records.ndjson
  deploysite export steps --format csv > steps.csv
  deploysite export notes --service accounts --since 2026-01-01
  deploysite export cdevents --since 2026-07-01 > events.ndjson`,
		ValidArgs: exports,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || !slices.Contains(exports, args[0]) {
				meant := ""
				if len(args) == 1 {
					meant = ", not " + strconv.Quote(args[0])
				}
				return cli.Usagef("export needs one thing to export: %s%s", strings.Join(exports, ", "), meant)
			}
			if !slices.Contains(formats, format) {
				return cli.Usagef("--format must be %s, not %q", strings.Join(formats, " or "), format)
			}
			if feedOf(args[0]) != nil && format != string(export.NDJSON) {
				return cli.Usagef("%s has no columns; --format %s is for %s", args[0], format, strings.Join(tableNames(), ", "))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if feed := feedOf(args[0]); feed != nil {
				return filters.feed(cmd.Context(), env, *feed)
			}
			table := export.Tables[slices.Index(tableNames(), args[0])]
			return filters.write(cmd.Context(), env, table, export.Format(format))
		},
	}
	filters = addFilters(env, cmd)
	cmd.Flags().StringVar(&format, "format", string(export.NDJSON), "write it as `FORMAT`: ndjson or csv")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp))
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { // history has --json and --csv
		var unknown *pflag.NotExistError
		for _, format := range formats {
			if errors.As(err, &unknown) && unknown.GetSpecifiedName() != "" && strings.HasSuffix(format, unknown.GetSpecifiedName()) {
				return cli.Usage(fmt.Errorf("%w; did you mean --format %s?", err, format))
			}
		}
		return cli.SuggestFlag(cmd, err)
	})
	return cmd
}

var formats = cli.Names([]export.Format{export.NDJSON, export.CSV})

// exports are the names of all that can be exported.
var exports = append(tableNames(), feedNames()...)

func feedNames() (all []string) {
	for _, f := range export.Feeds {
		all = append(all, f.Name)
	}
	return all
}

// feedOf is the feed of a name, nil where that is a table's.
func feedOf(name string) *export.Feed {
	if at := slices.Index(feedNames(), name); at >= 0 {
		return &export.Feeds[at]
	}
	return nil
}

func tableNames() (all []string) {
	for _, t := range export.Tables {
		all = append(all, t.Name)
	}
	return all
}
