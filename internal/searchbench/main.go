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
//	go run ./internal/searchbench -n 10000 -runs 3
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
	"path/filepath"
	"runtime"

	"github.com/deploysite/deploysite/internal/generate"
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
	judgements, err := measureRelevance(ctx, o, b, chromium, work, stderr)
	fmt.Fprint(stdout, relevanceTable(judgements))
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

// cost is what one engine needs for the made-up history.
type cost struct {
	build    sample // of the index; for deploysite of the whole site
	index    weight
	dialog   weight // of the code of its own interface, which usage leaves out
	usage    usage
	fromDisk bool // finds something when its page is opened from file://
}

// costs are by engine; what could not be measured is missing.
type costs struct {
	without sample // the build of the site that makes no index
	engines map[string]cost
}

// measureCosts builds the made-up history and searches it.
func measureCosts(ctx context.Context, o options, b builder, chromium browser, work string, stderr io.Writer) (costs, error) {
	source := filepath.Join(work, "history")
	site := built{filepath.Join(work, "history-site"), filepath.Join(work, "history.json")}
	defer os.RemoveAll(site.dir)
	c := costs{engines: map[string]cost{}}
	if err := generate.Project(source, o.records, generate.Options{Seed: o.seed}); err != nil {
		return c, err
	}
	texts, err := textsOf(ctx, source)
	if err != nil {
		return c, err
	}
	if err := writeTexts(site.texts, texts); err != nil {
		return c, err
	}
	queries := queriesFor(texts, sessions*queriesPerSession, o.seed)
	samples, err := b.takeTurns(ctx, source, site, o.runs, stderr)
	if err != nil {
		return c, err
	}
	c.without = medianSample(samples[withoutSearch])
	var failed []error
	for _, e := range engines(b.modules) {
		one, err := measureCost(chromium, site, e, queries, stderr)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		one.build = medianSample(samples[e.name])
		c.engines[e.name] = one
	}
	return c, errors.Join(failed...)
}

func measureCost(chromium browser, site built, e engine, queries []string, stderr io.Writer) (c cost, err error) {
	if c.index, err = weigh(site, e.data); err != nil {
		return c, fmt.Errorf("%s: %w", e.name, err)
	}
	if c.dialog, err = weigh(site, e.dialog); err != nil {
		return c, fmt.Errorf("%s: %w", e.name, err)
	}
	if c.usage, err = use(chromium, site, e, queries, stderr); err != nil {
		return c, err
	}
	c.fromDisk, err = worksFromDisk(chromium, site, e, queries[0], stderr)
	return c, err
}

// worksFromDisk tries whether the engine answers a query on a page that was
// opened from the disk. The browser's reason, if not, goes to stderr.
func worksFromDisk(chromium browser, site built, e engine, query string, stderr io.Writer) (bool, error) {
	page, err := chromium.open("file://" + filepath.ToSlash(site.page(e.name+".html")))
	if err != nil {
		return false, err
	}
	defer page.close()
	a, err := page.first(query)
	if err != nil {
		fmt.Fprintf(stderr, "%s from file://: %v\n", e.name, err)
		return false, nil
	}
	return len(a.IDs) > 0, nil
}

// measureRelevance asks each engine the queries of the relevance set.
func measureRelevance(ctx context.Context, o options, b builder, chromium browser, work string, stderr io.Writer) (map[string]judgement, error) {
	set, err := loadSet()
	if err != nil {
		return nil, err
	}
	site, err := buildSet(ctx, set, b, work)
	if err != nil {
		return nil, err
	}
	server, err := serve(site.dir)
	if err != nil {
		return nil, err
	}
	defer server.Close()
	judgements := map[string]judgement{}
	var failed []error
	for _, e := range engines(b.modules) {
		answers, err := answersOf(chromium, server, e, set.queries)
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", e.name, err))
			continue
		}
		if judgements[e.name], err = judge(set.queries, answers); err != nil {
			return nil, err
		}
		if o.misses {
			reportMisses(stderr, e.name, set.queries, answers)
		}
	}
	return judgements, errors.Join(failed...)
}

// buildSet builds the site of the relevance set and lets each engine index it.
func buildSet(ctx context.Context, set relevanceSet, b builder, work string) (built, error) {
	source := filepath.Join(work, "set")
	site := built{filepath.Join(work, "set-site"), filepath.Join(work, "set.json")}
	if err := set.write(source); err != nil {
		return site, err
	}
	texts, err := textsOf(ctx, source)
	if err != nil {
		return site, err
	}
	if err := writeTexts(site.texts, texts); err != nil {
		return site, err
	}
	_, err = b.index(ctx, source, site)
	return site, err
}

func answersOf(chromium browser, server *server, e engine, queries []query) ([][]string, error) {
	page, err := chromium.open(server.url + pagesDir + "/" + e.name + ".html")
	if err != nil {
		return nil, err
	}
	defer page.close()
	if _, err := page.first(queries[0].text); err != nil {
		return nil, err
	}
	var asked []string
	for _, q := range queries {
		asked = append(asked, q.text)
	}
	answers, err := page.ask(asked)
	var ids [][]string
	for _, a := range answers {
		ids = append(ids, a.IDs)
	}
	return ids, err
}
