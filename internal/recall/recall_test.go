package recall_test

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/recall"
	"github.com/deploysite/deploysite/internal/recall/files"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/search"
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
	index, folder := both(t, dir)
	var note, search []string
	for _, q := range queries {
		e := recall.Of(q.Text)
		found, err := files.Find(t.Context(), folder, nil, e, "", secrets.Finder{})
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
		found, err := files.Find(t.Context(), folder, nil, recall.Of(text), "", secrets.Finder{})
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
	found, err := files.Find(t.Context(), folder, nil, recall.Of("disk full on builder-2"), "2025-03-04-20-30", secrets.Finder{})
	if err != nil || len(found) > 0 && found[0].Record.ID == "2025-03-04-20-30" {
		t.Errorf("the record itself is found: %v", err)
	}
}

// TestChecklistIsNoError looks errors up that only the checklist speaks of: as the text
// of steps that went well or were not touched, and as a command below one.
func TestChecklistIsNoError(t *testing.T) {
	dir := t.TempDir()
	const checklist = "# Deployment checklist\n\n## Verify\n\n" +
		"- [ ] Logs quiet: `journalctl -u shop | grep -c \"ERROR connection refused\"` prints 0\n\n" +
		"  ```sh\n  grep \"FATAL sorry too many clients already\" log\n  ```\n"
	const failed = "# Deployment\n\n- ❌ Migrate: deadlock detected while waiting for ShareLock\n  - ✅ Look for corrupted checksum pages\n\n" +
		"| step | state |\n|---|---|\n| Rotate: certificate expired prematurely | ✅ |\n\n" +
		"```text\npanic: unexpected tokenizer lookahead\n```\n"
	write := func(name, content string) {
		t.Helper()
		name = filepath.Join(dir, name)
		if err := cmp.Or(os.MkdirAll(filepath.Dir(name), 0o777), os.WriteFile(name, []byte(content), 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	write("docs/deployment-checklist.md", checklist)
	write("deployments/checklists/2026-01-02-10-00-deployment.md", strings.ReplaceAll(checklist, "[ ]", "✅"))
	write("deployments/checklists/2026-01-03-10-00-deployment.md", strings.ReplaceAll(checklist, "ERROR connection", "ERROR at db-1: connection"))
	write("deployments/checklists/2026-01-04-10-00-deployment.md", failed)
	index, folder := both(t, dir)
	for text, want := range map[string]string{
		"shop[1]: ERROR connection refused by db-1:5432":     "",
		"FATAL: sorry, too many clients already":             "",
		"checksum pages corrupted":                           "",
		"certificate expired prematurely":                    "",
		"deadlock detected while waiting for ShareLock":      "2026-01-04-10-00",
		"panic: unexpected tokenizer lookahead in goroutine": "2026-01-04-10-00",
	} {
		e, first := recall.Of(text), [2]string{}
		found, err := files.Find(t.Context(), folder, records.ParseTemplate("docs/deployment-checklist.md", []byte(checklist), records.Options{}), e, "", secrets.Finder{})
		if err != nil {
			t.Fatal(err)
		}
		seen, err := index.Similar(t.Context(), e, 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(found) > 0 {
			first[0] = found[0].Record.ID
		}
		if len(seen) > 0 {
			first[1] = seen[0].ID
		}
		if first != [2]string{want, want} {
			t.Errorf("%s: the files and the index say %q, want %q", text, first, want)
		}
	}
	results, err := index.Search(t.Context(), search.Query{Text: "kind:checklist quiet"})
	if err != nil || results.Total != 1 {
		t.Errorf("the checklist is not found by its own words: %+v, %v", results, err)
	}
}

// both are the index of a project and its records, in which the same is looked for.
func both(t *testing.T, dir string) (*search.Index, store.Folder) {
	t.Helper()
	p, problems, err := project.Open(dir)
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	s, err := site.Load(t.Context(), p, site.Options{Now: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	index, err := s.SearchIndex()
	if err != nil {
		t.Fatal(err)
	}
	return index, store.Folder{FS: os.DirFS(dir), Dir: p.Config.Records}
}
