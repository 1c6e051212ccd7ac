package project

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/problem"
)

// Several projects of one repository may share a checklist and a process document.
// These are the only files outside of a project that are read, and they never lie
// outside of the repository.

// repositoryPath accepts a relative path that may begin with "../". How far up the
// repository reaches is known once the project is found.
func repositoryPath(s string) (string, error) {
	below := s
	for strings.HasPrefix(below, "../") {
		below = strings.TrimPrefix(below, "../")
	}
	if _, err := insidePath(below); err != nil && below != s {
		return "", fmt.Errorf("must name a file of the repository, which %q does not", s)
	}
	if below == s {
		return insidePath(s)
	}
	return path.Clean(s), nil
}

// Repository is the top of the git repository that the project lies in, and where in
// it, slash-separated. Outside of a repository it is the project itself.
func (p *Project) Repository() (top, below string) {
	_, top = upToRepository(p.Root)
	if top == "" {
		return p.Root, "."
	}
	rel, err := filepath.Rel(top, p.Root)
	if err != nil {
		return p.Root, "."
	}
	return top, filepath.ToSlash(rel)
}

// checkShared lists the mistakes of those keys that lead out of the repository.
func (p *Project) checkShared() (problems []problem.Problem) {
	top, below := p.Repository()
	for key, file := range map[string]string{"template": p.Config.Template, "process": p.Config.Process} {
		switch {
		case filepath.IsLocal(filepath.FromSlash(path.Join(below, file))):
		case hasAny(top, ".git"):
			problems = append(problems, p.Mistake(key, file+" lies outside of the git repository", "name a file in it: only such a file is shared with everybody")...)
		default:
			problems = append(problems, p.Mistake(key, file+" lies outside of the project, which is in no git repository", "put the file into the project, or both into one repository")...)
		}
	}
	problem.Sort(problems)
	return problems
}

// ReadDocument reads the checklist or the process by its name in the configuration.
// Symbolic links are followed within the repository and never out of it.
func (p *Project) ReadDocument(name string, limit int64) (content []byte, err error) {
	err = p.inRepository(name, func(fsys fs.FS, name string) error {
		content, err = disk.ReadLinked(fsys, name, limit)
		return err
	})
	return content, err
}

// Exists reports whether the repository has a file or a folder of that name, which is
// relative to the project's root.
func (p *Project) Exists(name string) bool {
	return p.inRepository(name, func(fsys fs.FS, name string) error {
		_, err := fs.Lstat(fsys, name)
		return err
	}) == nil
}

func (p *Project) inRepository(name string, do func(fsys fs.FS, name string) error) error {
	top, below := p.Repository()
	root, err := os.OpenRoot(top)
	if err != nil {
		return err
	}
	return errors.Join(do(root.FS(), path.Join(below, name)), root.Close())
}
