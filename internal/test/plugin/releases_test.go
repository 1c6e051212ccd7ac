package plugin

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// makeReleases makes a bare repository of this work tree, and tags releases in
// it. The files are read here, and not by git, so that "go test" knows when to
// run the scripts again.
func makeReleases(t *testing.T) string {
	dir := t.TempDir()
	work := filepath.Join(dir, "work")
	copyWorkTree(t, work)
	git := func(args ...string) {
		settings := []string{"-c", "user.name=Ada Park", "-c", "user.email=ada@example.org", "-c", "commit.gpgSign=false", "-c", "tag.gpgSign=false"}
		output(t, work, "git", append(settings, args...)...)
	}
	git("init", "--quiet", "--initial-branch=main")

	manual := filepath.Join(work, "docs", "man")
	if err := os.RemoveAll(manual); err != nil {
		t.Fatal(err)
	}
	git("add", "--all")
	git("commit", "--quiet", "-m", "Release 0.1.0")
	for _, tag := range []string{"v0.0.9", "v0.0.10", "v0.1.0", "v0.2.0-rc.2", "v0.2.0-rc.10"} {
		git("tag", tag)
	}

	writeFile(t, filepath.Join(manual, "deploysite.1"), []byte(".TH DEPLOYSITE 1\n"), 0o666)
	git("add", "--all")
	git("commit", "--quiet", "-m", "Release 0.2.0")
	git("tag", "-a", "-m", "0.2.0", "v0.2.0")
	git("tag", "v0.2.1-rc.1")
	git("tag", "vision") // a tag that is no version

	bare := filepath.Join(dir, "deploysite.git")
	output(t, dir, "git", "clone", "--quiet", "--bare", work, bare)
	return bare
}

// makeArchives releases v0.2.0 for this system, as people release: from a clone, by the
// command release. Below it are folders with the same, in which one thing is otherwise.
func makeArchives(t *testing.T, bare string) string {
	dir, clone := t.TempDir(), filepath.Join(t.TempDir(), "clone")
	output(t, ".", "git", "clone", "--quiet", "--branch", "v0.2.0", bare, clone)
	folder := filepath.Join(dir, "v0.2.0")
	output(t, clone, "go", "run", "./internal/release", "-tag", "v0.2.0", "-only", runtime.GOOS+"/"+runtime.GOARCH, "-output", folder)
	archives, err := filepath.Glob(filepath.Join(folder, "*.tar.gz"))
	if err != nil || len(archives) != 1 {
		t.Fatalf("the release has the archives %v, %v", archives, err)
	}
	name, sums := filepath.Base(archives[0]), "deploysite_0.2.0_checksums.txt"
	archive, list := readFile(t, archives[0]), readFile(t, filepath.Join(folder, sums))
	other := strings.Repeat("0", 64) + "  " + name + "\n"
	var flat bytes.Buffer
	packed := gzip.NewWriter(&flat)
	files := tar.NewWriter(packed)
	if err := errors.Join(files.WriteHeader(&tar.Header{Name: "README.md", Mode: 0o644}), files.Close(), packed.Close()); err != nil {
		t.Fatal(err)
	}
	for to, is := range map[string][2]string{
		"forged": {archive + "\x00", list},
		"upper":  {archive, strings.NewReplacer(strings.ToLower(list[:64]), strings.ToUpper(list[:64]), "\n", "\r\n").Replace(list)},
		"twice":  {archive, list + other},
		"junk":   {archive, "zz" + strings.ReplaceAll(list, "\n", "\nzz")},
		"flat":   {flat.String(), fmt.Sprintf("%x *%s\n", sha256.Sum256(flat.Bytes()), name)},
	} {
		writeFile(t, filepath.Join(dir, to, "v0.2.0", name), []byte(is[0]), 0o666)
		writeFile(t, filepath.Join(dir, to, "v0.2.0", sums), []byte(is[1]), 0o666)
	}
	return dir
}

func readFile(t *testing.T, name string) string {
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// copyWorkTree copies what git tracks, or would track, as it is now.
func copyWorkTree(t *testing.T, to string) {
	const root = "../../.."
	// A pipeline's checkout may belong to somebody else.
	names := output(t, root, "git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	for name := range strings.SplitSeq(strings.TrimRight(names, "\x00"), "\x00") {
		from := filepath.Join(root, name)
		data, err := os.ReadFile(from)
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed, but not yet for git
		}
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(from)
		if err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(to, name), data, info.Mode())
	}
}

func writeFile(t *testing.T, name string, data []byte, mode fs.FileMode) {
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, mode); err != nil {
		t.Fatal(err)
	}
}
