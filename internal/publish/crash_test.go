package publish

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/test/faults"
)

// The test binary is also the program that gets killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("TEST_PUBLISH_TO"); dir != "" {
		helper(dir, os.Getenv("TEST_PUBLISH_VERSION"), os.Getenv("TEST_PUBLISH_IN_PLACE") != "")
	}
	os.Exit(m.Run())
}

func helper(dir, version string, inPlace bool) {
	stats, err := Publish(context.Background(), dir, many(version), Options{InPlace: inPlace})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(stats.Way)
	os.Exit(0)
}

func command(dir, version string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "TEST_PUBLISH_TO="+dir, "TEST_PUBLISH_VERSION="+version)
	return cmd
}

var perKind = faults.Times(8, 20) // of each third

// many is a site of which a third changes with the version, a third has other
// names in it, and a third stays.
func many(version string) []File {
	files := []File{page("index.html", "home "+version)}
	for i := range perKind {
		files = append(files,
			page(fmt.Sprintf("records/%d/index.html", i), "record "+version),
			page(fmt.Sprintf("tags/%s-%d/index.html", version, i), "tag"),
			page(fmt.Sprintf("assets/%d.css", i), "body{}"))
	}
	return files
}

// whole checks that the site is one build and that foreign files are there.
func whole(t *testing.T, dir string) (version string) {
	t.Helper()
	wantForeign(t, dir)
	return versionOf(t, dir)
}

