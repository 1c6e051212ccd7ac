package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/site"
	"github.com/deploysite/deploysite/internal/version"
)

// tick is more than the clock of the file system takes to go on.
const tick = 30 * time.Millisecond

// A builder builds a project again and again while somebody edits it.
type builder struct {
	*testing.T
	root string
	now  time.Time
	n    int
}

func newBuilder(t *testing.T) *builder {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("GIT_CONFIG_GLOBAL", filepath.Join(t.TempDir(), "gitconfig"))
	disk.SettleIn(tick)
	t.Cleanup(func() { disk.SettleIn(2 * time.Second) })
	b := &builder{T: t, root: t.TempDir(), now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	for day := range 4 {
		b.write(b.record(day+1), fmt.Sprintf("---\nservice: a\nenvironment: production\nstatus: succeeded\n---\n\n# Number %d\n\n## Lessons Learned\n\n- purge the cache of shard %d before the switch\n", day, day%2))
	}
	b.write("docs/deployment-checklist.md", "# Checklist\n\n- [ ] **Backup**\n")
	b.git("init", "-q", "-b", "main")
	b.git("add", ".")
	b.git("commit", "-q", "-m", "docs: begin")
	return b
}

func (b *builder) record(day int) string {
	return fmt.Sprintf("deployments/checklists/2026-11-%02d-10-00-deployment.md", day)
}

func (b *builder) write(name, text string) {
	file := filepath.Join(b.root, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		b.Fatal(err)
	}
}

func (b *builder) read(name string) string {
	data, err := os.ReadFile(filepath.Join(b.root, name))
	if err != nil {
		b.Fatal(err)
	}
	return string(data)
}

func (b *builder) git(args ...string) {
	cmd := exec.Command("git", append([]string{"-c", "user.name=Ada Park", "-c", "user.email=ada@example.org"}, args...)...)
	cmd.Dir = b.root
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

// env is an environment that remembers what is said.
func (b *builder) env() (*cli.Env, *bytes.Buffer) {
	var said bytes.Buffer
	return &cli.Env{Name: "deploysite", Dir: b.root, Stdin: strings.NewReader(""), Stdout: &said, Stderr: &said,
		Getenv: func(string) string { return "" }, Now: func() time.Time { return b.now }}, &said
}

// build builds into a folder and returns the files there and what was said, but for the
// time and the counts.
func (b *builder) build(output string) map[string]string {
	b.Helper()
	env, said := b.env()
	err := build(b.Context(), env, buildOptions{output: filepath.Join(b.root, output), strict: true})
	all := map[string]string{"error": fmt.Sprint(err), "said": regexp.MustCompile(`(?m)^\S*public\S*$|: \d+ files? written.*`).ReplaceAllString(said.String(), "")}
	walked := filepath.WalkDir(filepath.Join(b.root, output), func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(p)
		all[strings.TrimPrefix(p, filepath.Join(b.root, output))] = string(data)
		return err
	})
	if walked != nil {
		b.Fatal(walked, err)
	}
	return all
}

// known reports whether the next build would find that nothing has changed.
func (b *builder) known() bool {
	env, _ := b.env()
	p, now, err := openDay(env)
	if err != nil {
		return false
	}
	_, ok := remember(b.Context(), p, filepath.Join(b.root, "public"), site.Options{Now: now, Version: version.Number()})
	return ok
}

// check compares a build with one that knows nothing.
func (b *builder) check(what string) {
	b.Helper()
	b.n++
	cold := fmt.Sprintf("public-cold-%d", b.n)
	got, want := b.build("public"), b.build(cold)
	delete(got, "/CNAME") // what somebody put there stays, and the other has none
	for name, text := range want {
		if got[name] != text {
			b.Errorf("after %s: %s is not that of a cold build:\n%.300q\n%.300q", what, name, got[name], text)
		}
	}
	if len(got) != len(want) {
		b.Errorf("after %s: %d files, and a cold build has %d", what, len(got), len(want))
	}
	if err := os.RemoveAll(filepath.Join(b.root, cold)); err != nil {
		b.Fatal(err)
	}
}

// edits are what may happen between two builds; all but the last few change the site.
func (b *builder) edits() map[string]func() {
	some := b.record(2)
	page := filepath.Join(b.root, "public/records/2026-11-02-10-00/index.html")
	return map[string]func(){
		"a line more":   func() { b.write(some, b.read(some)+"\nOne more line.\n") },
		"a record":      func() { b.write(b.record(5+b.n%20), fmt.Sprintf("# New %d\n", b.n)) },
		"a record less": func() { _ = os.Remove(filepath.Join(b.root, b.record(5+b.n%20))) },
		"a change that keeps length and time": func() {
			info, _ := os.Stat(filepath.Join(b.root, some))
			b.write(some, strings.NewReplacer("cache", "Cache", "Cache", "cache").Replace(b.read(some)))
			_ = os.Chtimes(filepath.Join(b.root, some), info.ModTime(), info.ModTime())
		},
		"another in its place": func() {
			b.write("new", b.read(some)+"\nSaved by renaming.\n")
			_ = os.Rename(filepath.Join(b.root, "new"), filepath.Join(b.root, some))
		},
		"a link":        func() { b.write(some, b.read(some)+"\nSee [this](../../run.sh).\n") },
		"its file":      func() { b.write("run.sh", "echo\n") },
		"its file less": func() { _ = os.Remove(filepath.Join(b.root, "run.sh")) },
		"the checklist": func() {
			b.write("docs/deployment-checklist.md", fmt.Sprintf("# Checklist\n\n- [ ] **Step %d**\n", b.n))
		},
		"a configuration": func() { b.write("deploysite.toml", fmt.Sprintf("title = \"History %d\"\n", b.n)) },
		"none":            func() { _ = os.Remove(filepath.Join(b.root, "deploysite.toml")) },
		"a theme":         func() { b.write("themes/default/assets/theme.css", fmt.Sprintf("p { order: %d }", b.n)) },
		"a commit": func() {
			b.git("add", ".")
			b.git("commit", "--allow-empty", "-q", "-m", "docs: more")
		},
		"a stage":    func() { b.git("add", ".") },
		"a branch":   func() { b.git("checkout", "-q", "-b", fmt.Sprintf("topic/%d", b.n)) },
		"a remote":   func() { b.git("config", "remote.origin.url", fmt.Sprintf("https://github.com/acme/%d.git", b.n)) },
		"a setting":  func() { b.git("config", "--global", "url.https://example.org/.insteadOf", "https://github.com/") },
		"a day":      func() { b.now = b.now.AddDate(0, 0, 1) },
		"a day back": func() { b.now = b.now.AddDate(0, 0, -1) },
		"an hour":    func() { b.now = b.now.Add(time.Hour) },
		"a page less": func() {
			_ = os.Remove(page)
		},
		"a page that somebody edited": func() {
			data, _ := os.ReadFile(page)
			_ = os.WriteFile(page, append(data, "more"...), 0o666)
		},
		"a page of the same length and time": func() {
			info, err := os.Stat(page)
			if err != nil {
				return
			}
			data, _ := os.ReadFile(page)
			_ = os.WriteFile(page, bytes.ToUpper(data), 0o666)
			_ = os.Chtimes(page, info.ModTime(), info.ModTime())
		},
		"a file of somebody":  func() { b.write("public/CNAME", "example.org\n") },
		"no output":           func() { _ = os.RemoveAll(filepath.Join(b.root, "public")) },
		"another manifest":    func() { b.write("public/.deploysite-manifest.json", `{"version": 1, "files": {}}`) },
		"a run that was left": func() { b.write(".public.deploysite-tmp-x/index.html", "half") },
		"a damaged cache": func() {
			files, _ := filepath.Glob(filepath.Join(os.Getenv("XDG_CACHE_HOME"), "deploysite/builds/*"))
			for _, f := range files {
				data, _ := os.ReadFile(f)
				_ = os.WriteFile(f, bytes.Replace(data, []byte("2026"), []byte("2025"), 1), 0o600)
			}
		},
		"no cache": func() { _ = os.RemoveAll(os.Getenv("XDG_CACHE_HOME")) },
		"nothing":  func() {},
	}
}

// Whatever happens, a build is, byte for byte, one that knows nothing.
func TestBuildKnowsWhatChanged(t *testing.T) {
	b := newBuilder(t)
	r := rand.New(rand.NewPCG(1, 1))
	edits := b.edits()
	var names []string
	for name := range edits {
		names = append(names, name)
	}
	slices.Sort(names)
	r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	b.check("the beginning")
	for _, name := range names {
		if r.IntN(4) > 0 { // else at once
			time.Sleep(2 * tick)
			b.build("public")
			b.build("public")
		}
		edits[name]()
		b.check(name)
	}
}

// Where nothing has changed, nothing is read; and what does not concern the site is not
// taken for a change of it.
func TestBuildKnowsThatNothingChanged(t *testing.T) {
	if disk.Changed(stat(t, ".")).IsZero() {
		t.Skip("the file system does not say when a file was changed")
	}
	b := newBuilder(t)
	edits := b.edits()
	for _, name := range []string{"nothing", "an hour", "a file of somebody", "the beginning"} {
		time.Sleep(2 * tick)
		b.build("public")
		if edit := edits[name]; edit != nil {
			edit()
		}
		if !b.known() {
			t.Errorf("after %s the build reads everything", name)
		}
	}
	for _, name := range []string{"a line more", "a change that keeps length and time", "a stage", "a page of the same length and time", "a page less", "a setting", "a day", "no output", "a damaged cache"} {
		time.Sleep(2 * tick)
		b.build("public")
		b.build("public")
		edits[name]()
		if b.known() {
			t.Errorf("after %s the build finds nothing to do", name)
		}
	}
}

func stat(t *testing.T, name string) fs.FileInfo {
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return info
}
