package ledger

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/test/generate"
	"github.com/deploysite/deploysite/internal/test/labelled"
)

// BenchmarkAlike proposes in generated histories, whose notes are made of few words, and
// in ones whose notes are as different as the labelled ones: each time another name.
func BenchmarkAlike(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		b.Run(fmt.Sprintf("generated-%d", n), func(b *testing.B) { benchmark(b, generated(b, n)) })
	}
	for _, n := range []int{5000, 50000} {
		b.Run(fmt.Sprintf("labelled-%d-notes", n), func(b *testing.B) { benchmark(b, varied(b, n)) })
	}
}

func benchmark(b *testing.B, mentions []Mention) {
	b.ReportAllocs()
	var found []Pair
	for b.Loop() {
		found = alike(mentions, normals(mentions))
	}
	b.ReportMetric(float64(len(mentions)), "notes")
	b.ReportMetric(float64(len(found)), "proposals")
}

func generated(b *testing.B, n int) []Mention {
	dir := b.TempDir()
	if err := generate.Project(dir, n, generate.Options{Seed: 3}); err != nil {
		b.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "deployments/checklists/*.md"))
	if err != nil || len(files) == 0 {
		b.Fatal(err)
	}
	var history []Marked
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		r := records.Parse(filepath.Base(file), source, records.Options{})
		r.Release()
		history = append(history, Marked{Record: r})
	}
	return Mentions(history)
}

func varied(b *testing.B, n int) []Mention {
	pairs, err := labelled.NotePairs()
	if err != nil {
		b.Fatal(err)
	}
	var texts []string
	for i := range n {
		p := pairs[i%len(pairs)]
		texts = append(texts, fmt.Sprintf("%s, as on the evening of %s in %s", p.A, word26(i*7919), word26(i)))
	}
	return noted(texts...)
}

// word26 is a number in letters.
func word26(n int) (word string) {
	for range 6 {
		word += string(rune('a' + n%26))
		n /= 26
	}
	return word
}
