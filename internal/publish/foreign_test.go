package publish

import (
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestForeignFilesAreKept(t *testing.T) {
	bothWays(t, func(t *testing.T, dir string, opt Options) {
		mustPublishWith(t, dir, small("1"), opt)
		in := func(p string) string { return filepath.Join(dir, p) }
		write(t, in("CNAME"), "deployments.example.org")
		write(t, in(".git/objects/ab/cd"), "object")
		write(t, in("records/2024-08-31-14-30/scan.pdf"), "next to a page of ours")
		mkdir(t, in("uploads/empty"), 0o750)
		write(t, in("private/key"), "secret")
		chmod(t, in("private/key"), 0o600)
		chmod(t, in("private"), 0o500)
		t.Cleanup(func() { os.Chmod(in("private"), 0o700) })
		symlink(t, "/does/not/exist", in("dangling"))
		symlink(t, "records", in("latest"))
		chmod(t, dir, 0o775)
		old := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
		if err := os.Chtimes(in("CNAME"), old, old); err != nil {
			t.Fatal(err)
		}
		before := stat(t, in("CNAME"))

		stats := mustPublishWith(t, dir, site(map[string]string{"index.html": "home 2"}), opt) // records/ is no longer built

		if stats.Kept != 6 || stats.Removed != 2 {
			t.Errorf("%+v, want 6 kept and 2 removed", stats)
		}
		wantContent(t, in("index.html"), "home 2")
		wantContent(t, in("CNAME"), "deployments.example.org")
		wantContent(t, in(".git/objects/ab/cd"), "object")
		wantContent(t, in("records/2024-08-31-14-30/scan.pdf"), "next to a page of ours")
		wantGone(t, in("records/2024-08-31-14-30/index.html"))
		wantGone(t, in("assets"))
		if after := stat(t, in("CNAME")); !os.SameFile(before, after) || !after.ModTime().Equal(old) {
			t.Error("CNAME is not the file that it was")
		}
		if runtime.GOOS != "windows" {
			wantMode(t, dir, 0o775)
			wantMode(t, in("uploads/empty"), 0o750)
			wantMode(t, in("private"), 0o500)
			wantMode(t, in("private/key"), 0o600)
		}
		wantLink(t, in("dangling"), "/does/not/exist")
		wantLink(t, in("latest"), "records")
	})
}

func TestFolderWithoutManifest(t *testing.T) {
	bothWays(t, func(t *testing.T, dir string, opt Options) {
		write(t, filepath.Join(dir, "README.md"), "mine")
		write(t, filepath.Join(dir, "index.html"), "home 1") // the same bytes that are built: adopted
		stats := mustPublishWith(t, dir, small("1"), opt)
		if stats.Kept != 1 || stats.Unchanged != 1 {
			t.Errorf("%+v, want 1 kept and 1 unchanged", stats)
		}
		wantContent(t, filepath.Join(dir, "README.md"), "mine")
		mustPublishWith(t, dir, small("2"), opt)
		wantContent(t, filepath.Join(dir, "index.html"), "home 2")
	})
}

// The folder of another git project takes no site; a branch for the site alone does.
func TestOtherProject(t *testing.T) {
	bothWays(t, func(t *testing.T, dir string, opt Options) {
		write(t, dir+"/.git/HEAD", "ref: refs/heads/main")
		write(t, dir+"/README.md", "mine")
		write(t, dir+"/CNAME", "deployments.example.org")
		write(t, dir+"/src/main.go", "mine")
		before := snapshotNoDirTimes(t, filepath.Dir(dir))
		_, err := Publish(t.Context(), dir, small("1"), opt)
		if err == nil || !strings.Contains(err.Error(), "is another git project, with src; choose a folder of its own") {
			t.Error(err)
		}
		if after := snapshotNoDirTimes(t, filepath.Dir(dir)); before != after {
			t.Errorf("something changed:\n%s\n%s", before, after)
		}
		if err := os.RemoveAll(dir + "/src"); err != nil {
			t.Fatal(err)
		}
		mustPublishWith(t, dir, small("1"), opt)
		write(t, dir+"/src/main.go", "added later, beside a site of ours")
		mustPublishWith(t, dir, small("2"), opt)
	})
}

func TestForeignFileInTheWay(t *testing.T) {
	cases := map[string]struct {
		make func(t *testing.T, dir string)
		name string
	}{
		"file":                {func(t *testing.T, dir string) { write(t, dir+"/index.html", "mine") }, "index.html"},
		"file for a folder":   {func(t *testing.T, dir string) { write(t, dir+"/records", "mine") }, "records"},
		"folder for a file":   {func(t *testing.T, dir string) { write(t, dir+"/index.html/a", "mine") }, "index.html in"},
		"folder, empty":       {func(t *testing.T, dir string) { mkdir(t, dir+"/index.html", 0o755) }, "index.html"},
		"link":                {func(t *testing.T, dir string) { symlink(t, "../victim", dir+"/index.html") }, "index.html"},
		"link for a folder":   {func(t *testing.T, dir string) { symlink(t, "../outside", dir+"/records") }, "records"},
		"folder for manifest": {func(t *testing.T, dir string) { write(t, dir+"/"+ManifestName+"/a", "mine") }, ManifestName},
		"two, both are named": {func(t *testing.T, dir string) {
			write(t, dir+"/index.html", "a")
			write(t, dir+"/assets/site.css", "b")
		}, "assets/site.css, index.html"},
		"file for deep folder": {func(t *testing.T, dir string) { write(t, dir+"/records/2024-08-31-14-30", "mine") }, "records/2024-08-31-14-30"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			bothWays(t, func(t *testing.T, dir string, opt Options) {
				write(t, dir+"/other", "kept")
				write(t, filepath.Join(dir, "../victim"), "untouched")
				mkdir(t, filepath.Join(dir, "../outside"), 0o755)
				c.make(t, dir)
				before := snapshotNoDirTimes(t, filepath.Dir(dir))
				_, err := Publish(t.Context(), dir, small("1"), opt)
				if err == nil || !strings.Contains(err.Error(), "did not write "+c.name) {
					t.Errorf("error is %v, want it to name %s", err, c.name)
				}
				if after := snapshotNoDirTimes(t, filepath.Dir(dir)); before != after {
					t.Errorf("something changed:\n%s\n%s", before, after)
				}
			})
		})
	}
}

