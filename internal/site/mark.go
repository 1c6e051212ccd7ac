package site

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
)

// A Mark tells a site by what it is made of, without reading that: while a later mark is
// the same, so would the site be, byte for byte.
//
//	before, err := site.MarkOf(ctx, p, opt)
//	s, err := site.Load(ctx, p, opt)
//	before.Complete(s)
//	…
//	now, err := site.MarkOf(ctx, p, opt)
//	same := before.Holds(ctx, p, now)
//
// What is in doubt is taken for a change: a file that was saved just before it was looked
// at, as git does for its index; a symbolic link; a repository that variables lead to.
type Mark struct {
	Sum      string                     `json:"sum"`      // of files, settings and variables
	Now      time.Time                  `json:"now"`      // the clock
	Until    time.Time                  `json:"until"`    // when the next date that a record names is there
	Asked    map[string]map[string]bool `json:"asked"`    // by source: files that something links to, and whether they were there
	Differed map[string]string          `json:"differed"` // by source: which records differ from their commits, as a hash

	repos map[string]*git.Repo // by folder, nil where that is in none
}

// ErrUnsure is the error for what cannot be told by a mark.
var ErrUnsure = errors.New("whether something has changed is not known")

// MarkOf looks at a project. It must be called before the site is loaded: what changes
// meanwhile changes the next mark.
func MarkOf(ctx context.Context, p *project.Project, opt Options) (Mark, error) {
	m := Mark{Now: opt.Now, Asked: map[string]map[string]bool{}, Differed: map[string]string{}, repos: map[string]*git.Repo{}}
	paths, err := programs()
	if err != nil {
		return m, err
	}
	paths = append(append(paths, p.RecordsDir()), p.Inputs()...)
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q %d\n", opt.Version, opt.BaseURL, opt.Now.In(p.Options().Location).Format(time.DateOnly), os.Getuid())
	for _, v := range slices.Sorted(slices.Values(os.Environ())) {
		if name, _, _ := strings.Cut(v, "="); strings.HasPrefix(name, "GIT_") || name == "HOME" || name == "ZONEINFO" {
			fmt.Fprintf(h, "%q\n", v)
		}
	}
	for _, root := range roots(p) {
		repo, err := repository(root)
		if err != nil {
			return m, err
		}
		if m.repos[root] = repo; repo != nil {
			settings, err := repo.Settings(ctx)
			if err != nil {
				return m, err
			}
			paths = append(paths, git.Objects(root))
			fmt.Fprintf(h, "%q %q %q\n", repo.Top, git.State(root), settings)
		}
	}
	slices.Sort(paths)
	look, err := disk.LookIn(slices.Compact(paths)...)
	if err != nil || !look.Settled() || slices.ContainsFunc(look.Files, func(f disk.Looked) bool { return f.Mode&fs.ModeSymlink != 0 }) {
		return m, errors.Join(ErrUnsure, err)
	}
	fmt.Fprintln(h, look.Sum())
	m.Sum = fmt.Sprintf("%x", h.Sum(nil))
	return m, nil
}

// programs are this one, and git where there is one.
func programs() (files []string, err error) {
	own, err := os.Executable()
	if err != nil {
		return nil, err
	}
	if own, err = filepath.EvalSymlinks(own); err != nil {
		return nil, err
	}
	found, err := exec.LookPath("git")
	if err != nil {
		return []string{own}, nil
	}
	found, err = filepath.EvalSymlinks(found)
	return []string{own, found}, err
}

// roots are the folders of the project and of its sources.
func roots(p *project.Project) []string {
	all := []string{p.Root}
	for _, src := range p.Sources() {
		all = append(all, src.Root)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// repository opens the repository of a folder, nil where that is in none.
func repository(root string) (*git.Repo, error) {
	switch {
	case git.Objects(root) != "":
		return git.Open(root)
	case git.Top(root) != "" || os.Getenv("GIT_DIR") != "":
		return nil, ErrUnsure
	}
	return nil, nil
}

// Complete adds to a mark what only the site knows that was made after it.
func (m *Mark) Complete(s *Site) error {
	for _, src := range s.withHome() {
		if src.sparse {
			return ErrUnsure
		}
		asked := map[string]bool{}
		src.there.Range(func(file, there any) bool {
			asked[file.(string)] = there.(bool)
			return true
		})
		m.Asked[src.name], m.Differed[src.name] = asked, sumOf(src.trail.differing)
	}
	m.Until = s.nextDate()
	return nil
}

// StatesUntil is when the first planned deployment no longer is, or the first one under way
// is left unfinished, and the site another one; zero where there is none of them.
func (s *Site) StatesUntil() (first time.Time) {
	for _, e := range s.Entries {
		var at time.Time
		switch {
		case e.Planned:
			at = e.PlannedUntil()
		case e.Status == records.InProgress && !e.Unfinished && !e.Started.IsZero():
			at = e.OldAfter().Add(time.Second)
		}
		if !at.IsZero() && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	return first
}

// nextDate is the first date after the build that a record names; where there is none,
// the end of the day, at which there is another mark anyway.
func (s *Site) nextDate() time.Time {
	next := s.today
	for _, e := range s.Entries {
		for _, at := range []time.Time{e.PlannedUntil(), e.Started.Time, e.Finished.Time, e.OldAfter().Add(time.Second)} {
			if at.After(s.options.Now) && at.Before(next) {
				next = at
			}
		}
	}
	return next
}

func sumOf(differing map[string]bool) string {
	h := sha256.New()
	for _, file := range slices.Sorted(maps.Keys(differing)) {
		fmt.Fprintf(h, "%q %t\n", file, differing[file])
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// Holds reports whether the project is as it was at a mark; now is a mark of now.
func (m *Mark) Holds(ctx context.Context, p *project.Project, now Mark) bool {
	if m.Sum == "" || m.Sum != now.Sum || now.Now.Before(m.Now) || !now.Now.Before(m.Until) {
		return false
	}
	sources, home := newSources(p)
	if !slices.Contains(sources, home) {
		sources = append(sources, home)
	}
	for _, src := range sources {
		if inFolder(src.project.Root, func(fsys fs.FS) error { return m.sameIn(ctx, src, now.repos[src.project.Root], fsys) }) != nil {
			return false
		}
	}
	return true
}

// sameIn looks whether a source still has the files that something links to, and whether
// the same records differ from their commits.
func (m *Mark) sameIn(ctx context.Context, src *source, repo *git.Repo, fsys fs.FS) error {
	asked, known := m.Asked[src.name]
	if !known {
		return ErrUnsure
	}
	src.statIn(fsys)
	for file, there := range asked {
		if src.exists(file) != there {
			return ErrUnsure
		}
	}
	if repo == nil || src.config.Records == "" {
		return nil
	}
	differing, err := repo.Uncommitted(ctx, src.config.Records)
	if err == nil && sumOf(differing) != m.Differed[src.name] {
		err = ErrUnsure
	}
	return err
}
