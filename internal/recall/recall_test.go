package recall_test

import (
	"os"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/recall"
	"github.com/deploysite/deploysite/internal/recall/files"
	"github.com/deploysite/deploysite/internal/secrets"
	"github.com/deploysite/deploysite/internal/site"
	"github.com/deploysite/deploysite/internal/store"
	"github.com/deploysite/deploysite/internal/test/generate"
	"github.com/deploysite/deploysite/internal/test/labelled"
)

// TestLabelled looks errors up as deploystart does and as deploysite does, in a
// history that has other records as well.
func TestLabelled(t *testing.T) {
	dir := t.TempDir()
	if err := generate.Project(dir, 60, generate.Options{Seed: 3}); err != nil {
		t.Fatal(err)
	}
	queries, err := labelled.Write(dir)
	if err != nil {
		t.Fatal(err)
	}
	p, problems, err := project.Open(dir)
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	s, err := site.Load(t.Context(), p, site.Options{Now: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	index, err := s.SearchIndex()
	if err != nil {
		t.Fatal(err)
	}
	folder := store.Folder{FS: os.DirFS(dir), Dir: p.Config.Records}
	var note, search []string
	for _, q := range queries {
		e := recall.Of(q.Text)
		found, err := files.Find(t.Context(), folder, e, "", secrets.Finder{})
		if err != nil {
			t.Fatal(err)
		}
		seen, err := index.Similar(t.Context(), e, 1)
		if err != nil {
			t.Fatal(err)
		}
		first := [2]string{}
		if len(found) > 0 {
			first[0] = found[0].Record.ID
		}
		if len(seen) > 0 {
			first[1] = seen[0].ID
		}
		if first[0] != first[1] {
			t.Errorf("%s: the files say %q, the index says %q", q.Name, first[0], first[1])
		}
		note, search = append(note, first[0]), append(search, first[1])
	}
	labelled.Check(t, "note --error", queries, note)
	labelled.Check(t, "search --error", queries, search)
}

// TestExample pastes errors, as they come the second time, into the example's
// history.
func TestExample(t *testing.T) {
	folder := store.Folder{FS: os.DirFS("../../examples/jump-man"), Dir: "deployments/checklists"}
	for text, want := range map[string]string{
		"x509: certificate has expired": "2024-09-19-20-02", // a later record had it too, and does not say what helped
		"x509: certificate has expired or is not yet valid: current time 2027-03-18T19:35:10Z is after 2027-03-18T18:52:00Z": "2024-09-19-20-02",
		"disk full on builder-2": "2025-03-04-20-30",
		"failed to copy: write /var/lib/docker/overlay2/9f33/merged/app/a.js: no space left on device": "2025-03-04-20-30",
		"2026-11-25T14:10:40Z INFO starting worker 12\n2026-11-25T14:10:41Z INFO connecting to postgres 10.0.0.12:5432\n" +
			"2026-11-25T14:10:52Z ERROR FATAL: sorry, too many clients already (SQLSTATE 53300)\n" +
			"    at Connection.parseE (/srv/app/node_modules/pg/lib/connection.js:614:13)\n    at Socket.emit (node:events:519:28)\n": "2025-11-27-20-00",
		"panic: runtime error: index out of range [5] with length 5\ngoroutine 1 [running]:\nmain.main()\n": "",
		"Error: listen EADDRINUSE: address already in use 0.0.0.0:8080":                                     "",
		"error":                   "",
		"502 502 0x7f 2026-11-25": "",
		"":                        "",
	} {
		found, err := files.Find(t.Context(), folder, recall.Of(text), "", secrets.Finder{})
		if err != nil {
			t.Fatal(err)
		}
		got, about := "", ""
		if len(found) > 0 {
			got, about = found[0].Record.ID, found[0].Line
		}
		if got != want {
			t.Errorf("%s: %q (%s), want %q", text, got, about, want)
		}
	}
	found, err := files.Find(t.Context(), folder, recall.Of("disk full on builder-2"), "2025-03-04-20-30", secrets.Finder{})
	if err != nil || len(found) > 0 && found[0].Record.ID == "2025-03-04-20-30" {
		t.Errorf("the record itself is found: %v", err)
	}
}