func TestOwnFileTurnedIntoALink(t *testing.T) {
	bothWays(t, func(t *testing.T, dir string, opt Options) {
		mustPublishWith(t, dir, small("1"), opt)
		victim := filepath.Join(dir, "../victim")
		write(t, victim, "home 1") // even with the right bytes a link is not a page
		index := filepath.Join(dir, "index.html")
		if err := os.Remove(index); err != nil {
			t.Fatal(err)
		}
		symlink(t, "../victim", index)
		mustPublishWith(t, dir, small("2"), opt)
		wantContent(t, victim, "home 1")
		wantContent(t, index, "home 2")
		if !stat(t, index).Mode().IsRegular() {
			t.Error("the page is still a link")
		}
	})
}

func TestManifestTurnedIntoALink(t *testing.T) {
	bothWays(t, func(t *testing.T, dir string, opt Options) {
		victim := filepath.Join(dir, "../victim")
		write(t, victim, "untouched")
		mkdir(t, dir, 0o755)
		symlink(t, "../victim", filepath.Join(dir, ManifestName))
		mustPublishWith(t, dir, small("1"), opt)
		wantContent(t, victim, "untouched")
	})
}

func TestHostileManifest(t *testing.T) {
	victimSum := sum([]byte("untouched"))
	cases := map[string]string{
		"outside":        `{"version": 1, "files": {"../victim": "` + victimSum + `"}}`,
		"absolute":       `{"version": 1, "files": {"VICTIM": "` + victimSum + `"}}`,
		"through a link": `{"version": 1, "files": {"link/victim": "` + victimSum + `"}}`,
		"wrong sum":      `{"version": 1, "files": {"notes.txt": "` + victimSum + `"}}`,
		"no sum":         `{"version": 1, "files": {"notes.txt": ""}}`,
		"staging":        `{"version": 1, "files": {".deploysite-tmp-x/a": "` + victimSum + `"}}`,
		"not JSON":       `{"version": 1, "files": {"notes.txt`,
		"wrong type":     `{"version": 1, "files": ["notes.txt"]}`,
		"null":           `null`,
		"later version":  `{"version": 2, "files": {"notes.txt": "` + victimSum + `"}}`,
		"empty":          ``,
		"deep":           strings.Repeat("[", 100_000),
	}
	for name, manifest := range cases {
		t.Run(name, func(t *testing.T) {
			bothWays(t, func(t *testing.T, dir string, opt Options) {
				victim := filepath.Join(dir, "../victim")
				write(t, victim, "untouched")
				write(t, filepath.Join(dir, "notes.txt"), "mine")
				symlink(t, "..", filepath.Join(dir, "link"))
				write(t, filepath.Join(dir, ManifestName), strings.ReplaceAll(manifest, "VICTIM", filepath.ToSlash(victim)))
				stats := mustPublishWith(t, dir, small("1"), opt)
				if stats.Removed != 0 || stats.Kept != 2 {
					t.Errorf("%+v, want nothing removed and two kept", stats)
				}
				wantContent(t, victim, "untouched")
				wantContent(t, filepath.Join(dir, "notes.txt"), "mine")
				wantLink(t, filepath.Join(dir, "link"), "..")
			})
		})
	}
}