// versionOf checks that the site is one build.
func versionOf(t *testing.T, dir string) (version string) {
	t.Helper()
	if err := verify(dir); err != nil {
		t.Fatalf("not whole: %v", err)
	}
	home, err := os.ReadFile(filepath.Join(dir, "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	version = strings.TrimPrefix(string(home), "home ")
	for _, f := range many(version) {
		want, _ := f.Bytes()
		wantContent(t, filepath.Join(dir, f.Path), string(want))
	}
	return version
}

func wantForeign(t *testing.T, dir string) {
	t.Helper()
	wantContent(t, filepath.Join(dir, "CNAME"), "deployments.example.org")
	wantContent(t, filepath.Join(dir, "records/7/scan.pdf"), "scan")
}

func addForeign(t *testing.T, dir string) {
	write(t, filepath.Join(dir, "CNAME"), "deployments.example.org")
	write(t, filepath.Join(dir, "records/7/scan.pdf"), "scan")
}

func TestKilledAtAnyTime(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	addForeign(t, dir)
	kills := faults.Times(12, 200)
	mustPublish(t, dir, many("0"))
	full := timeOf(t, command(dir, "first"))
	var oldBuild, newBuild, left int
	for i := 0; i < kills || left == 0 && i < 200; i++ { // until one hits a build in the middle
		before := whole(t, dir)
		version := fmt.Sprint(i)
		killAfter(t, command(dir, version), rand.N(full))
		switch whole(t, dir) {
		case before:
			oldBuild++
		case version:
			newBuild++
		default:
			t.Fatal("the site is neither the old nor the new build")
		}
		if l, _ := filepath.Glob(filepath.Join(filepath.Dir(dir), ".public.deploysite-[st]*")); len(l) > 0 {
			left++
			if len(l) > 1 {
				t.Errorf("the leftovers of a former run were not removed: %v", l)
			}
		}
	}
	t.Logf("of %d killed builds %d left the old site and %d the new one; %d left a staging folder", oldBuild+newBuild, oldBuild, newBuild, left)
	if left == 0 {
		t.Error("no kill hit a build in the middle: the test shows nothing")
	}
	mustPublish(t, dir, many("last")) // checks that nothing is left
	whole(t, dir)
}

// A run in place cannot be whole at every moment, but the next run makes it so.
func TestKilledInPlace(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	addForeign(t, dir)
	inPlace := func(version string) *exec.Cmd {
		cmd := command(dir, version)
		cmd.Env = append(cmd.Env, "TEST_PUBLISH_IN_PLACE=1")
		return cmd
	}
	full := timeOf(t, inPlace("first"))
	for i := range faults.Times(9, 30) {
		killAfter(t, inPlace(fmt.Sprint(i)), rand.N(full))
		wantForeign(t, dir)
		if i%3 == 0 { // otherwise the next one is killed, too
			mustPublishWith(t, dir, many("repaired"), Options{InPlace: true})
			if v := whole(t, dir); v != "repaired" {
				t.Fatalf("the site is %s", v)
			}
			if seen := snapshot(t, filepath.Join(dir, "tags")); len(seen) != 1+2*perKind { // itself, folders, pages
				t.Fatalf("tags of killed builds are left: %d entries", len(seen))
			}
		}
	}
}

func TestKilledFirstBuild(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	full := timeOf(t, command(filepath.Join(t.TempDir(), "public"), "first"))
	for i := range faults.Times(6, 20) {
		killAfter(t, command(dir, fmt.Sprint(i)), rand.N(full))
		if _, err := os.Stat(dir); err == nil {
			if err := verify(dir); err != nil {
				t.Fatal(err)
			}
			os.RemoveAll(dir)
		}
	}
	mustPublish(t, dir, many("last"))
}

// timeOf runs a build to its end and says how long it took.
func timeOf(t *testing.T, cmd *exec.Cmd) time.Duration {
	t.Helper()
	start := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return time.Since(start)
}

func killAfter(t *testing.T, cmd *exec.Cmd, d time.Duration) {
	t.Helper()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(d)
	cmd.Process.Kill()
	cmd.Wait()
	if stderr.Len() > 0 {
		t.Fatalf("the build failed before it was killed: %s", &stderr)
	}
}

// An exchange that was cut short between its steps, one for each step.
func TestCutShort(t *testing.T) {
	swapped := ".public.deploysite-swap-x"
	cases := map[string]func(t *testing.T, parent string){
		"before the exchange": func(t *testing.T, parent string) {
			mustPublish(t, filepath.Join(parent, "new"), many("new"))
			rename(t, parent, "new", swapped)
			link(t, parent, "public/CNAME", swapped+"/CNAME")
		},
		"after the exchange": func(t *testing.T, parent string) {
			mustPublish(t, filepath.Join(parent, "new"), many("new"))
			addForeign(t, filepath.Join(parent, "new"))
			rename(t, parent, "public", swapped)
			rename(t, parent, "new", "public")
			write(t, filepath.Join(parent, swapped, "added"), "meanwhile")
		},
		"output aside, nothing in its place": func(t *testing.T, parent string) {
			mustPublish(t, filepath.Join(parent, "new"), many("new"))
			addForeign(t, filepath.Join(parent, "new"))
			rename(t, parent, "public", swapped+"-former")
			rename(t, parent, "new", swapped)
			write(t, filepath.Join(parent, swapped+"-former", "added"), "meanwhile")
		},
		"while the former output was removed": func(t *testing.T, parent string) {
			mustPublish(t, filepath.Join(parent, "gone"), many("gone"))
			os.Remove(filepath.Join(parent, "gone", ManifestName))
			rename(t, parent, "gone", ".public.deploysite-tmp-x")
		},
	}
	for name, cut := range cases {
		t.Run(name, func(t *testing.T) {
			parent := t.TempDir()
			dir := filepath.Join(parent, "public")
			addForeign(t, dir)
			mustPublish(t, dir, many("old"))
			cut(t, parent)
			// A build that fails must clean up as well, and must not lose the site.
			failing := append(many("next"), File{Path: "zz.html", Render: func(*bytes.Buffer) error { return errors.New("broken") }})
			if _, err := Publish(t.Context(), dir, failing, Options{}); err == nil || !strings.Contains(err.Error(), "broken") {
				t.Fatalf("error is %v", err)
			}
			noLeftovers(t, dir)
			whole(t, dir)
			mustPublish(t, dir, many("next"))
			whole(t, dir)
			if strings.Contains(name, "after") || strings.Contains(name, "aside") {
				wantContent(t, filepath.Join(dir, "added"), "meanwhile")
			}
		})
	}
}

func rename(t *testing.T, parent, from, to string) {
	t.Helper()
	if err := os.Rename(filepath.Join(parent, from), filepath.Join(parent, to)); err != nil {
		t.Fatal(err)
	}
}

func link(t *testing.T, parent, from, to string) {
	t.Helper()
	if err := os.Link(filepath.Join(parent, from), filepath.Join(parent, to)); err != nil {
		t.Fatal(err)
	}
}

func TestSeveralProcessesAtOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	addForeign(t, dir)
	var builds sync.WaitGroup
	for process := range 5 {
		builds.Go(func() {
			for round := range faults.Times(2, 4) {
				version := fmt.Sprintf("%d-%d", process, round)
				if out, err := command(dir, version).CombinedOutput(); err != nil {
					t.Errorf("build %s: %v: %s", version, err, out)
				}
			}
		})
	}
	builds.Wait()
	whole(t, dir)
	noLeftovers(t, dir)
}

func TestSecondBuildWaits(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	started, finish := make(chan bool), make(chan bool)
	slow := []File{{Path: "index.html", Render: func(b *bytes.Buffer) error {
		close(started)
		<-finish
		b.WriteString("slow")
		return nil
	}}}
	first := make(chan error)
	go func() {
		_, err := Publish(t.Context(), dir, slow, Options{})
		first <- err
	}()
	<-started

	ctx, cancel := context.WithCancel(t.Context())
	if _, err := Publish(ctx, dir, small("1"), Options{Wait: cancel}); !errors.Is(err, context.Canceled) {
		t.Errorf("a build that waits cannot be cancelled: %v", err)
	}
	waits := 0
	stats := make(chan Stats)
	go func() {
		s, err := Publish(t.Context(), dir, small("1"), Options{Wait: func() { waits++; close(finish) }})
		if err != nil {
			t.Error(err)
		}
		stats <- s
	}()
	if err := <-first; err != nil {
		t.Error(err)
	}
	if s := <-stats; s.Way != Exchanged && s.Way != Replaced || waits != 1 {
		t.Errorf("the second build waited %d times, then %+v", waits, s)
	}
	wantContent(t, filepath.Join(dir, "index.html"), "home 1")
}

// Whoever reads during many exchanges finds every page every time, and within one
// opened folder only pages of one build.
func TestReadersNeverMissAPage(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	site := func(version string) []File { // small, so that exchanges come fast
		return []File{page("index.html", "home "+version), page("records/0/index.html", "record "+version), page("assets/0.css", "body{}")}
	}
	if s := mustPublish(t, dir, site("0")); s.Way != Created {
		t.Fatal(s)
	}
	if runtime.GOOS != "linux" && runtime.GOOS != "darwin" {
		t.Skip("SKIPPED: this system cannot exchange folders")
	}
	var stop atomic.Bool
	var reads, pairs, retired atomic.Int64
	var readers sync.WaitGroup
	for _, p := range []string{"index.html", "records/0/index.html", "assets/0.css"} {
		readers.Go(func() {
			for !stop.Load() {
				if _, err := os.Stat(filepath.Join(dir, p)); err != nil {
					t.Errorf("%s: %v", p, err)
					return
				}
				if data, err := os.ReadFile(filepath.Join(dir, p)); err != nil || len(data) == 0 {
					t.Errorf("%s: %q, %v", p, data, err)
					return
				}
				reads.Add(1)
			}
		})
	}
	readers.Go(func() {
		for !stop.Load() {
			home, record, err := readPair(dir)
			switch {
			case errors.Is(err, fs.ErrNotExist):
				retired.Add(1) // the opened folder is the former output and is being removed
			case err != nil:
				t.Error(err)
				return
			case strings.TrimPrefix(home, "home ") != strings.TrimPrefix(record, "record "):
				t.Errorf("mixed: %q and %q", home, record)
				return
			default:
				pairs.Add(1)
			}
		}
	})
	exchanges := faults.Times(25, 100)
	for i := 0; (i < exchanges || reads.Load() < 100 || pairs.Load() < 100) && !t.Failed(); i++ {
		if s := mustPublish(t, dir, site(fmt.Sprint("v", i))); s.Way != Exchanged {
			t.Errorf("%+v", s)
		}
	}
	stop.Store(true)
	readers.Wait()
	t.Logf("%d reads, %d pairs, %d pairs given up", reads.Load(), pairs.Load(), retired.Load())
}

// readPair reads two pages through one opened folder.
func readPair(dir string) (home, record string, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return "", "", err
	}
	defer root.Close()
	a, errA := root.ReadFile("index.html")
	b, errB := root.ReadFile("records/0/index.html")
	return string(a), string(b), errors.Join(errA, errB)
}

func TestExchangeNotPossible(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	mustPublish(t, dir, many("old"))
	out := output{dir: dir, parent: filepath.Dir(dir), name: "public"}
	_, _, s, _ := staged(t, out, many("new"))
	// A path that is too long makes the exchange fail, and the step after it.
	s.path = filepath.Join(s.path, strings.Repeat("x", 300))
	if _, _, err := swap(s); !errors.Is(err, errCannotSwap) {
		t.Errorf("error is %v", err)
	}
	wantContent(t, filepath.Join(dir, "index.html"), "home old")
	if err := verify(dir); err != nil {
		t.Error(err)
	}
}
