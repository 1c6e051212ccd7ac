package search

import (
	"fmt"
	"testing"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/recall"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/test/generate"
)

func generated(b *Builder, n int) []Record {
	all := make([]Record, n)
	for i := range all {
		name, content := generate.Record(1, i, n, generate.DefaultSize)
		r := records.Parse(name, content, records.Options{})
		t := &Text{}
		t.Begin(Body, "")
		for _, s := range r.Steps {
			b.Add(t, []byte(s.Text))
		}
		for _, m := range r.Metrics {
			b.Add(t, []byte(m.Label+": "+m.Value.Value))
		}
		zone := map[records.NoteKind]Zone{records.Issues: Issue, records.Lessons: Lesson, records.Tips: Tip, records.Well: Well}
		for _, n := range r.Notes {
			t.Begin(zone[n.Kind], n.ID)
			b.Add(t, []byte(n.Text))
		}
		all[i] = Record{ID: r.ID, Title: r.Title.Value, URL: "records/" + r.ID + "/index.html",
			Date: r.Started.Time.Format("2006-01-02"), Day: int(r.Started.Time.Unix() / 86400), Text: t,
			Names: []string{r.Version.Value, r.Commit.Value}}
		all[i].Set(facet.Status, string(r.Status))
		for _, f := range facet.Lists {
			for _, v := range f.Values(r) {
				all[i].Set(f, append(all[i].of(f), v.Value)...)
			}
		}
	}
	return all
}

func BenchmarkBuild(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				builder := NewBuilder(Options{Stemming: true})
				all := generated(builder, n)
				b.StartTimer()
				builder.Build(all, nil)
			}
		})
	}
}

func BenchmarkSearch(b *testing.B) {
	builder := NewBuilder(Options{Stemming: true})
	ix, err := builder.Build(generated(builder, 10000), nil).Open()
	if err != nil {
		b.Fatal(err)
	}
	for _, query := range []string{"certificate checkout rejected", "certifcate", "co", `"worker pool"`, "service:checkout status:failed"} {
		b.Run(query, func(b *testing.B) {
			for b.Loop() {
				if _, err := ix.Search(b.Context(), Query{Text: query}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSimilar(b *testing.B) {
	builder := NewBuilder(Options{Stemming: true})
	ix, err := builder.Build(generated(builder, 10000), nil).Open()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := ix.Similar(b.Context(), recall.Of("2026-01-09T17:01:11.001Z ERROR billing exit status 137 after 9923 ms"), 5); err != nil {
			b.Fatal(err)
		}
	}
}