func TestChangedFileThatIsNoLongerBuiltIsKept(t *testing.T) {
	bothWays(t, func(t *testing.T, dir string, opt Options) {
		mustPublishWith(t, dir, small("1"), opt)
		write(t, filepath.Join(dir, "assets/site.css"), "edited by hand")
		stats := mustPublishWith(t, dir, site(map[string]string{"index.html": "home"}), opt)
		if stats.Kept != 1 || stats.Removed != 1 {
			t.Errorf("%+v, want 1 kept and 1 removed", stats)
		}
		wantContent(t, filepath.Join(dir, "assets/site.css"), "edited by hand")
	})
}

// While pages are rendered and links are made, other programs may work in the
// output; what they did to foreign files last must win.
func TestForeignFilesThatChangeMeanwhile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	in := func(p string) string { return filepath.Join(dir, p) }
	mustPublish(t, dir, small("1"))
	for _, p := range []string{"replaced", "edited", "deleted", "folder/deleted"} {
		write(t, in(p), "before")
	}
	out := output{dir: dir, parent: filepath.Dir(dir), name: "public"}
	old, plan, s, built := staged(t, out, small("2"))
	kept, err := s.fill(t.Context(), plan, built.unchanged)
	if err != nil {
		t.Fatal(err)
	}

	write(t, in("replaced.tmp"), "after")
	if err := os.Rename(in("replaced.tmp"), in("replaced")); err != nil {
		t.Fatal(err)
	}
	write(t, in("edited"), "after")
	write(t, in("added/deep"), "after")
	mkdir(t, in("added-empty"), 0o755)
	os.Remove(in("deleted"))
	os.RemoveAll(in("folder"))

	old.close()
	_, former, err := swap(s)
	if err != nil {
		t.Fatal(err)
	}
	if aside, err := retire(out, former, kept); err != nil || len(aside) > 0 {
		t.Fatal(aside, err)
	}
	if err := verify(dir); err != nil {
		t.Error(err)
	}
	wantContent(t, in("index.html"), "home 2")
	wantContent(t, in("replaced"), "after")
	wantContent(t, in("edited"), "after")
	wantContent(t, in("added/deep"), "after")
	if !stat(t, in("added-empty")).IsDir() {
		t.Error("an empty folder that was added is gone")
	}
	wantGone(t, in("deleted"))
	wantGone(t, in("folder"))
	noLeftovers(t, dir)
}

// A foreign file that appears at the name of a new page in the last moment can
// neither overwrite the page nor be lost.
func TestForeignFileInTheWayAtTheLastMoment(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	mustPublish(t, dir, small("1"))
	out := output{dir: dir, parent: filepath.Dir(dir), name: "public"}
	next := append(small("1"), page("notes.html", "ours"))
	old, plan, s, built := staged(t, out, next)
	kept, err := s.fill(t.Context(), plan, built.unchanged)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "notes.html"), "mine")
	old.close()
	_, former, err := swap(s)
	if err != nil {
		t.Fatal(err)
	}
	aside, err := retire(out, former, kept)
	if err != nil || len(aside) != 1 || filepath.Base(aside[0]) != "notes.html" {
		t.Fatalf("aside are %v, error is %v, want notes.html aside", aside, err)
	}
	wantContent(t, filepath.Join(dir, "notes.html"), "ours")
	wantContent(t, aside[0], "mine")
	noLeftovers(t, dir)
	mustPublish(t, dir, next)
	wantContent(t, aside[0], "mine")
}

// staged renders files up to the point where the old tree's files are added.
func staged(t *testing.T, out output, files []File) (*tree, *plan, *stage, *build) {
	t.Helper()
	check := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	old, err := openTree(out.dir)
	check(err)
	t.Cleanup(old.close)
	plan, err := compare(old, files)
	check(err)
	s := &stage{out: out}
	built, err := render(t.Context(), files, old, s, Options{})
	check(err)
	_, err = built.addManifest(old, s)
	check(err)
	check(s.sync())
	return old, plan, s, built
}

func mkdir(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(path, 0o755); err != nil {
		t.Fatal(err)
	}
	chmod(t, path, mode)
}

func chmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func symlink(t *testing.T, to, path string) {
	t.Helper()
	if err := os.Symlink(to, path); err != nil {
		t.Skipf("SKIPPED, symbolic links are not allowed here: %v", err)
	}
}

func wantMode(t *testing.T, path string, want os.FileMode) {
	t.Helper()
	if got := stat(t, path).Mode().Perm(); got != want {
		t.Errorf("%s has mode %v, want %v", path, got, want)
	}
}

func wantLink(t *testing.T, path, want string) {
	t.Helper()
	if got, err := os.Readlink(path); err != nil || got != want {
		t.Errorf("%s links to %q, %v; want %q", path, got, err, want)
	}
}

// snapshotNoDirTimes is for runs that may make a folder and remove it again.
func snapshotNoDirTimes(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	seen := snapshot(t, dir)
	for _, p := range slices.Sorted(maps.Keys(seen)) {
		s := seen[p]
		if stat(t, p).IsDir() {
			s = "folder"
		}
		b.WriteString(p + " " + s + "\n")
	}
	return b.String()
}
