package publish

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkPublish publishes 10,000 pages of 15 kB. "floor" writes them with
// plain calls into a folder, to compare with.
func BenchmarkPublish(b *testing.B) {
	b.ReportAllocs()
	b.Run("floor", func(b *testing.B) {
		for i := range b.N {
			writePlainly(b, filepath.Join(b.TempDir(), fmt.Sprint(i)), large(0, 0))
		}
	})
	b.Run("cold", func(b *testing.B) {
		for i := range b.N {
			benchPublish(b, filepath.Join(b.TempDir(), fmt.Sprint(i)), large(0, 0), Created)
		}
	})
	b.Run("unchanged", func(b *testing.B) {
		dir := filepath.Join(b.TempDir(), "public")
		benchPublish(b, dir, large(0, 0), Created)
		for b.Loop() {
			benchPublish(b, dir, large(0, 0), Nothing)
		}
	})
	for name, opt := range map[string]Options{"ten changed": {}, "ten changed in place": {InPlace: true}} {
		b.Run(name, func(b *testing.B) {
			dir := filepath.Join(b.TempDir(), "public")
			benchPublish(b, dir, large(0, 0), Created)
			version := 0
			for b.Loop() {
				version++
				if _, err := Publish(b.Context(), dir, large(version, 10), opt); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func benchPublish(b *testing.B, dir string, files []File, want Way) {
	b.Helper()
	s, err := Publish(b.Context(), dir, files, Options{})
	if err != nil || s.Way != want {
		b.Fatalf("%+v, %v", s, err)
	}
}

// large is a site of 10,000 pages, of which some depend on the version.
func large(version, changed int) []File {
	files := make([]File, 10_000)
	for i := range files {
		v := 0
		if i < changed {
			v = version
		}
		files[i] = File{Path: fmt.Sprintf("records/%d/index.html", i), Render: func(b *bytes.Buffer) error {
			fmt.Fprintf(b, "page %d %d\n", i, v)
			for b.Len() < 15_000 {
				b.WriteString("deployment ")
			}
			return nil
		}}
	}
	return files
}

func writePlainly(b *testing.B, dir string, files []File) {
	b.Helper()
	for _, f := range files {
		p := filepath.Join(dir, f.Path)
		data, _ := f.Bytes()
		if err := os.MkdirAll(filepath.Dir(p), 0o777); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(p, data, 0o666); err != nil {
			b.Fatal(err)
		}
	}
}
