package importer

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/deploysite/deploysite/internal/records"
)

// TestSources reads each case of testdata: the files but for the last one are
// sources, the last one is what is understood of them. UPDATE_GOLDEN=1 writes it.
func TestSources(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			last := len(a.Files) - 1
			var sources []Source
			for _, f := range a.Files[:last] {
				sources = append(sources, Source{f.Name, f.Data})
			}
			got := Read(sources, Options{})
			sound(t, got)
			if os.Getenv("UPDATE_GOLDEN") != "" {
				a.Files[last].Data = []byte(describe(got))
				if err := os.WriteFile(file, txtar.Format(a), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(a.Files[last].Data), describe(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// describe says what was understood, in words that can be compared.
func describe(r *Reading) string {
	var b strings.Builder
	for i, f := range r.Formats {
		fmt.Fprintf(&b, "%s: %s\n", r.Sources[i].Name, f.Format)
	}
	for _, d := range r.Drafts {
		front, _, _ := strings.Cut(strings.TrimPrefix(string(Compose(d)), "---\n"), "\n---")
		front, _, _ = strings.Cut(front, "\nimported_id:")
		fmt.Fprintf(&b, "\n%s:%d → %s\n%s\n", d.File, d.Line, d.name(1), front)
	}
	b.WriteString("\n")
	for _, rest := range r.Rest {
		if rest.Kind != Layout {
			fmt.Fprintf(&b, "%s: %s\n", rest.Kind, rest.Problem)
		}
	}
	for _, remark := range r.Remarks {
		fmt.Fprintf(&b, "remark: %s\n", remark)
	}
	return b.String()
}

// sound checks what holds for every reading: each byte of the sources is in one
// place, and each draft is a sound record that holds its text.
func sound(t *testing.T, r *Reading) {
	t.Helper()
	var parts []Part
	for _, d := range r.Drafts {
		parts = append(parts, d.Parts...)
	}
	for _, rest := range r.Rest {
		parts = append(parts, rest.Part)
	}
	slices.SortFunc(parts, comparePart)
	whole := make([][]byte, len(r.Sources))
	for _, p := range parts {
		if len(whole[p.Source]) != p.Span.Start {
			t.Fatalf("source %d: a part begins at %d, the one before it ended at %d", p.Source, p.Span.Start, len(whole[p.Source]))
		}
		whole[p.Source] = append(whole[p.Source], r.Sources[p.Source].Data[p.Span.Start:p.Span.End]...)
	}
	ids := map[string]bool{}
	for i, s := range r.Sources {
		if !bytes.Equal(whole[i], s.Data) {
			t.Fatalf("the parts of %s are %q, not %q", s.Name, whole[i], s.Data)
		}
	}
	for _, d := range r.Drafts {
		if ids[d.ID] {
			t.Errorf("two drafts have the ID %s", d.ID)
		}
		ids[d.ID] = true
		soundRecord(t, r, d)
	}
}

func soundRecord(t *testing.T, r *Reading, d *Draft) {
	t.Helper()
	composed := Compose(d)
	for i, part := range d.Parts {
		text := bytes.TrimSuffix(r.Sources[part.Source].Data[part.Span.Start:part.Span.End], []byte("\n"))
		isLast := i == len(d.Parts)-1
		if r.Formats[part.Source].Format == Log && (isLast && !bytes.HasSuffix(bytes.TrimSuffix(composed, []byte("\n")), text) || !bytes.Contains(composed, text)) {
			t.Errorf("the record does not end in its text %q:\n%s", text, composed)
		}
	}
	record := records.Parse(d.name(1), composed, records.Options{})
	if len(record.Problems) > 0 {
		t.Errorf("the record has problems: %v\n%s", record.Problems, composed)
	}
	if record.Imported() != d.ID {
		t.Errorf("the record does not know what it was made of: %q\n%s", record.Imported(), composed)
	}
	if !record.Started.Time.Equal(d.Started.Time) && !d.Started.Local || record.Started.DateOnly != d.Started.DateOnly {
		t.Errorf("the record starts at %v, the draft at %v", record.Started, d.Started)
	}
}

func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.txtar")
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, one := range a.Files[:len(a.Files)-1] {
			f.Add(one.Data)
			f.Add(bytes.ReplaceAll(one.Data, []byte("\n"), []byte("\r\n")))
		}
	}
	for _, logs := range kindsOfLogs {
		for log := range logs {
			f.Add([]byte(log))
		}
	}
	f.Add([]byte("\xef\xbb\xbf## 2024-08-31\n---\ntitle: x\n---\n"))
	f.Add([]byte("## 2024-08-31 \x1b[31m<script>\n\xff\x00\r"))
	f.Add([]byte("a;b\n\"2024-08-31\";\"x\n\ny\"\n\"\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, format := range append([]Format{Guess}, Formats...) {
			sound(t, Read([]Source{{"source", data}}, Options{Format: format, DateOrder: DayFirst}))
		}
	})
}
