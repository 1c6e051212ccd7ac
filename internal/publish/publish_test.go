package publish

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// site makes a list of files from path → content.
func site(content map[string]string) []File {
	var files []File
	for _, p := range slices.Sorted(maps.Keys(content)) {
		files = append(files, page(p, content[p]))
	}
	return files
}

func page(path, content string) File {
	return Static(path, []byte(content))
}

// small is a site of two pages and a style sheet.
func small(version string) []File {
	return site(map[string]string{
		"index.html":                          "home " + version,
		"records/2024-08-31-14-30/index.html": "record " + version,
		"assets/site.css":                     "body{}",
	})
}

func mustPublish(t *testing.T, dir string, files []File) Stats {
	t.Helper()
	return mustPublishWith(t, dir, files, Options{})
}

func mustPublishWith(t *testing.T, dir string, files []File, opt Options) Stats {
	t.Helper()
	stats, err := Publish(t.Context(), dir, files, opt)
	if err != nil {
		t.Fatal(err)
	}
	if err := verify(dir); err != nil {
		t.Fatalf("after publishing: %v", err)
	}
	noLeftovers(t, dir)
	return stats
}

// noLeftovers fails if a staging folder is still there.
func noLeftovers(t *testing.T, dir string) {
	t.Helper()
	for _, d := range []string{filepath.Dir(dir), dir} {
		left, _ := filepath.Glob(filepath.Join(d, ".*deploysite-*-*"))
		if len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func wantContent(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil {
		t.Error(err)
	} else if string(got) != want {
		t.Errorf("%s holds %q, want %q", path, got, want)
	}
}

func wantGone(t *testing.T, path string) {
	t.Helper()
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s: %v, want it to be gone", path, err)
	}
}

func stat(t *testing.T, path string) fs.FileInfo {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// bothWays runs a test for exchanging the folder and for file by file.
func bothWays(t *testing.T, test func(t *testing.T, dir string, opt Options)) {
	for name, opt := range map[string]Options{"whole": {}, "in place": {InPlace: true}} {
		t.Run(name, func(t *testing.T) { test(t, filepath.Join(t.TempDir(), "public"), opt) })
	}
}

func TestPublish(t *testing.T) {
	bothWays(t, func(t *testing.T, dir string, opt Options) {
		first := mustPublishWith(t, dir, small("1"), opt)
		if want := (Stats{Files: 3, Bytes: 20, Written: 3, Way: Created, Manifest: first.Manifest}); !cmp.Equal(first, want) {
			t.Errorf("first build: %s", cmp.Diff(want, first))
		}
		wantContent(t, filepath.Join(dir, "index.html"), "home 1")

		changed := append(small("2")[:2:2], page("about/index.html", "about")) // without the record
		second := mustPublishWith(t, dir, changed, opt)
		if second.Written != 2 || second.Unchanged != 1 || second.Removed != 1 {
			t.Errorf("second build: %+v, want 2 written, 1 unchanged, 1 removed", second)
		}
		wantContent(t, filepath.Join(dir, "index.html"), "home 2")
		wantContent(t, filepath.Join(dir, "about/index.html"), "about")
		wantGone(t, filepath.Join(dir, "records"))
	})
}

func TestSecondRunTouchesNothing(t *testing.T) {
	bothWays(t, func(t *testing.T, dir string, opt Options) {
		mustPublishWith(t, dir, small("1"), opt)
		before := snapshot(t, filepath.Dir(dir))
		stats := mustPublishWith(t, dir, small("1"), opt)
		if stats.Way != Nothing || stats.Unchanged != 3 || stats.Written != 0 {
			t.Errorf("second run with the same input: %+v", stats)
		}
		if after := snapshot(t, filepath.Dir(dir)); !maps.Equal(before, after) {
			t.Errorf("the second run changed something:\n%v\n%v", before, after)
		}
	})
}

// snapshot gives the times and sizes of all that is in a folder.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	seen := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info := stat(t, p)
		seen[p] = fmt.Sprint(info.Mode(), info.Size(), info.ModTime().UnixNano())
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

func TestUnchangedFileKeepsTimeAndIdentity(t *testing.T) {
	bothWays(t, func(t *testing.T, dir string, opt Options) {
		mustPublishWith(t, dir, small("1"), opt)
		css := filepath.Join(dir, "assets/site.css")
		old := time.Date(2024, 8, 31, 14, 30, 0, 0, time.UTC)
		if err := os.Chtimes(css, old, old); err != nil {
			t.Fatal(err)
		}
		before := stat(t, css)
		mustPublishWith(t, dir, small("2"), opt)
		after := stat(t, css)
		if !after.ModTime().Equal(old) || !os.SameFile(before, after) {
			t.Errorf("an unchanged file was written again: %v, %v", before.ModTime(), after.ModTime())
		}
	})
}

func TestDamagedFileIsRepaired(t *testing.T) {
	bothWays(t, func(t *testing.T, dir string, opt Options) {
		mustPublishWith(t, dir, small("1"), opt)
		write(t, filepath.Join(dir, "index.html"), "home X")
		if verify(dir) == nil {
			t.Error("verify accepts a changed page")
		}
		stats := mustPublishWith(t, dir, small("1"), opt)
		if stats.Written != 1 {
			t.Errorf("%+v, want one file written", stats)
		}
		wantContent(t, filepath.Join(dir, "index.html"), "home 1")
	})
}

func TestFileBecomesFolderAndBack(t *testing.T) {
	bothWays(t, func(t *testing.T, dir string, opt Options) {
		asFile := site(map[string]string{"tags": "file", "index.html": "home"})
		asFolder := site(map[string]string{"tags/docker/index.html": "folder", "index.html": "home"})
		mustPublishWith(t, dir, asFile, opt)
		mustPublishWith(t, dir, asFolder, opt)
		wantContent(t, filepath.Join(dir, "tags/docker/index.html"), "folder")
		mustPublishWith(t, dir, asFile, opt)
		wantContent(t, filepath.Join(dir, "tags"), "file")
		mustPublishWith(t, dir, asFolder, opt)
		write(t, filepath.Join(dir, "tags/docker/notes.txt"), "mine")
		if _, err := Publish(t.Context(), dir, asFile, opt); err == nil || !strings.Contains(err.Error(), "did not write tags/docker/notes.txt in") {
			t.Errorf("error is %v, want it to name tags/docker/notes.txt", err)
		}
	})
}

func TestManifestIsTheSameForTheSameSite(t *testing.T) {
	a, b := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")
	mustPublish(t, a, small("1"))
	mustPublish(t, b, small("0"))
	mustPublish(t, b, small("1"))
	want, err := os.ReadFile(filepath.Join(a, ManifestName))
	if err != nil {
		t.Fatal(err)
	}
	wantContent(t, filepath.Join(b, ManifestName), string(want))
}

func TestFailureLeavesTheSiteAlone(t *testing.T) {
	broken := errors.New("no such template")
	cases := map[string]struct {
		fail func(cancel context.CancelCauseFunc) error
		want string
	}{
		"error": {func(context.CancelCauseFunc) error { return broken }, "zz.html: no such template"},
		"panic": {func(context.CancelCauseFunc) error { panic("nil map") }, "zz.html: nil map"},
		"cancelled": {func(cancel context.CancelCauseFunc) error {
			cancel(errors.New("interrupted"))
			return nil
		}, "interrupted"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			bothWays(t, func(t *testing.T, dir string, opt Options) {
				mustPublishWith(t, dir, small("1"), opt)
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				files := append(small("2"), File{Path: "zz.html", Render: func(*bytes.Buffer) error { return c.fail(cancel) }})
				_, err := Publish(ctx, dir, files, opt)
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("error is %v, want %q", err, c.want)
				}
				wantContent(t, filepath.Join(dir, "index.html"), "home 1")
				if err := verify(dir); err != nil {
					t.Error(err)
				}
				noLeftovers(t, dir)
			})
		})
	}
}

func TestFirstBuildThatFailsLeavesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	files := append(small("1"), File{Path: "zz.html", Render: func(*bytes.Buffer) error { return errors.New("broken") }})
	if _, err := Publish(t.Context(), dir, files, Options{}); err == nil {
		t.Error("a page that cannot be rendered is no error")
	}
	wantGone(t, dir)
	noLeftovers(t, dir)
}

func TestProgress(t *testing.T) {
	var seen []int
	opt := Options{Progress: func(done, total int) {
		if total != 3 {
			t.Errorf("total is %d", total)
		}
		seen = append(seen, done)
	}}
	mustPublishWith(t, filepath.Join(t.TempDir(), "public"), small("1"), opt)
	if !slices.Equal(seen, []int{1, 2, 3}) {
		t.Errorf("progress was %v", seen)
	}
}

func TestPathsThatCannotExistEverywhere(t *testing.T) {
	cases := map[string][]string{
		"../escape.html":        {"../escape.html"},
		"/etc/passwd":           {"/etc/passwd"},
		"a//b":                  {"a//b"},
		"empty":                 {""},
		`a\b.html`:              {`a\b.html`},
		"c:stream":              {"c:stream"},
		"tags/con.html":         {"tags/con.html"},
		"tags/Lpt9":             {"tags/Lpt9"},
		"dot./index.html":       {"dot./index.html"},
		"a\nb":                  {"a\nb"},
		".deploysite-tmp-x/a":   {".deploysite-tmp-x/a"},
		ManifestName:            {ManifestName},
		"same":                  {"a.html", "a.html"},
		"other case":            {"tags/Docker.html", "tags/docker.html"},
		"other composition":     {"H\u00e5kan.html", "Ha\u030akan.html"},
		"file and folder":       {"tags", "tags/docker.html"},
		"file and folder, case": {"Tags", "tags/docker.html"},
	}
	for name, paths := range cases {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "public")
			var files []File
			for _, p := range paths {
				files = append(files, page(p, "x"))
			}
			_, err := Publish(t.Context(), dir, files, Options{})
			if err == nil {
				t.Fatal("accepted")
			}
			for _, p := range paths {
				if !strings.Contains(err.Error(), fmt.Sprintf("%q", p)) {
					t.Errorf("error does not name %q: %v", p, err)
				}
			}
			wantGone(t, dir)
		})
	}
}

func TestUnusualPathsThatAreFine(t *testing.T) {
	mustPublish(t, filepath.Join(t.TempDir(), "public"), site(map[string]string{
		"deployers/håkan-lindqvist/index.html": "a",
		"deployers/अमरा/index.html":            "b",
		"assets/it's 100% (new).png":           "c",
		"common.html":                          "d",
		"com10.html":                           "e",
		".nojekyll":                            "",
	}))
}
