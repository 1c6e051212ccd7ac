package site

import (
	"bytes"
	"testing"

	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/test/generate"
)

// open loads a history of a thousand records.
func open(b *testing.B, root string) *Site {
	b.Helper()
	p, _, err := project.Open(root)
	if err != nil {
		b.Fatal(err)
	}
	s, err := Load(b.Context(), p, Options{Now: today, Version: "test"})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

func thousand(b *testing.B) string {
	b.Helper()
	root := b.TempDir()
	if err := generate.Project(root, 1000, generate.Options{}); err != nil {
		b.Fatal(err)
	}
	return root
}

// BenchmarkLoad reads, parses, renders and joins a thousand records, and makes the index.
func BenchmarkLoad(b *testing.B) {
	root := thousand(b)
	b.ReportAllocs()
	for b.Loop() {
		open(b, root).Close()
	}
}

// BenchmarkRender makes the bytes of all pages of a thousand records.
func BenchmarkRender(b *testing.B) {
	s := open(b, thousand(b))
	defer s.Close()
	var out bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		o, err := s.Output()
		if err != nil {
			b.Fatal(err)
		}
		for _, f := range o.Files {
			out.Reset()
			if err := f.Render(&out); err != nil {
				b.Fatal(err)
			}
		}
	}
}
