// Package attest ties a published site to the commit that it was made of.
//
// A build with --attest puts an [Attestation] beside the pages. [Verify] takes nothing
// in it on trust but where to look: it builds the commit again, and compares.
package attest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/secrets"
)

// Name is the file of the site that holds its attestation.
const Name = "attestation.json"

// Attestation says what a site was made of, and each of its files. The same commit,
// built by the same tool for the same day, gives the same attestation.
type Attestation struct {
	Version int               `json:"version"`  // 1
	Tool    string            `json:"tool"`     // the version of deploysite
	Time    time.Time         `json:"time"`     // the clock of the build: pages depend on the day
	BaseURL string            `json:"base_url"` // of --base-url, "" without
	Sources []Source          `json:"sources"`
	Pages   map[string]string `json:"pages"` // file of the site → SHA-256, but for this file
}

// Source is one project whose files the site was made of.
type Source struct {
	Name        string            `json:"name"`        // "" for the project itself
	Repository  string            `json:"repository"`  // the web address that links lead to
	Branch      string            `json:"branch"`      // the branch that they lead to
	Folder      string            `json:"folder"`      // the project's, in its repository; "." is the top
	Commit      string            `json:"commit"`      // that was checked out
	Uncommitted []string          `json:"uncommitted"` // files that were not as in the commit
	Files       map[string]string `json:"files"`       // path from the repository's top → git's hash of its content
}

// New describes what a project's site is made of now, without its pages. It is an
// error if git does not know every source.
func New(ctx context.Context, p *project.Project, at time.Time, baseURL, tool string) (*Attestation, error) {
	a := &Attestation{Version: 1, Tool: tool, Time: at.UTC().Truncate(time.Second), BaseURL: baseURL}
	for _, src := range sources(p) {
		described, err := describe(ctx, p, src)
		if errors.Is(err, git.ErrNotRepository) {
			err = fmt.Errorf("%w; commit the records in one first, or build without --attest", err)
		}
		if err != nil {
			return nil, fmt.Errorf("cannot attest %s: %w", src.Root, err)
		}
		a.Sources = append(a.Sources, *described)
	}
	return a, nil
}

// sources are those of a project, and the project itself, which has the documents and
// the look.
func sources(p *project.Project) []*project.Project {
	all := p.Sources()
	if !slices.ContainsFunc(all, p.Is) {
		all = append([]*project.Project{p}, all...)
	}
	return all
}

// inputs are the files and folders that a source is read from, by their paths from the
// repository's top.
func inputs(p, src *project.Project, repo *git.Repo) []string {
	all := []string{src.Path(project.ConfigName), src.RecordsDir(), src.TemplateFile(), src.ProcessFile()}
	if src.Is(p) {
		all = append(all, p.Path("themes"))
		if p.Config.Documents != "" {
			all = append(all, p.Path(p.Config.Documents))
		}
	}
	var inside []string
	for _, name := range all {
		if name == repo.Top {
			return []string{"."}
		}
		if name = repo.Inside(name); name != "" {
			inside = append(inside, name)
		}
	}
	return inside
}

func describe(ctx context.Context, p, src *project.Project) (*Source, error) {
	repo, err := open(src)
	if err != nil {
		return nil, err
	}
	s := &Source{Name: src.Source.Name, Repository: src.Config.Repository, Branch: src.Config.Branch, Uncommitted: []string{}}
	_, s.Folder = src.Repository()
	if s.Commit, err = repo.Head(ctx); err != nil {
		return nil, err
	}
	if s.Commit == "" {
		return nil, errors.New("there is no commit yet; commit the records first")
	}
	if s.Repository == "" {
		if s.Repository, err = repo.Remote(ctx); err != nil {
			return nil, err
		}
	}
	if s.Branch == "" {
		if s.Branch, err = repo.Branch(ctx); err != nil {
			return nil, err
		}
	}
	names := inputs(p, src, repo)
	if s.Files, err = hashes(ctx, repo, names); err != nil {
		return nil, err
	}
	committed, err := repo.Files(ctx, s.Commit, names...)
	if err != nil {
		return nil, err
	}
	s.Uncommitted = append(s.Uncommitted, differing(committed, s.Files)...)
	for _, name := range append(slices.Sorted(maps.Keys(s.Files)), s.Branch) {
		if found := p.SecretFinder().Find([]byte(name)); len(found) > 0 {
			return nil, fmt.Errorf("the name of a file or of the branch looks like a secret (%s), and would be published: %s; rename it", found[0].Rule, secrets.Mask([]byte(name), found).Source)
		}
	}
	return s, nil
}

// open opens a source's repository at its top, so that names are paths from there.
func open(src *project.Project) (*git.Repo, error) {
	top, _ := src.Repository()
	return git.Open(top)
}

// hashes are git's hashes of the files that are there.
func hashes(ctx context.Context, repo *git.Repo, names []string) (map[string]string, error) {
	var files []string
	for _, name := range names {
		err := filepath.WalkDir(filepath.Join(repo.Top, filepath.FromSlash(name)), func(path string, e fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist):
				return nil
			case err != nil:
				return err
			case e.IsDir() && e.Name() == ".git":
				return fs.SkipDir
			case e.Type().IsRegular() && !strings.Contains(path, "\n"):
				files = append(files, repo.Inside(path))
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(files)
	files = slices.Compact(files)
	sums := make(map[string]string, len(files))
	if len(files) == 0 {
		return sums, nil
	}
	all, err := repo.Hashes(ctx, files)
	if err == nil && len(all) != len(files) {
		err = errors.New("git did not hash every file")
	}
	for i, sum := range all {
		sums[files[i]] = sum
	}
	return sums, err
}

// differing are the names that two sets of files do not have alike, sorted.
func differing(a, b map[string]string) (names []string) {
	for _, set := range []map[string]string{a, b} {
		for name := range set {
			if a[name] != b[name] {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// With is the attestation's file for a site of these files, given by their SHA-256.
func (a *Attestation) With(pages map[string]string) ([]byte, error) {
	whole := *a
	whole.Pages = maps.Clone(pages)
	data, err := json.MarshalIndent(whole, "", " ")
	return append(data, '\n'), err
}

// isHash is how git writes a commit's hash, SHA-1 or SHA-256. A branch's name would lead
// elsewhere tomorrow.
var isHash = regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64})$`)

// read reads an attestation, which anybody may have written.
func read(data []byte) (*Attestation, error) {
	var a Attestation
	decoder := json.NewDecoder(bytes.NewReader(data))
	if err := decoder.Decode(&a); err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", Name, err)
	}
	if a.Version != 1 {
		return nil, fmt.Errorf("%s is of version %d, and this deploysite reads version 1; use a newer one", Name, a.Version)
	}
	if len(a.Sources) == 0 || len(a.Pages) == 0 {
		return nil, fmt.Errorf("%s names no source or no page", Name)
	}
	for _, of := range a.Sources {
		if !isHash.MatchString(of.Commit) {
			return nil, fmt.Errorf("%s names the commit %q, which is none", Name, of.Commit)
		}
	}
	return &a, nil
}
