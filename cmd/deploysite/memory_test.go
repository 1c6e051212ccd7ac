package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/test/rusage"
)

// emptyProject is what a build without records has resident, in bytes. It is not measured
// beside: until a program begins, the memory of the test that starts it counts as its own.
const emptyProject = 40 << 20

// A record as large as may be costs a build at most 256 MiB more than none, and not much
// more time than plain text does, whatever it is made of.
func TestLargeRecordCostsLittle(t *testing.T) {
	head := "---\nstatus: failed\n---\n\n"
	of := func(line string) string { return head + strings.Repeat(line, (records.MaxSize-len(head))/len(line)) }
	plain := builtWith(t, of("The first node answered after the switch, so we went on.\n\n"))
	for name, line := range map[string]string{
		"code spans": "`a` ", "mails": "a@b.cd ", "addresses": "https://a.bc ", "www": "www.a.bc ", "comments": "a <!-- x --> b\n",
		"comments on secrets": "a <!-- secret-ok: x --> b\n", "images": "a <img src=x.png> b\n", "broken words": "a`b`", "headings with ids": "## a {#a .b}\n",
		"dates behind labels": "Date: 2024-08-31\n", "names of secrets": "password ", "names of secrets in values": "password=",
		"tokens in a line": "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8 ",
	} {
		of := builtWith(t, of(line))
		rusage.AtMost(t, name, rusage.PeakMemory(of), emptyProject+(256<<20))
		limit := 4.0
		if name == "dates behind labels" { // each line is one to understand
			limit = 7
		}
		if ratio := float64(cpu(of)) / float64(cpu(plain)); ratio > limit {
			t.Errorf("%s take %.1f times as long as plain text", name, ratio)
		} else {
			t.Logf("%s: %.1f times as long as plain text", name, ratio)
		}
	}
}

func cpu(p *os.ProcessState) time.Duration { return p.UserTime() + p.SystemTime() }

// builtWith builds a site with one record.
func builtWith(t *testing.T, record string) *os.ProcessState {
	t.Helper()
	folder := t.TempDir()
	file := filepath.Join(folder, "deployments", "checklists", "2024-08-31-14-30-deployment.md")
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(record), 0o666); err != nil {
		t.Fatal(err)
	}
	command := exec.Command("deploysite", "-C", folder, "build")
	command.Env = append(os.Environ(), "GOMAXPROCS=1") // else the collector takes whatever another core has to spare
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return command.ProcessState
}

// Exports are written as they are read: ten times as many records need no more memory but
// for the names of their files, of which each may cost 400 bytes. A record that is kept
// costs 20 times as much.
func TestExportsTakeConstantMemory(t *testing.T) {
	const few, many, fileName = 200, 2000, 600 // bytes that each record may take: its name, and what is looked up by that
	small, large := manyRecords(t, few), manyRecords(t, many)
	for _, args := range []string{"records", "steps", "notes", "records --format csv", "steps --format csv", "notes --format csv", "cdevents", "devlake"} {
		before, after := exportedIn(t, small, args), exportedIn(t, large, args)
		if t.Logf("%s: %d KiB live of %d records, %d KiB of %d", args, before>>10, few, after>>10, many); after > before+(many-few)*fileName {
			t.Errorf("%s: %d bytes live of %d records, %d of %d", args, before, few, after, many)
		}
	}
}

func manyRecords(t *testing.T, n int) (root string) {
	t.Helper()
	root = t.TempDir()
	folder := filepath.Join(root, "deployments", "checklists")
	if err := os.MkdirAll(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "deploysite.toml"), []byte("repository = \"https://forge.example.com/acme/web\"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		at := time.Date(2026, time.January, 1, 0, i, 0, 0, time.UTC)
		record := fmt.Sprintf("---\nservice: web\nenvironment: production\nversion: v1.0.%d\ncommit: %040x\nstatus: succeeded\ndate: %s\nfinished: %s\n---\n\n# web\n\n%s\n## Lessons Learned\n\n- Lesson %[1]d\n",
			i, i, at.Format(time.RFC3339), at.Add(time.Hour).Format(time.RFC3339), strings.Repeat("- ✅ **Look**: once more\n", 8))
		if err := os.WriteFile(filepath.Join(folder, at.Format("2006-01-02-15-04")+"-deployment.md"), []byte(record), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// exportedIn is how much memory is in use at most while something is exported.
func exportedIn(t *testing.T, root, args string) int {
	t.Helper()
	live := &liveMemory{next: 1}
	begin := live.now()
	env := &cli.Env{Name: "deploysite", Stdout: live, Stderr: io.Discard, Getenv: func(string) string { return "" }, Now: time.Now}
	if err := run(t.Context(), env, append([]string{"-C", root, "export"}, strings.Fields(args)...)); err != nil {
		t.Fatal(err)
	}
	return live.most - begin
}

// liveMemory looks at the heap again and again while something is written.
type liveMemory struct{ written, next, most int }

func (l *liveMemory) Write(data []byte) (int, error) {
	if l.written += len(data); l.written >= l.next {
		l.next = l.written + l.written/3
		l.most = max(l.most, l.now())
	}
	return len(data), nil
}

func (l *liveMemory) now() int {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}
