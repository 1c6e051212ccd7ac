package site

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/test/generate"
)

// generated makes a history whose code has no language. How code is coloured
// depends on how busy the machine is: chroma gives up on a match after a while.
func generated(t *testing.T, n int, seed uint64) string {
	t.Helper()
	root := t.TempDir()
	if err := generate.Project(root, n, generate.Options{Seed: seed}); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(root, "deployments/checklists/*.md"))
	if err != nil || len(files) != n {
		t.Fatal(len(files), err)
	}
	language := regexp.MustCompile("(?m)^(\\s*```)[a-z]+$")
	for _, file := range append(files, filepath.Join(root, "docs/deployment-checklist.md"), filepath.Join(root, "docs/deployment-process.md")) {
		source, err := os.ReadFile(file)
		if err != nil {
			continue // not every history has both documents
		}
		if err := os.WriteFile(file, language.ReplaceAll(source, []byte("$1")), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// loadLive loads a site as the server does, taking over what it can of former.
func loadLive(t testing.TB, root string, former *Site) *Site {
	t.Helper()
	p, _, err := project.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Load(t.Context(), p, Options{Now: today, Version: "test", Live: true, Former: former})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// content is every file of a site, with those of its search index.
func content(t *testing.T, s *Site) map[string]string {
	t.Helper()
	out, err := s.Output()
	if err != nil {
		t.Fatal(err)
	}
	files := out.Files
	if out.Later != nil {
		later, err := out.Later()
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, later...)
	}
	all := map[string]string{"problems of the build": problemList(s)}
	for _, f := range files {
		data, err := f.Bytes()
		if err != nil {
			t.Fatalf("%s: %v", f.Path, err)
		}
		all[f.Path] = string(data)
	}
	return all
}

func compareContent(t *testing.T, what string, got, want map[string]string) {
	t.Helper()
	for name, text := range want {
		if got[name] != text {
			t.Errorf("after %s: %s differs from a load of everything\n%s", what, name, firstDifference(got[name], text))
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("after %s: %s is there, and a load of everything has none", what, name)
		}
	}
	if t.Failed() {
		t.FailNow()
	}
}

func firstDifference(got, want string) string {
	i := 0
	for i < len(got) && i < len(want) && got[i] == want[i] {
		i++
	}
	from := max(0, i-60)
	return fmt.Sprintf("got  …%.160q\nwant …%.160q", got[from:], want[from:])
}

// A hand edits a project at random.
type hand struct {
	*testing.T
	*rand.Rand
	root  string
	count int
}

func (h *hand) folder() string { return filepath.Join(h.root, "deployments/checklists") }

// record is a random record's file.
func (h *hand) record() string {
	all, err := filepath.Glob(filepath.Join(h.folder(), "*-deployment.md"))
	if err != nil || len(all) == 0 {
		h.Fatal("no records", err)
	}
	return all[h.IntN(len(all))]
}

func (h *hand) read(file string) string {
	data, err := os.ReadFile(file)
	if err != nil {
		h.Fatal(err)
	}
	return string(data)
}

func (h *hand) write(file, text string) {
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		h.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		h.Fatal(err)
	}
}

func (h *hand) name() string {
	h.count++
	return fmt.Sprintf("2026-10-%02d-%02d-%02d-deployment.md", 1+h.count%28, h.count%24, h.count%60)
}

func (h *hand) git(args ...string) {
	cmd := exec.Command("git", append([]string{"-c", "user.name=Ada Park", "-c", "user.email=ada@example.org"}, args...)...)
	cmd.Dir = h.root
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull)
	if out, err := cmd.CombinedOutput(); err != nil {
		h.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

// head is the commit that is checked out, or one that there is not.
func (h *hand) head() string {
	cmd := exec.Command("git", "rev-parse", "HEAD")
	cmd.Dir = h.root
	out, err := cmd.Output()
	if err != nil {
		return "0123456789abcdef"
	}
	return strings.TrimSpace(string(out))
}

func (h *hand) edits() map[string]func() {
	note := func(kind string) func() {
		return func() {
			file := h.record()
			h.write(file, h.read(file)+fmt.Sprintf("\n### %s\n\n- purge the cache of shard %d before the switch\n", kind, h.IntN(3)))
		}
	}
	return map[string]func(){
		"a line more": func() {
			file := h.record()
			h.write(file, h.read(file)+fmt.Sprintf("\nOne more line, number %d.\n", h.count))
		},
		"a change that keeps the length": func() {
			file := h.record()
			h.write(file, strings.NewReplacer("✅", "❌", "❌", "✅", "succeeded", "cancelled", "e ", "a ", "a ", "e ").Replace(h.read(file)))
		},
		"a lesson":           note("Lessons Learned"),
		"a tip":              note("Tips for Next Deployment"),
		"a change of nobody": func() { file := h.record(); h.write(file, h.read(file)) },
		"a new time":         func() { _ = os.Chtimes(h.record(), today, today) },
		"a title": func() {
			file := h.record()
			h.write(file, strings.Replace(h.read(file), "title: ", fmt.Sprintf("title: <%d> ", h.count), 1))
		},
		"another service": func() {
			file := h.record()
			h.write(file, strings.Replace(h.read(file), "service: ", "service: new-", 1))
		},
		"bytes that are no text": func() { file := h.record(); h.write(file, h.read(file)+"\xff\xfe broken\n") },
		"an open front matter":   func() { h.write(filepath.Join(h.folder(), h.name()), "---\ntitle: never closed\n") },
		"a record": func() {
			h.write(filepath.Join(h.folder(), h.name()), "---\nservice: accounts\nstatus: failed\n---\n\n# A new one\n\n- ❌ **Shift traffic**\n")
		},
		"a record with links": func() {
			other, gone := filepath.Base(h.record()), h.name()
			h.write(filepath.Join(h.folder(), h.name()), fmt.Sprintf("# Links\n\n[as here](%s), [soon](%s), [process](../../docs/deployment-process.md)\n\n"+
				"![a chart](charts/load.png) [the same](charts/load.png) ![none](charts/none.png)\n\n## Tips\n\n- See [this](%s)\n", other, gone, other))
		},
		"a link to a file": func() {
			file := h.record()
			h.write(file, h.read(file)+fmt.Sprintf("\nSee [this](../../scripts/%d.sh).\n", h.IntN(3)))
		},
		"a file":        func() { h.write(filepath.Join(h.root, "scripts", fmt.Sprintf("%d.sh", h.IntN(3))), "echo hello\n") },
		"a file less":   func() { _ = os.Remove(filepath.Join(h.root, "scripts", fmt.Sprintf("%d.sh", h.IntN(3)))) },
		"a record less": func() { _ = os.Remove(h.record()) },
		"another name":  func() { _ = os.Rename(h.record(), filepath.Join(h.folder(), h.name())) },
		"two that change places": func() {
			a, b := h.record(), h.record()
			text := h.read(a)
			h.write(a, h.read(b))
			h.write(b, text)
		},
		"a saved copy": func() {
			file := h.record()
			h.write(file+"~new", h.read(file)+"\nSaved by renaming.\n")
			_ = os.Rename(file+"~new", file)
		},
		"a picture":         func() { h.write(filepath.Join(h.folder(), "charts/load.png"), fmt.Sprint("picture ", h.count)) },
		"a picture less":    func() { _ = os.Remove(filepath.Join(h.folder(), "charts/load.png")) },
		"a folder of notes": func() { h.write(filepath.Join(h.folder(), "old", "notes.md"), "# Old\n") },
		"the checklist": func() {
			file := filepath.Join(h.root, "docs/deployment-checklist.md")
			h.write(file, fmt.Sprintf("# Checklist\n\n## Pre-flight\n\n- [ ] **Step %d**: do it\n- [ ] **Review plan**: look\n", h.IntN(3)))
		},
		"the process": func() {
			h.write(filepath.Join(h.root, "docs/deployment-process.md"), fmt.Sprintf("# Process\n\nVersion %d.\n", h.count))
		},
		"the configuration": func() {
			h.write(filepath.Join(h.root, project.ConfigName), fmt.Sprintf("title = \"History %d\"\nrepository = \"https://github.com/acme/%d\"\n", h.count, h.IntN(2)))
		},
		"another language": func() {
			h.write(filepath.Join(h.root, project.ConfigName), fmt.Sprintf("language = %q\n", []string{"en", "de", "ja"}[h.IntN(3)]))
		},
		"documents": func() {
			h.write(filepath.Join(h.root, project.ConfigName), "documents = \"docs\"\n")
			h.write(filepath.Join(h.root, "docs", fmt.Sprintf("page-%d.md", h.IntN(3))), fmt.Sprintf("# Page %d\n\n[A record](../%s)\n", h.count, h.record()))
		},
		"a link to a document": func() {
			file := h.record()
			h.write(file, h.read(file)+fmt.Sprintf("\nSee [this](../../docs/page-%d.md).\n", h.IntN(3)))
		},
		"a record in a folder": func() {
			h.write(filepath.Join(h.folder(), "2026", h.name()), "---\nservice: accounts\n---\n\n# One below\n")
		},
		"no configuration": func() { _ = os.Remove(filepath.Join(h.root, project.ConfigName)) },
		"the theme": func() {
			h.write(filepath.Join(h.root, "themes/default/assets/own.css"), fmt.Sprintf("p { order: %d }", h.count))
		},
		"a commit": func() {
			h.git("add", ".")
			h.git("commit", "--allow-empty", "-q", "-m", fmt.Sprintf("docs: commit %d", h.count))
		},
		"a commit that was deployed": func() {
			file := h.record()
			h.write(file, regexp.MustCompile(`(?m)^commit: .*$`).ReplaceAllString(h.read(file), "commit: "+h.head()))
		},
		"a remote": func() { h.git("config", "remote.origin.url", fmt.Sprintf("https://github.com/acme/r%d.git", h.count)) },
		"a branch": func() { h.git("checkout", "-q", "-b", fmt.Sprintf("topic/%d", h.count)) },
	}
}

// A site that takes over what did not change is, byte for byte, that of a load
// of everything, whatever happens to the project.
func TestReuseChangesNothing(t *testing.T) {
	steps := 25
	if testing.Short() {
		steps = 15
	}
	for seed := range uint64(2) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			h := &hand{T: t, Rand: rand.New(rand.NewPCG(seed, 1)), root: generated(t, 25, seed)}
			h.git("init", "-q", "-b", "main")
			edits := h.edits()
			names := slices.Sorted(func(yield func(string) bool) {
				for name := range edits {
					if !yield(name) {
						return
					}
				}
			})
			former := loadLive(t, h.root, nil)
			for range steps {
				h.count++
				name := names[h.IntN(len(names))]
				if h.IntN(2) == 0 { // as if the files had been read long after they were saved
					time.Sleep(15 * time.Millisecond)
					for _, e := range former.Entries {
						e.seen.At = e.seen.At.Add(time.Minute)
					}
					time.Sleep(15 * time.Millisecond)
				}
				edits[name]()
				next, fresh := loadLive(t, h.root, former), loadLive(t, h.root, nil)
				if err := former.Close(); err != nil {
					t.Fatal(err)
				}
				compareContent(t, name, content(t, next), content(t, fresh))
				if err := fresh.Close(); err != nil {
					t.Fatal(err)
				}
				former = next
			}
			if err := former.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// A page that compares with an earlier record is another when that record is, when the
// checklist is, and when git knows more, although its own file was not touched.
func TestReuseComparesAnew(t *testing.T) {
	h := &hand{T: t, root: t.TempDir()}
	name := func(day int) string {
		return filepath.Join(h.folder(), fmt.Sprintf("2026-03-%02d-10-00-deployment.md", day))
	}
	record := func(commit, state string) string {
		return "---\nservice: a\nenvironment: b\nstatus: succeeded\ncommit: " + commit + "\n---\n\n# R\n\n## S\n\n- " + state + " **One**\n"
	}
	checklist := filepath.Join(h.root, "docs/deployment-checklist.md")
	h.git("init", "-q", "-b", "main")
	h.git("commit", "--allow-empty", "-q", "-m", "first")
	first := h.head()
	h.write(filepath.Join(h.root, "main.go"), "package main\n")
	h.git("add", ".")
	h.git("commit", "-q", "-m", "feat: a second commit")
	h.write(name(1), record(first, "✅"))
	h.write(name(2), record(h.head(), "✅"))
	h.write(checklist, "# C\n\n## S\n\n- [ ] **One**\n")
	former := loadLive(t, h.root, nil)
	for _, edit := range []struct {
		do   func()
		says string
	}{
		{func() {}, "feat: a second commit"},
		{func() { h.write(name(1), record(first, "❌")) }, `step-one">Failed</a> → `},
		{func() { h.write(checklist, "# C\n\n## S\n\n- [ ] **One**\n- [ ] **Two**\n") }, `step-two">Two</a>`},
		{func() { h.write(name(1), record("0123456789abcdef", "✅")) }, "does not have both commits"},
		{func() { h.write(name(1), record(first, "✅")) }, "feat: a second commit"},
		{func() { _ = os.Remove(name(1)) }, ""},
	} {
		edit.do()
		next, fresh := loadLive(t, h.root, former), loadLive(t, h.root, nil)
		got := content(t, next)
		compareContent(t, edit.says, got, content(t, fresh))
		if page := got["records/2026-03-02-10-00/index.html"]; !strings.Contains(page, edit.says) || strings.Contains(page, `id="compared"`) != (edit.says != "") {
			t.Errorf("the page does not say %q", edit.says)
		}
		former.Close()
		fresh.Close()
		former = next
	}
	former.Close()
}

// What a live site serves is the site that is built, but for the path of the
// search's manifest, which is known before there is an index.
func TestLiveIsWhatIsBuilt(t *testing.T) {
	root := generated(t, 25, 3)
	s := loadLive(t, root, nil)
	defer s.Close()
	built, _ := load(t, root)
	got, want := content(t, s), content(t, built)
	delete(want, searchStateFile)
	for name, text := range got {
		delete(got, name)
		got[strings.ReplaceAll(name, s.SearchManifest(), built.SearchManifest())] = strings.ReplaceAll(text, s.SearchManifest(), built.SearchManifest())
	}
	compareContent(t, "nothing", got, want)
}

// One record that was saved is one that is read; the others are taken over.
func TestReuseReadsWhatChanged(t *testing.T) {
	root := generated(t, 25, 4)
	former := loadLive(t, root, nil)
	changed := former.Entries[3]
	h := &hand{T: t, root: root}
	file := filepath.Join(root, changed.File)
	h.write(file, h.read(file)+"\nOne more line.\n")
	next := loadLive(t, root, former)
	for i, e := range next.Entries {
		if took := e.Record == former.Entries[i].Record; took == (e.File == changed.File) {
			t.Errorf("%s was taken over: %t", e.File, took)
		}
	}
	// The texts of both are in one file, which the last of them lets go.
	if err := former.Close(); err != nil {
		t.Fatal(err)
	}
	content(t, next)
	if err := next.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := next.spool.get(next.Entries[0].body); err == nil {
		t.Error("the file is still open after its last site was closed")
	}
}

func BenchmarkReload(b *testing.B) {
	for _, n := range []int{1000, 10_000} {
		root := b.TempDir()
		if err := generate.Project(root, n, generate.Options{}); err != nil {
			b.Fatal(err)
		}
		former := loadLive(b, root, nil)
		file := filepath.Join(root, former.Entries[n/2].File)
		source, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprint("records=", n), func(b *testing.B) {
			for i := range b.N {
				if err := os.WriteFile(file, fmt.Appendf(source, "\nLine %d.\n", i), 0o666); err != nil {
					b.Fatal(err)
				}
				next := loadLive(b, root, former)
				former.Close()
				former = next
			}
		})
		former.Close()
	}
}

// A disk that is full for a while costs the new site, not the former one, and
// not the next.
func TestReuseAfterFullDisk(t *testing.T) {
	h := &hand{T: t, root: generated(t, 5, 5)}
	former := loadLive(t, h.root, nil)
	file := filepath.Join(h.root, former.Entries[0].File)
	h.write(file, h.read(file)+"\nOne more line.\n")
	p, _, err := project.Open(h.root)
	if err != nil {
		t.Fatal(err)
	}
	writable := former.spool.file
	full, err := os.Open(file) // which takes no more text
	if err != nil {
		t.Fatal(err)
	}
	former.spool.file = full
	if _, err := Load(t.Context(), p, Options{Now: today, Live: true, Version: "test", Former: former}); err == nil || !strings.Contains(err.Error(), "TMPDIR") {
		t.Errorf("nothing is said of the full disk: %v", err)
	}
	former.spool.file = writable
	content(t, former)
	next := loadLive(t, h.root, former)
	former.Close()
	fresh := loadLive(t, h.root, nil)
	compareContent(t, "a full disk", content(t, next), content(t, fresh))
	next.Close()
	fresh.Close()
	full.Close()
}
