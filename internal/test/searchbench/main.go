// Command searchbench measures the search of the site next to two others, on
// the same records, in the same run, on the same machine:
//
//   - Pagefind, on the pages that deploysite built;
//   - MiniSearch, on the texts of the records.
//
// It prints two Markdown tables. The first, over a made-up history, tells what
// an index costs to build and to use in a browser; the second how often the
// right record comes first for queries with and without a typing error, over
// real texts (testdata/postgresql):
//
//	go run ./internal/test/searchbench -n 10000 -runs 3
//
// It needs Node.js, npm and Chromium; the two others are installed into npm/,
// in the versions that the lock file there names. A number that could not be
// measured is left out, and the exit status is 1.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"

	"github.com/deploysite/deploysite/internal/test/generate"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "searchbench:", err)
		os.Exit(1)
	}
}

// options are the command's flags.
type options struct {
	records int
	runs    int // of each build; the median counts
	seed    uint64
	misses  bool // name the queries that each engine fails
}

func parse(args []string, stderr io.Writer) (o options, err error) {
	flags := flag.NewFlagSet("searchbench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.IntVar(&o.records, "n", 10000, "`how many` records the made-up history has; 0 measures relevance only")
	flags.IntVar(&o.runs, "runs", 3, "how often each index is built; the median counts")
	flags.Uint64Var(&o.seed, "seed", 1, "the same seed gives the same history")
	flags.BoolVar(&o.misses, "misses", false, "name the queries for which the right record does not come first")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 || o.runs < 1 {
		return o, errors.New("usage: searchbench [-n 10000] [-runs 3] [-seed 1] [-misses]")
	}
	if o.records < 0 || o.records > generate.MaxRecords {
		return o, fmt.Errorf("-n: %d is no number from 0 to %d", o.records, generate.MaxRecords)
	}
	return o, nil
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	if len(args) > 1 && args[0] == measureCommand {
		return runMeasured(ctx, args[1:], stdout, stderr)
	}
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "deploysite-searchbench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	b, err := prepare(ctx, work, stderr)
	if err != nil {
		return err
	}
	chromium, err := startBrowser(ctx)
	if err != nil {
		return err
	}
	defer chromium.stop()

	var failed []error
	if o.records > 0 {
		costs, err := measureCosts(ctx, o, b, chromium, work, stderr)
		failed = append(failed, err)
		fmt.Fprintf(stdout, "%d records, %s/%s, %d CPUs, %s, Pagefind %s, MiniSearch %s, median of %d builds\n\n%s\n", o.records,
			runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), b.modules.pagefindVersion, b.modules.minisearchVersion,
			o.runs, costs)
	}
	r, err := measureRelevance(ctx, o, b, chromium, work, stderr)
	fmt.Fprint(stdout, r)
	return errors.Join(append(failed, err)...)
}

func prepare(ctx context.Context, work string, stderr io.Writer) (builder, error) {
	root, err := projectRoot(ctx)
	if err != nil {
		return builder{}, err
	}
	modules, err := installNPM(ctx, root, stderr)
	if err != nil {
		return builder{}, err
	}
	binary, err := compile(ctx, work)
	return builder{binary, modules}, err
}
