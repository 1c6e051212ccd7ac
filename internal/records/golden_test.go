package records

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/deploysite/deploysite/internal/frontmatter"
	"github.com/deploysite/deploysite/internal/text"
)

var updateGolden = flag.Bool("update", false, "write what the parser gives into testdata/records")

// TestGolden compares what is read from the records in testdata/records with
// what each archive expects. A new case needs its record only: -update writes
// the rest, to be read before it is committed.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/records/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { checkGolden(t, file) })
	}
}

func checkGolden(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	record := archive.Files[0]
	got := dump(Parse(record.Name, record.Data, Options{Location: time.FixedZone("", 2*3600)}))
	if *updateGolden {
		archive.Files = []txtar.File{record, {Name: "want", Data: []byte(got)}}
		if err := os.WriteFile(file, txtar.Format(archive), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if len(archive.Files) != 2 {
		t.Fatal("the archive must hold a record and “want”")
	}
	if diff := cmp.Diff(string(archive.Files[1].Data), got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// dump writes what a record tells, one thing a line; what is unknown is left
// out.
func dump(r *Record) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("id %s", r.ID)
	texts := func(name string, list ...Text) {
		for _, t := range list {
			if !t.IsZero() {
				line("%s %q from %s, written %q", name, t.Value, t.From, cut(r, t.Span))
			}
		}
	}
	texts("title", r.Title)
	dumpMoment(line, r, "started", r.Started)
	dumpMoment(line, r, "finished", r.Finished)
	line("status %s from %s: %+v", r.Status, r.StatusFrom, r.StatusReason)
	texts("deployer", r.Deployers...)
	texts("service", r.Services...)
	texts("environment", r.Environment)
	texts("version", r.Version)
	texts("commit", r.Commit)
	texts("branch", r.Branch)
	texts("tag", r.Tags...)
	for _, l := range r.Links {
		line("link %q %s, written %q", l.Name, l.URL, cut(r, l.Span))
	}
	texts("rollback of", r.RollbackOf)
	texts("fixes", r.Fixes)
	texts("approved by", r.ApprovedBy...)
	texts("template", r.Template)
	if r.Reading.Listed {
		line("reading %d", r.Reading.Weight)
	}
	for _, f := range r.Extra {
		line("extra %s", dumpField(r, f))
	}
	for _, s := range r.Sections {
		line("section %d %q %s %s", s.Level, s.Title, s.ID, s.Kind)
	}
	for _, s := range r.Steps {
		dumpStep(line, r, s)
	}
	for _, n := range r.Notes {
		line("note %s %s %q in %d blocks", n.Kind, n.ID, n.Text, len(n.Nodes))
		if n.Issue != nil {
			line("  issue %s %q %q", n.Issue.Number, n.Issue.Title, n.Issue.Fields)
		}
	}
	for _, m := range r.Metrics {
		line("metric %q %q", m.Label, m.Value.Value)
	}
	if r.Document.Root == nil {
		line("shown as source")
	}
	line("body begins %q", text.FirstLine(r.Source[r.Document.Body.Start:r.Document.Body.End]))
	for _, p := range r.Problems {
		line("%s", p)
	}
	return b.String()
}

func dumpMoment(line func(string, ...any), r *Record, name string, m Moment) {
	layout := time.RFC3339
	if m.DateOnly {
		layout = time.DateOnly
	}
	if !m.IsZero() {
		line("%s %s from %s, written %q", name, m.Time.Format(layout), m.From, cut(r, m.Span))
	}
}

func dumpField(r *Record, f frontmatter.Field) string {
	return fmt.Sprintf("%s = %s", cut(r, f.NameSpan), dumpValue(r, f.Value))
}

func dumpValue(r *Record, v frontmatter.Value) string {
	var parts []string
	for _, item := range v.Items {
		parts = append(parts, dumpValue(r, item))
	}
	for _, f := range v.Map {
		parts = append(parts, dumpField(r, f))
	}
	switch v.Kind {
	case frontmatter.Null:
		return "nothing"
	case frontmatter.Scalar:
		return fmt.Sprintf("%q written %q", v.Text, cut(r, v.Span))
	}
	return fmt.Sprintf("(%s) written %q", strings.Join(parts, ", "), cut(r, v.Span))
}

func dumpStep(line func(string, ...any), r *Record, s Step) {
	line("step %s %q %s %q in %q", s.State, cut(r, s.Mark), strings.Repeat(">", s.Depth)+s.Key, s.Text, s.Section)
	if !s.EndMark.IsZero() {
		line("  ends with %q", cut(r, s.EndMark))
	}
	if !s.At.IsZero() {
		line("  at %s by %q", s.At.Format(time.RFC3339), s.By)
	}
}

func cut(r *Record, s text.Span) string { return string(r.Source[s.Start:s.End]) }
