package git

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// StateFiles lists the files that the answers of [Repo.History], [Repo.Remote] and
// [Repo.Branch] depend on: HEAD, the branch, the configuration. Some may not exist.
// It does not run git. The list is nil if dir is in no repository, or if environment
// variables say where the repository is.
func StateFiles(dir string) []string {
	for _, name := range []string{"GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_CEILING_DIRECTORIES"} {
		if os.Getenv(name) != "" {
			return nil
		}
	}
	top := Top(dir)
	if top == "" {
		return nil
	}
	own := gitDir(top)
	common := commonDir(own)
	files := []string{
		filepath.Join(own, "HEAD"), filepath.Join(own, "config.worktree"), filepath.Join(own, "reftable", "tables.list"),
		filepath.Join(common, "config"), filepath.Join(common, "packed-refs"), filepath.Join(common, "shallow"),
		filepath.Join(common, "reftable", "tables.list"), filepath.Join(top, ".mailmap"),
	}
	if ref := checkedOut(own); ref != "" {
		files = append(files, filepath.Join(common, filepath.FromSlash(ref)))
	}
	if own != filepath.Join(top, ".git") {
		files = append(files, filepath.Join(top, ".git"))
	}
	return files
}

// State is a hash of [StateFiles]: while it stays the same, so do git's answers. It
// does not cover files outside of the repository, such as the user's own
// configuration. It is "" where StateFiles is nil.
func State(dir string) string {
	files := StateFiles(dir)
	if files == nil {
		return ""
	}
	h := sha256.New()
	for _, file := range files {
		data, err := readFile(file)
		fmt.Fprintf(h, "%q %d %t\n", file, len(data), err == nil)
		h.Write(data)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// Objects is the folder with the repository's objects: it tells whether there are more of
// them, such as commits that records name. It is "" where [StateFiles] is nil, and where
// some objects lie elsewhere.
func Objects(dir string) string {
	if StateFiles(dir) == nil || isSet("GIT_OBJECT_DIRECTORY") || isSet("GIT_ALTERNATE_OBJECT_DIRECTORIES") {
		return ""
	}
	objects := filepath.Join(commonDir(gitDir(Top(dir))), "objects")
	if _, err := os.Lstat(filepath.Join(objects, "info", "alternates")); err == nil {
		return ""
	}
	return objects
}

// Top is the nearest folder, from dir upwards, that holds .git, "" where there is
// none. It does not run git, which may see it otherwise.
func Top(dir string) string {
	for {
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil {
			return dir
		}
		if filepath.Dir(dir) == dir {
			return ""
		}
		dir = filepath.Dir(dir)
	}
}

// readFile reads one of git's files, and waits for no pipe.
func readFile(name string) ([]byte, error) {
	if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() {
		return nil, cmp.Or(err, fs.ErrInvalid)
	}
	return os.ReadFile(name)
}

// gitDir is the folder that holds a work tree's HEAD. In linked work trees and in
// submodules .git is a file that names it.
func gitDir(top string) string {
	dir := filepath.Join(top, ".git")
	if text, err := readFile(dir); err == nil {
		if named, ok := strings.CutPrefix(strings.TrimSpace(string(text)), "gitdir: "); ok {
			return in(top, named)
		}
	}
	return dir
}

// commonDir is the folder that all work trees of a repository share, by the one of
// one of them; for the main work tree it is the same.
func commonDir(gitDir string) string {
	if text, err := readFile(filepath.Join(gitDir, "commondir")); err == nil {
		return in(gitDir, strings.TrimSpace(string(text)))
	}
	return gitDir
}

// checkedOut is the ref that HEAD names, such as "refs/heads/main", or "".
func checkedOut(gitDir string) string {
	text, err := readFile(filepath.Join(gitDir, "HEAD"))
	if err != nil {
		return ""
	}
	ref, ok := strings.CutPrefix(strings.TrimSpace(string(text)), "ref: ")
	if !ok || !filepath.IsLocal(filepath.FromSlash(ref)) {
		return ""
	}
	return ref
}

// in resolves a path that may be relative to dir.
func in(dir, path string) string {
	path = filepath.FromSlash(path)
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}
