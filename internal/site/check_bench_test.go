package site_test

import (
	"os"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/site"
	"github.com/deploysite/deploysite/internal/store"
	"github.com/deploysite/deploysite/internal/test/generate"
)

// BenchmarkCheck compares a check with reading the records alone, of which it may take
// twice the time: go test -run xxx -bench Check -benchtime 5x ./internal/site
func BenchmarkCheck(b *testing.B) {
	dir := b.TempDir()
	if err := generate.Project(dir, 10000, generate.Options{Seed: 1, Size: generate.DefaultSize}); err != nil {
		b.Fatal(err)
	}
	p, _, err := project.Open(dir)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("load", func(b *testing.B) {
		for b.Loop() {
			if _, err := store.Load(b.Context(), os.DirFS(p.Root), p.Config.Records, p.Options(), func(*records.Record) {}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("check", func(b *testing.B) {
		for b.Loop() {
			if _, err := site.Check(b.Context(), p, site.CheckOptions{Now: time.Now()}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
