package importer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/store"
)

// The test binary is also the program that gets killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("TEST_IMPORT_INTO"); dir != "" {
		if _, err := importInto(context.Background(), dir); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// longLog has many deployments, each three times in the same minute.
func longLog(n int) []byte {
	var b bytes.Buffer
	start := time.Date(2020, 1, 1, 12, 0, 0, 0, time.UTC)
	for i := range n {
		fmt.Fprintf(&b, "## %s – number %d\n\n%s\n", start.Add(time.Duration(i/3)*time.Hour).Format("2006-01-02 15:04"), i, strings.Repeat("text\n", 500))
	}
	return b.Bytes()
}

const deployments = 60

func importInto(ctx context.Context, dir string) (*Plan, error) {
	r := Read([]Source{{"log.md", longLog(deployments)}}, Options{})
	p, err := MakePlan(ctx, dir, r.Drafts)
	if err != nil {
		return nil, err
	}
	return p, p.Write(ctx, nil)
}

// whole checks that each file is a whole record, no two of the same deployment,
// and says how many there are.
func whole(t *testing.T, dir string) int {
	t.Helper()
	entries, _ := os.ReadDir(dir)
	seen := map[string]string{}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		source, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		r := records.Parse(e.Name(), source, records.Options{})
		if !bytes.HasSuffix(source, []byte(strings.Repeat("text\n", 500)+"\n")) || r.Imported() == "" {
			t.Fatalf("%s is not whole: %q", e.Name(), source[:min(len(source), 300)])
		}
		if other := seen[r.Imported()]; other != "" {
			t.Fatalf("%s and %s were made of the same", other, e.Name())
		}
		seen[r.Imported()] = e.Name()
	}
	return len(seen)
}

func TestKilledWhileImporting(t *testing.T) {
	kills := 12
	if testing.Short() {
		kills = 4
	}
	for range kills {
		dir := filepath.Join(t.TempDir(), "records")
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "TEST_IMPORT_INTO="+dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for n := rand.IntN(deployments); ; time.Sleep(time.Millisecond) { // kill it in the middle, however fast it is
			entries, _ := os.ReadDir(dir)
			if len(entries) >= n {
				break
			}
		}
		cmd.Process.Kill()
		cmd.Wait()
		before := whole(t, dir)
		p, err := importInto(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		if got := whole(t, dir); got != deployments || p.Count(Present) != before || p.Count(Written) != deployments-before {
			t.Errorf("%d records, %d of them before; the second run found %d and wrote %d", got, before, p.Count(Present), p.Count(Written))
		}
	}
}

func TestNamesFollowTheSource(t *testing.T) {
	dir := t.TempDir()
	taken := filepath.Join(dir, "2020-01-01-12-00-deployment.md")
	if err := os.WriteFile(taken, []byte("ours"), 0o666); err != nil {
		t.Fatal(err)
	}
	p, err := importInto(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"2020-01-01-12-00-2", "2020-01-01-12-00-3", "2020-01-01-12-00-4", "2020-01-01-13-00", "2020-01-01-13-00-2"} {
		if got := filepath.Base(p.Entries[i].Path); got != want+"-deployment.md" {
			t.Errorf("number %d is %s, want %s", i, got, want)
		}
	}
	if got, _ := os.ReadFile(taken); string(got) != "ours" {
		t.Errorf("the file in the way is now %q", got)
	}
}

func TestTwoAtOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "records")
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			unlock, err := store.LockFolder(t.Context(), dir, nil)
			if err != nil {
				t.Error(err)
				return
			}
			defer unlock()
			if _, err := importInto(t.Context(), dir); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := whole(t, dir); got != deployments {
		t.Errorf("%d records", got)
	}
}

