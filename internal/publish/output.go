package publish

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// output is the folder that the site goes to.
type output struct {
	dir    string // absolute, without symbolic links
	parent string
	name   string
}

// findOutput resolves dir, which need not exist, and refuses a folder that
// building a site into would harm.
func findOutput(dir string, opt Options) (output, error) {
	resolved, err := resolve(dir, 0)
	if err != nil {
		return output{}, fmt.Errorf("output %s: %w", dir, err)
	}
	if reason := refuse(resolved, opt); reason != "" {
		return output{}, fmt.Errorf("output %s %s; choose a folder of its own for the site, such as public", dir, reason)
	}
	return output{dir: resolved, parent: filepath.Dir(resolved), name: filepath.Base(resolved)}, nil
}

// refuse says why a resolved folder cannot be the output; "" if it can.
func refuse(dir string, opt Options) string {
	if filepath.Dir(dir) == dir {
		return "is the root of the file system"
	}
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return "is a file"
	}
	if home, err := os.UserHomeDir(); err == nil && contains(dir, home) {
		return "is the home folder, or contains it"
	}
	if opt.Project != "" && contains(dir, opt.Project) {
		return "is the project, or contains it"
	}
	for _, p := range opt.Protected {
		if !filepath.IsAbs(p) {
			p = filepath.Join(opt.Project, p)
		}
		switch inside, outside := contains(p, dir), contains(dir, p); {
		case inside && outside:
			return "is what the site is made from"
		case inside:
			return "lies in " + p + ", which the site is made from"
		case outside && !isThere(p):
			return "would hold " + p + ", which the site is made from once it is there"
		case outside:
			return "holds " + p + ", which the site is made from"
		}
	}
	return ""
}

func isThere(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// contains reports whether inner is outer or lies in it. Folders are compared by
// identity as well, since a path may be written in another case.
func contains(outer, inner string) bool {
	if r, err := resolve(outer, 0); err == nil {
		outer = r
	}
	if r, err := resolve(inner, 0); err == nil {
		inner = r
	}
	outerInfo, outerErr := os.Stat(outer)
	for dir := inner; ; dir = filepath.Dir(dir) {
		if dir == outer {
			return true
		}
		if info, err := os.Stat(dir); err == nil && outerErr == nil && os.SameFile(info, outerInfo) {
			return true
		}
		if dir == filepath.Dir(dir) {
			return false
		}
	}
}

// resolve makes path absolute and follows symbolic links. Unlike
// [filepath.EvalSymlinks] it does not ask that the path, or what a link points
// to, exists.
func resolve(path string, followed int) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil || path == filepath.Dir(path) {
		return path, err
	}
	parent, err := resolve(filepath.Dir(path), followed)
	if err != nil {
		return "", err
	}
	path = filepath.Join(parent, filepath.Base(path))
	link, err := os.Readlink(path)
	if err != nil {
		return path, nil // no link, or nothing there yet
	}
	if followed > 40 {
		return "", errors.New("too many symbolic links; remove the loop")
	}
	if !filepath.IsAbs(link) {
		link = filepath.Join(parent, link)
	}
	return resolve(link, followed+1)
}
