package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/test/generate"
)

func TestFloorWritesEveryRecordWithoutItsFrontMatter(t *testing.T) {
	source, out := history(t, 3), t.TempDir()
	if err := buildFloor(source, out); err != nil {
		t.Fatal(err)
	}
	pages, _ := filepath.Glob(filepath.Join(out, "records", "*", "index.html"))
	if len(pages) != 3 {
		t.Fatalf("3 records gave %d pages", len(pages))
	}
	page, err := os.ReadFile(pages[0])
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(page, []byte("<h1>")) || !bytes.Contains(page, []byte("Deployment Metrics")) {
		t.Errorf("the page does not hold the whole body and only that:\n%s", page)
	}
}

func TestBuilderThatLeavesPagesOutIsNotMeasured(t *testing.T) {
	lazy := builder{"lazy", func(ctx context.Context, source, out string) (*exec.Cmd, error) {
		return exec.CommandContext(ctx, "go", "version"), nil
	}}
	_, err := measure(t.Context(), lazy, history(t, 2), filepath.Join(t.TempDir(), "out"), 2)
	if err == nil || !strings.Contains(err.Error(), "2 records gave 0 pages") {
		t.Errorf("error is %v; want “2 records gave 0 pages”", err)
	}
}

func TestMedianTakesTimeAndMemoryApart(t *testing.T) {
	got := median([]sample{{3, 5, 10, 0, 0}, {1, 5, 30, 0, 0}, {4, 6, 20, 0, 0}, {9, 1, 40, 7, 9}})
	if want := (sample{wall: 3, cpu: 5, memory: 25, files: 7, bytes: 9}); got != want {
		t.Errorf("median is %v; want %v", got, want)
	}
}

func TestTableShowsRatiosOnlyOfWhatWasMeasured(t *testing.T) {
	got := table([]result{
		{1000, "deploysite", sample{wall: time.Second, cpu: 2 * time.Second, memory: 50e6}},
		{1000, "hugo", sample{wall: 4 * time.Second, cpu: 5 * time.Second, memory: 100e6}},
		{5000, "hugo", sample{wall: 20 * time.Second, cpu: 25 * time.Second, memory: 0}},
	})
	want := `| records | builder | time | CPU time | peak memory | files | size |
|--:|---|--:|--:|--:|--:|--:|
| 1000 | deploysite | 1.00 s | 2.00 s | 50 MB | 0 | 0.0 MB |
| 1000 | hugo | 4.00 s | 5.00 s | 100 MB | 0 | 0.0 MB |
| 1000 | deploysite / hugo | 0.25 | 0.40 | 0.50 | | |
| 5000 | hugo | 20.00 s | 25.00 s | unknown | 0 | 0.0 MB |
`
	if got != want {
		t.Errorf("table is\n%s\nwant\n%s", got, want)
	}
}

func TestScalesAreComparedWithTheFirst(t *testing.T) {
	got := scaleTable([]scale{
		{1000, sample{wall: time.Second, cpu: 2 * time.Second, memory: 50e6}, 10, 4e6, 2e6},
		{5000, sample{wall: 4 * time.Second, cpu: 10 * time.Second, memory: 100e6}, 40, 8e6, 3e6},
	})
	want := `| sources | records | time | CPU time | peak memory | files | size | largest page |
|--:|--:|--:|--:|--:|--:|--:|--:|
| 50 | 1000 | 1.0 s | 2.0 s | 50 MB | 10 | 4 MB | 2 MB |
| 50 | 5000 | 4.0 s | 10.0 s | 100 MB | 40 | 8 MB | 3 MB |
| | × 5.00 | × 4.00 | × 5.00 | × 2.00 | × 4.00 | × 2.00 | × 1.50 |
`
	if got != want {
		t.Errorf("table is\n%s\nwant\n%s", got, want)
	}
}

func TestWrongHugoIsRefused(t *testing.T) {
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	if err := checkHugo(t.Context(), goTool); err == nil || !strings.Contains(err.Error(), "-hugo PATH") {
		t.Errorf("the go command taken for hugo: %v", err)
	}
}

func TestFlagsAreChecked(t *testing.T) {
	for _, args := range []string{"-n 0", "-n 10,x", "-runs 0", "-only hogo", "extra", "-organisation 49", "-organisation 120"} {
		if _, err := parse(strings.Fields(args), new(bytes.Buffer)); err == nil {
			t.Errorf("%q is accepted", args)
		}
	}
}

// history writes a project with n records and returns its folder.
func history(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	if err := generate.Project(dir, n, generate.Options{Seed: 1}); err != nil {
		t.Fatal(err)
	}
	return dir
}
