package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// relevance is how often the right record was found, by engine. What could not
// be measured is missing.
type relevance struct{ queries, control map[string]judgement }

// measureRelevance asks each engine the queries of the relevance set.
func measureRelevance(ctx context.Context, o options, b builder, chromium browser, work string, stderr io.Writer) (relevance, error) {
	r := relevance{map[string]judgement{}, map[string]judgement{}}
	set, err := loadSet()
	if err != nil {
		return r, err
	}
	site, err := buildSet(ctx, set, b, work)
	if err != nil {
		return r, err
	}
	server, err := serve(site.dir)
	if err != nil {
		return r, err
	}
	defer server.Close()
	var failed []error
	for _, e := range engines(b.modules) {
		if err := r.ask(chromium, server, e, set, o, stderr); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", e.name, err))
		}
	}
	return r, errors.Join(failed...)
}

// ask judges one engine. The misses of the control are told to nobody.
func (r relevance) ask(chromium browser, server *server, e engine, set relevanceSet, o options, stderr io.Writer) error {
	answers, err := answersOf(chromium, server, e, set.queries)
	if err != nil {
		return err
	}
	if o.misses {
		reportMisses(stderr, e.name, set.queries, answers)
	}
	if r.queries[e.name], err = judge(set.queries, answers); err != nil {
		return err
	}
	if answers, err = answersOf(chromium, server, e, set.control); err != nil {
		return err
	}
	r.control[e.name], err = judge(set.control, answers)
	return err
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

// String shows one row for each engine.
func (r relevance) String() string {
	return relevanceTable(r.queries) + "\nControl:\n\n" + relevanceTable(r.control)
}

// relevanceTable shows one row for each engine.
func relevanceTable(judgements map[string]judgement) string {
	var b strings.Builder
	b.WriteString("| | first | in the first three | first, one error | in the first three, one error |\n|---|--:|--:|--:|--:|\n")
	for _, name := range engineNames {
		j, ok := judgements[name]
		if !ok {
			continue
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", name,
			percent(j.clean.first, j.clean.asked), percent(j.clean.three, j.clean.asked),
			percent(j.mistyped.first, j.mistyped.asked), percent(j.mistyped.three, j.mistyped.asked))
	}
	return b.String()
}

// reportMisses names the queries whose right record did not come first.
func reportMisses(w io.Writer, name string, queries []query, answers [][]string) {
	for i, q := range queries {
		if rank := q.rank(answers[i]); rank != 1 {
			fmt.Fprintf(w, "%s: %s\n", name, miss(q, rank, answers[i]))
		}
	}
}

func miss(q query, rank int, answer []string) string {
	place := "not found"
	if rank > 0 {
		place = fmt.Sprintf("place %d", rank)
	}
	first := "nothing"
	if len(answer) > 0 {
		first = answer[0]
	}
	return fmt.Sprintf("%s: %q (%s): %s is %s; first is %s", q.place, q.text, q.kind(),
		strings.Join(q.relevant, " or "), place, first)
}
