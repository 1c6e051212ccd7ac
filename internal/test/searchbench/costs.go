package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/deploysite/deploysite/internal/test/generate"
)

// cost is what one engine needs for the made-up history.
type cost struct {
	build    sample // of the index alone
	index    weight
	dialog   weight // of the code of its own interface, which usage leaves out
	usage    usage
	fromDisk bool // finds something when its page is opened from file://
}

// costs are by engine; what could not be measured is missing.
type costs struct {
	without, with sample // builds of the site
	engines       map[string]cost
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
	c.without, c.with = medianSample(samples[siteWithout]), medianSample(samples[siteWith])
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

// String shows one row for each measure, one column for each engine, and below
// them what the builds of the site took.
func (c costs) String() string {
	if len(c.engines) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("| | " + strings.Join(engineNames, " | ") + " |\n|---|" + strings.Repeat("--:|", len(engineNames)) + "\n")
	for _, row := range []struct {
		name string
		cell func(cost) string
	}{
		{"building the index, time", func(e cost) string { return seconds(e.build.Wall) }},
		{"building the index, CPU time", func(e cost) string { return seconds(e.build.CPU) }},
		{"building the index, peak memory", func(e cost) string { return megabytes(e.build.Memory) }},
		{"index on disk", func(e cost) string { return megabytes(e.index.plain) }},
		{"index, gzipped", func(e cost) string { return megabytes(e.index.gzipped) }},
		{"first query, over the wire", func(e cost) string { return kilobytes(e.usage.firstBytes) }},
		{"the code of its own dialog, besides", func(e cost) string { return orNone(e.dialog) }},
		{"each further query, over the wire", func(e cost) string { return kilobytes(e.usage.furtherBytes) }},
		{"first query, median / p95", func(e cost) string { return e.usage.cold.String() }},
		{"further query, median / p95", func(e cost) string { return e.usage.further.String() }},
		{"keystroke when loaded, median / p95", func(e cost) string { return e.usage.warm.String() }},
		{"from `file://`", func(e cost) string { return yesNo(e.fromDisk) }},
	} {
		b.WriteString("| " + row.name)
		for _, name := range engineNames {
			b.WriteString(" | " + c.cell(name, row.cell))
		}
		b.WriteString(" |\n")
	}
	fmt.Fprintf(&b, "\nThe site: %s without its index, %s with it.\n", c.without, c.with)
	return b.String()
}

func (s sample) String() string {
	return fmt.Sprintf("%s (CPU %s, %s)", seconds(s.Wall), seconds(s.CPU), megabytes(s.Memory))
}

func (c costs) cell(engine string, show func(cost) string) string {
	e, ok := c.engines[engine]
	if !ok {
		return ""
	}
	return show(e)
}
