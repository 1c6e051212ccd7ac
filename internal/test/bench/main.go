// Command bench measures how long deploysite takes to build a history, and how
// much memory, next to others on the same machine in the same run:
//
//   - deploysite without its search, and deploysite-search with it;
//   - hugo, on a site of the same pages: a page for each record with its facts,
//     contents, neighbours and related records, tables for each year, deployer,
//     service, environment and tag, every note of every record in a list, the
//     records as JSON, a feed, a sitemap, highlighted code;
//   - hugo-lists, the same without notes, years, related records and JSON;
//   - floor, which only turns each file into HTML and writes it: what no
//     builder that renders its pages one after the other can beat; and
//     floor-alike, which does that on all processors and writes as many
//     files and bytes as deploysite-search does;
//   - again, changed and added: deploysite-search on a site that it has built,
//     where nothing has changed, or one record was, or one was added;
//   - hugo-pagefind, which is hugo-lists and then Pagefind on its pages;
//   - copy, which copies the site that deploysite-search builds, and
//     git-status, which asks git whether records have changed.
//
// It prints medians as a Markdown table:
//
//	go run ./internal/test/bench -n 1000,10000 -runs 3
//
// With -organisation it measures sites of 50 sources instead, with the search:
// how what they take grows with the records.
//
//	go run ./internal/test/bench -organisation 10000,100000 -runs 1
//
// Each run is cold: the output, and what hugo caches, are removed before it.
// The records are read from the file system's cache, and stand in no git
// repository. A number that could not be measured is left out, and the exit
// status is 1.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/deploysite/deploysite/internal/test/generate"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// options are the command's flags.
type options struct {
	counts []int    // numbers of records
	runs   int      // per builder; the median counts
	hugo   string   // path of the hugo to use, or ""
	only   []string // names of the builders to measure; all if empty
	seed   uint64

	organisations []int // numbers of records of sites with several sources
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	switch {
	case len(args) == 3 && args[0] == floorCommand:
		return buildFloor(args[1], args[2])
	case len(args) == 5 && args[0] == floorCommand:
		return buildAlike(args[1], args[2], args[3], args[4])
	}
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "deploysite-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)

	if len(o.organisations) > 0 {
		table, err := compareScales(ctx, o, work, stderr)
		fmt.Fprint(stdout, table)
		return err
	}
	builders, missing := prepare(ctx, o, work, stderr)
	results, failed := compare(ctx, o, builders, work, stderr)
	if len(results) > 0 {
		fmt.Fprintf(stdout, "%s/%s, %d CPUs, %s, median of %d cold runs\n\n%s",
			runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), o.runs, table(results))
	}
	return errors.Join(missing, failed)
}

func parse(args []string, stderr io.Writer) (o options, err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	counts := flags.String("n", "1000,10000", "`numbers` of records, separated by commas")
	flags.IntVar(&o.runs, "runs", 3, "how often each builder runs; the median counts")
	flags.StringVar(&o.hugo, "hugo", "", "`path` of a hugo "+hugoVersion+"; otherwise one is looked for and built")
	organisations := flags.String("organisation", "", "`numbers` of records of sites with 50 sources, separated by commas, to measure instead")
	only := flags.String("only", "", "the `builders` to measure, separated by commas: "+strings.Join(builderNames, ","))
	flags.Uint64Var(&o.seed, "seed", 1, "the same seed gives the same records")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if o.runs < 1 || flags.NArg() > 0 {
		return o, errors.New("usage: bench [-n 1000,10000] [-runs 3] [-hugo PATH] [-only deploysite,hugo,…]")
	}
	if o.counts, err = numbers("-n", *counts, 1); err != nil {
		return o, err
	}
	if *organisations != "" {
		if o.organisations, err = numbers("-organisation", *organisations, organisationSources); err != nil {
			return o, err
		}
	}
	if *only != "" {
		o.only = strings.Split(*only, ",")
	}
	for _, name := range o.only {
		if !slices.Contains(builderNames, name) {
			return o, fmt.Errorf("-only: no builder is called %q; there are %s", name, strings.Join(builderNames, ", "))
		}
	}
	return o, nil
}

// numbers reads numbers of records, none below least.
func numbers(flag, list string, least int) (all []int, err error) {
	for _, field := range strings.Split(list, ",") {
		n, err := strconv.Atoi(field)
		if err != nil || n < least || n > generate.MaxRecords || n%least != 0 {
			return nil, fmt.Errorf("%s: %q is no number from %d to %d, in steps of %d", flag, field, least, generate.MaxRecords, least)
		}
		all = append(all, n)
	}
	return all, nil
}

// compare runs every builder on every history.
func compare(ctx context.Context, o options, builders []builder, work string, stderr io.Writer) ([]result, error) {
	var results []result
	var failed []error
	for _, n := range o.counts {
		source := filepath.Join(work, fmt.Sprintf("history-%d", n))
		if err := generate.Project(source, n, generate.Options{Seed: o.seed}); err != nil {
			return results, err
		}
		samples, err := takeTurns(ctx, o.runs, n, builders, source, stderr)
		failed = append(failed, err)
		for _, name := range builderNames {
			// A median of the runs that happened to work would flatter.
			if len(samples[name]) == o.runs {
				results = append(results, result{n, name, median(samples[name])})
			}
		}
		for _, made := range []string{"", "-edited", "-built"} {
			failed = append(failed, os.RemoveAll(source+made))
		}
		if ctx.Err() != nil {
			return results, errors.Join(failed...)
		}
	}
	return results, errors.Join(failed...)
}

// takeTurns measures the builders one after the other and then again, so that a
// busy moment of the machine does not hit one of them only.
func takeTurns(ctx context.Context, runs, n int, builders []builder, source string, stderr io.Writer) (map[string][]sample, error) {
	samples := map[string][]sample{}
	var failed []error
	for turn := range runs {
		for _, b := range builders {
			fmt.Fprintf(stderr, "%d records, run %d of %d: %s", n, turn+1, runs, b.name)
			s, err := measure(ctx, b, source, source+"-site", n)
			if ctx.Err() != nil {
				return samples, ctx.Err()
			}
			if err != nil {
				fmt.Fprintln(stderr, " failed")
				failed = append(failed, fmt.Errorf("%s, %d records: %w", b.name, n, err))
				continue
			}
			fmt.Fprintf(stderr, ", %.2f s, CPU %.2f s, %s\n", s.wall.Seconds(), s.cpu.Seconds(), megabytes(s.memory))
			samples[b.name] = append(samples[b.name], s)
		}
	}
	return samples, errors.Join(failed...)
}
