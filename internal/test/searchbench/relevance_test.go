package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/search"
	"github.com/deploysite/deploysite/internal/site"
)

// What a change to the search must not fall below: the share, in percent, of
// queries for which the right record comes first.
const (
	leastClean    = 85
	leastMistyped = 75
)

// TestRightRecordComesFirst asks the index of a site, as it is published, the
// queries of the relevance set.
func TestRightRecordComesFirst(t *testing.T) {
	set := mustLoadSet(t)
	index := openIndex(t, set)
	var answers [][]string
	for _, q := range set.queries {
		found, err := index.Search(t.Context(), search.Query{Text: q.text})
		if err != nil {
			t.Fatalf("%q: %v", q.text, err)
		}
		answers = append(answers, recordsOf(found.Results))
	}
	j, err := judge(set.queries, answers)
	if err != nil {
		t.Fatal(err)
	}
	report := fmt.Sprintf("first: %s; with an error: %s; not first:",
		percent(j.clean.first, j.clean.asked), percent(j.mistyped.first, j.mistyped.asked))
	for i, q := range set.queries {
		if rank := q.rank(answers[i]); rank != 1 {
			report += "\n\t" + miss(q, rank, answers[i])
		}
	}
	t.Log(report)
	if 100*j.clean.first < leastClean*j.clean.asked || 100*j.mistyped.first < leastMistyped*j.mistyped.asked {
		t.Errorf("the right record comes first too seldom; want %d %%, and %d %% with an error", leastClean, leastMistyped)
	}
}

// openIndex builds the site of the set and opens its index.
func openIndex(t *testing.T, set relevanceSet) *search.Index {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "project")
	if err := set.write(dir); err != nil {
		t.Fatal(err)
	}
	p, problems, err := project.Open(dir)
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	s, err := site.Load(t.Context(), p, site.Options{Now: time.Date(2026, time.November, 25, 12, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	output, err := s.Output()
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]site.File{}
	for _, f := range output.Files {
		files[f.Path] = f
	}
	index, err := search.Open(func(path string) ([]byte, error) {
		f, ok := files[path]
		if !ok {
			return nil, fmt.Errorf("the site has no %s", path)
		}
		return f.Bytes()
	}, s.SearchManifest())
	if err != nil {
		t.Fatal(err)
	}
	return index
}

var recordAddress = regexp.MustCompile(`^records/([^/]+)/`)

// recordsOf are the records that results lead to, and the address of those that
// lead elsewhere: somebody who looks for a record has to read past them.
func recordsOf(results []search.Result) []string {
	var ids []string
	for _, r := range results {
		if match := recordAddress.FindStringSubmatch(r.URL); match != nil {
			ids = append(ids, match[1])
		} else {
			ids = append(ids, r.URL)
		}
	}
	return ids
}
