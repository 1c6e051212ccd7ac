package main

import (
	"cmp"
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/store"
)

// text is what there is to search in a record, field by field, for a search
// that reads neither records nor pages.
type text struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Service string `json:"service"`
	Version string `json:"version"`
	Tags    string `json:"tags"` // with the environment
	People  string `json:"people"`
	Steps   string `json:"steps"` // labels
	Notes   string `json:"notes"` // issues, lessons, tips, what went well
	Body    string `json:"body"`  // the rest, as it was written
}

// textsOf are the texts of a project's records, oldest first.
func textsOf(ctx context.Context, dir string) ([]text, error) {
	p, _, err := project.Open(dir)
	if err != nil {
		return nil, err
	}
	var mu sync.Mutex
	var texts []text
	_, err = store.Load(ctx, os.DirFS(p.Root), p.Config.Records, p.Options(), func(r *records.Record) {
		t := textOf(r)
		mu.Lock()
		defer mu.Unlock()
		texts = append(texts, t)
	})
	slices.SortFunc(texts, func(a, b text) int { return cmp.Compare(a.ID, b.ID) })
	return texts, err
}

func textOf(r *records.Record) text {
	t := text{ID: r.ID, Title: r.Title.Value, Service: join(r.Services), Version: r.Version.Value,
		Tags: r.Environment.Value + " " + join(r.Tags), People: join(r.Deployers)}
	for _, s := range r.Steps {
		t.Steps += s.Label + "\n"
	}
	rest := r.Document.Body.Start
	for _, n := range r.Notes {
		t.Notes += n.Text + "\n"
		if n.Span.Start > rest {
			t.Body += string(r.Source[rest:n.Span.Start])
		}
		rest = max(rest, n.Span.End)
	}
	t.Body += string(r.Source[rest:])
	return t
}

func join(values []records.Text) string {
	var words []string
	for _, v := range values {
		words = append(words, v.Value)
	}
	return strings.Join(words, " ")
}

func writeTexts(file string, texts []text) error {
	encoded, err := json.Marshal(texts)
	if err != nil {
		return err
	}
	return os.WriteFile(file, encoded, 0o644)
}