func TestInterrupted(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "records")
	r := Read([]Source{{"log.md", longLog(deployments)}}, Options{})
	p, err := MakePlan(t.Context(), dir, r.Drafts)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	err = p.Write(ctx, func(done, _ int) {
		if done == 20 {
			stop()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
	if got := whole(t, dir); got != p.Count(Written) || got < 20 || got > 20+3*16 {
		t.Errorf("%d records, %d told", got, p.Count(Written))
	}
	left, _ := filepath.Glob(filepath.Join(dir, ".new-record-*"))
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// What stands in a log is numbered within a day as it happened: from below where the
// log lists the newest first.
func TestEntriesOfADayAreNumberedAsTheyHappened(t *testing.T) {
	for name, c := range map[string]struct{ log, want string }{
		"newest first, headings": {"## 2024-08-31 c\n\n## 2024-08-30 b\n\n## 2024-08-30 a\n", "c 2024-08-31, b 2024-08-30-2, a 2024-08-30"},
		"newest first, table":    {"| Date | What |\n|---|---|\n| 2024-08-31 | d |\n| 2024-08-31 | c |\n| 2024-08-31 | b |\n| 2024-08-30 | a |\n", "d 2024-08-31-3, c 2024-08-31-2, b 2024-08-31, a 2024-08-30"},
		"newest first, hours":    {"- 2024-08-31 15:00 c\n- 2024-08-31 14:30 b\n- 2024-08-31 14:30 a\n", "c 2024-08-31-15-00, b 2024-08-31-14-30-2, a 2024-08-31-14-30"},
		"newest first, one late": {"- 2024-08-31 e\n- 2024-08-31 d\n- 2024-08-29 c\n- 2024-08-30 b\n- 2024-08-28 a\n", "e 2024-08-31-2, d 2024-08-31, c 2024-08-29, b 2024-08-30, a 2024-08-28"},
		"oldest first":           {"## 2024-08-30 a\n\n## 2024-08-30 b\n\n## 2024-08-31 c\n", "a 2024-08-30, b 2024-08-30-2, c 2024-08-31"},
		"one day, said":          {"# Log\n\nEach change. Newest entries first.\n\n## 2024-08-30 b\n\n## 2024-08-30 a\n", "b 2024-08-30-2, a 2024-08-30"},
		"one day, said, German":  {"# Log\n\nDas Neueste steht oben.\n\n## 2024-08-30 b\n\n## 2024-08-30 a\n", "b 2024-08-30-2, a 2024-08-30"},
		"one day, oldest first":  {"# Log\n\nOldest first.\n\n## 2024-08-30 a\n\n## 2024-08-30 b\n", "a 2024-08-30, b 2024-08-30-2"},
		"said, and not so":       {"# Log\n\nNewest first.\n\n## 2024-08-29 a\n\n## 2024-08-30 b\n\n## 2024-08-30 c\n", "a 2024-08-29, b 2024-08-30, c 2024-08-30-2"},
		"one day, versions down": {"## 2024-08-30 v1.10 c\n\n## 2024-08-30 v1.9 b\n\n## 2024-08-30 v1.8 a\n", "v1.10 c 2024-08-30-3, v1.9 b 2024-08-30-2, v1.8 a 2024-08-30"},
		"one day, versions up":   {"## 2024-08-30 v1.9 a\n\n## 2024-08-30 v1.10 b\n", "v1.9 a 2024-08-30, v1.10 b 2024-08-30-2"},
		"oldest first, rollback": {"## 2024-08-30 v1.10 a\n\n## 2024-08-30 v1.9 b\n\n## 2024-08-31 v1.8 c\n", "v1.10 a 2024-08-30, v1.9 b 2024-08-30-2, v1.8 c 2024-08-31"},
		"one day":                {"- 2024-08-30 a\n- 2024-08-30 b\n", "a 2024-08-30, b 2024-08-30-2"},
	} {
		p, err := MakePlan(context.Background(), t.TempDir(), Read([]Source{{"log.md", []byte(c.log)}}, Options{}).Drafts)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range p.Entries {
			got = append(got, e.Title+" "+strings.TrimSuffix(filepath.Base(e.Path), records.NameSuffix))
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s:\n got %v\nwant %s", name, got, c.want)
		}
	}

	// Of two files each has its own order, and what is new on top goes on.
	dir := t.TempDir()
	down := "- 2024-08-31 c\n- 2024-08-30 b\n- 2024-08-30 a\n"
	up := "- 2024-07-30 a\n- 2024-07-30 b\n- 2024-07-31 c\n"
	for _, more := range []string{"", "- 2024-08-31 d\n"} {
		p, err := MakePlan(context.Background(), dir, Read([]Source{{"down.md", []byte(more + down)}, {"up.md", []byte(up)}}, Options{}).Drafts)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Write(context.Background(), nil); err != nil {
			t.Fatal(err)
		}
		for _, e := range p.Entries {
			if at := filepath.Base(e.Path); e.Title == "b" && !strings.Contains(at, "-30-2-") || e.Title == "d" && !strings.Contains(at, "-31-2-") {
				t.Errorf("%s of %s is %s", e.Title, e.File, at)
			}
		}
	}
}

// TestRecordsOfTheDay: a section may lead to a record that somebody keeps of the same
// deployment.
func TestRecordsOfTheDay(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"2024-08-31-search.md":     "# Search\n",
		"20240830_cache.md":        "# Cache\n",
		"2024-08-29-deployment.md": "---\nimported_from: other.md\nimported_id: text-1\n---\n\n# Login\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for body, want := range map[string]string{
		"## 2024-08-31\n\nSee [the whole story](deployments/2024-08-31-search.md).\n":      "2024-08-31-search.md",
		"## 2024-08-30 – cache\n\n- [more](./deployments/20240830_cache.md#cause)\n":       "20240830_cache.md",
		"## 2024-09-01 – search again\n\nAfter [this](deployments/2024-08-31-search.md)\n": "",
		"## 2024-08-29 – login\n\n[more](deployments/2024-08-29-deployment.md)\n":          "",
		"## 2024-08-31 – search\n\nNo link.\n":                                             "",
	} {
		plan, err := MakePlan(t.Context(), dir, Read([]Source{{"log.md", []byte("# Log\n\n" + body)}}, Options{}).Drafts)
		if err != nil || len(plan.Entries) != 1 {
			t.Fatalf("%q: %v, %v", body, plan, err)
		}
		if e := plan.Entries[0]; e.State != New || strings.TrimPrefix(e.Named, dir+string(filepath.Separator)) != want {
			t.Errorf("%q: %s, names %q, want %q", body, e.State, e.Named, want)
		}
	}
}
