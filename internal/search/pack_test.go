package search

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/deploysite/deploysite/internal/facet"
)

// TestPackedDocuments holds an index whose documents share files to one in which
// each has its own.
func TestPackedDocuments(t *testing.T) {
	var texts []string
	for i := range 11 {
		texts = append(texts, fmt.Sprintf("# number %d\nservice: s%d\nissue: the pool of %d was full\nall of it", i, i%3, i))
	}
	open := func(files int) (*Index, int) {
		b := NewBuilder(Options{AloneDocuments: files})
		out := b.Build(history(b, texts...), []Page{{Kind: "service", Title: "s0", URL: "services/s0/index.html"}, {Kind: "source", Title: "pool", URL: "sources/pool/index.html"}})
		documents := 0
		for _, f := range out.Files {
			if strings.HasPrefix(f.Path, "search/d") {
				documents++
			}
		}
		ix, err := out.Open()
		if err != nil {
			t.Fatal(err)
		}
		return ix, documents
	}
	alone, many := open(0)
	packed, few := open(1)
	if many != 13 || few != 4 {
		t.Errorf("%d files and %d, want 13 and 4", many, few)
	}
	for _, query := range []string{"pool", "number 3", "s0", "service:s2", "kind:issue full"} {
		want, err1 := alone.Search(t.Context(), Query{Text: query, Limit: 20})
		got, err2 := packed.Search(t.Context(), Query{Text: query, Limit: 20})
		if err1 != nil || err2 != nil || len(want.Results) == 0 {
			t.Fatal(query, err1, err2, len(want.Results))
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(Result{})); diff != "" {
			t.Errorf("%s (-alone +packed):\n%s", query, diff)
		}
	}
}

// TestTemplateOfOneSource holds that the checklist of one among many sources is
// template text, though few of all records have it.
func TestTemplateOfOneSource(t *testing.T) {
	var texts []string
	for i := range 100 {
		texts = append(texts, fmt.Sprintf("the line of template%d\nsomething %d", i%10, i))
	}
	b := NewBuilder(Options{})
	records := history(b, texts...)
	for i := range records {
		records[i].Set(facet.Source, fmt.Sprintf("source%d", i%10))
	}
	ix, err := b.Build(records, nil).Open()
	if err != nil {
		t.Fatal(err)
	}
	r, err := ix.Search(t.Context(), Query{Text: "template7", Limit: 20})
	if err != nil {
		t.Fatal(err)
	}
	if r.Total != 10 || r.Results[0].Score != 0 || r.Results[0].Excerpt.String() != "the line of template7" {
		t.Errorf("%d found, the first with score %d: %s", r.Total, r.Results[0].Score, r.Results[0].Excerpt.String())
	}
}
