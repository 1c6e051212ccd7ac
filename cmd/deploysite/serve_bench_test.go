package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/test/generate"
)

// BenchmarkServe measures from the save of one record until its page is served
// anew, without a browser: the median and the time that 95 of 100 keep.
func BenchmarkServe(b *testing.B) {
	for _, n := range []int{1000, 10_000} {
		b.Run(fmt.Sprint("records=", n), func(b *testing.B) { benchmarkServe(b, n) })
	}
}

func benchmarkServe(b *testing.B, n int) {
	root := b.TempDir()
	if err := generate.Project(root, n, generate.Options{}); err != nil {
		b.Fatal(err)
	}
	all, err := filepath.Glob(filepath.Join(root, "deployments/checklists/*.md"))
	if err != nil || len(all) != n {
		b.Fatal(len(all), err)
	}
	file := all[n/2]
	source, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	stdout := newTerminal()
	done := make(chan error)
	go func() {
		env := &cli.Env{Name: "deploysite", Stdout: stdout, Stderr: io.Discard, Getenv: func(string) string { return "" }, Now: time.Now}
		done <- run(ctx, env, []string{"-C", root, "serve", "-p", "0"})
	}()
	defer func() { cancel(); <-done }()
	for stdout.String() == "" {
		time.Sleep(time.Millisecond)
	}
	page := strings.TrimSpace(stdout.String()) + "records/" + strings.TrimSuffix(filepath.Base(file), "-deployment.md") + "/"
	var took []time.Duration
	for i := range b.N {
		time.Sleep(50 * time.Millisecond) // nobody saves at once again
		mark := fmt.Sprintf("saved for the %dth time", i)
		begun := time.Now()
		if err := os.WriteFile(file, fmt.Appendf(source, "\n\n%s\n", mark), 0o666); err != nil {
			b.Fatal(err)
		}
		for !served1(b, page, mark) {
			time.Sleep(time.Millisecond)
		}
		took = append(took, time.Since(begun))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Milliseconds()), "ms/median")
	b.ReportMetric(float64(took[len(took)*95/100].Milliseconds()), "ms/p95")
}

func served1(b *testing.B, page, mark string) bool {
	r, err := http.Get(page)
	if err != nil {
		b.Fatal(err)
	}
	defer r.Body.Close()
	data, err := io.ReadAll(r.Body)
	if err != nil {
		b.Fatal(err)
	}
	return strings.Contains(string(data), mark)
}
