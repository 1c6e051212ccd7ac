package search

import (
	"errors"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/deploysite/deploysite/internal/recall"
)

// FuzzIndex reads an index in which one file holds something else. Whatever that is,
// every query is answered, or refused because the index is damaged.
func FuzzIndex(f *testing.F) {
	b := NewBuilder(Options{Stemming: true})
	o := b.Build(history(b, "# one\nsome word and SESSION_STORE_URL\nservice: shop", "# two\nissue: the lock timeout 李晓梅"),
		[]Page{{Kind: "service", Title: "shop", URL: "services/shop/index.html"}})
	files := contents(o)
	paths := slices.Sorted(maps.Keys(files))
	for i, path := range paths {
		f.Add(byte(i), []byte(files[path]))
	}
	f.Add(byte(0), []byte(`deploysiteShard("x",["~~~~","~~~","}}}}",""])`))
	f.Fuzz(func(t *testing.T, which byte, data []byte) {
		path := paths[int(which)%len(paths)]
		ix, err := Open(func(p string) ([]byte, error) {
			if p == path {
				return data, nil
			}
			if text, ok := files[p]; ok {
				return []byte(text), nil
			}
			return nil, os.ErrNotExist
		}, o.Manifest)
		if err != nil {
			return
		}
		for _, query := range []string{"word", "wo", "wxrd", `"lock timeout"`, "-word service:shop has:issue after:2020", "shop", "李晓"} {
			if _, err := ix.Search(t.Context(), Query{Text: query, Limit: 10}); err != nil && !errors.Is(err, ErrDamaged) {
				t.Fatalf("%s: %v", query, err)
			}
		}
		if _, err := ix.Similar(t.Context(), recall.Of("the lock timeout of 李晓梅"), 3); err != nil && !errors.Is(err, ErrDamaged) {
			t.Fatal(err)
		}
	})
}

// FuzzQuery asks a fixed index for anything: each query has an answer, and a word that
// the query excludes is in none of its results.
func FuzzQuery(f *testing.F) {
	for _, seed := range []string{`certificate "lock timeout" -staging service:checkout after:2024`, `service:"<img" has:x by:`, "before:99999999999999 -\"", "a:b:c //x -- “a”",
		"李 e\u0301\u202e \x00\xff", "environment:production -environment:production status:failed", strings.Repeat("a b ", 120)} {
		f.Add(seed)
	}
	ix := indexOf(f, "# one\nsome word\nservice: shop\nenvironment: production", "# two\nissue: the lock timeout 李晓梅\ntag: docker", "# heron\nheron")
	f.Fuzz(func(t *testing.T, query string) {
		all, err := ix.Search(t.Context(), Query{Text: query, Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		if len(all.Results) > 10 {
			t.Fatalf("%d results", len(all.Results))
		}
		without, err := ix.Search(t.Context(), Query{Text: "-heron " + query, Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range without.Results {
			if strings.Contains(r.Title, "heron") {
				t.Fatalf("%q finds %q", "-heron "+query, r.Title)
			}
		}
	})
}
