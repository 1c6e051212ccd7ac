package attest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/publish"
	"github.com/deploysite/deploysite/internal/site"
)

// Kind is a kind of [Finding].
type Kind string

// The kinds of findings. Each is about a file of the site, or of a source.
const (
	PageDiffers   Kind = "page-differs"
	PageMissing   Kind = "page-missing"
	PageAdded     Kind = "page-added"
	SourceDiffers Kind = "source-differs" // the site was built from other content than the commit's
	SourceMissing Kind = "source-missing" // the commit has it, the site was built without it
	SourceAdded   Kind = "source-added"   // the site was built with it, the commit does not have it
	NoHistory     Kind = "no-history"     // the commit belongs to no branch of this clone
)

// Finding is one way in which a published site is not what was committed.
type Finding struct {
	Kind Kind   `json:"kind"`
	Path string `json:"path"`
}

// Report is what [Verify] found.
type Report struct {
	Tool      string            `json:"tool"`      // that built the site, by its attestation
	Commits   map[string]string `json:"commits"`   // source → its commit, by the attestation
	Pages     int               `json:"pages"`     // files of the site that were compared
	Rebuilt   bool              `json:"rebuilt"`   // they were compared with the commit built anew, and not only with the attestation
	Findings  []Finding         `json:"findings"`  // what is not as it was committed
	Unknown   []string          `json:"unknown"`   // what could not be looked at, and why
	Newer     []string          `json:"newer"`     // records that were added since
	Changed   []string          `json:"changed"`   // records of the site that were changed since
	Removed   []string          `json:"removed"`   // records of the site that were removed since
	Foreign   []string          `json:"foreign"`   // files in the folder that no browser shows as a page, such as CNAME
	Confirmed bool              `json:"confirmed"` // the site is what this commit gives
}

// verification is one call of Verify.
type verification struct {
	Report
	at       *Attestation
	own      string // the attestation's SHA-256
	target   target
	project  *project.Project
	tool     string
	progress func(done, total int)
}

// Verify compares the site at an address or in a folder with the commits that its
// attestation names, in the clone that the project lies in. tool is the version of this
// program; another one may make other pages. An error means that nothing could be
// compared.
func Verify(ctx context.Context, p *project.Project, where, tool string, progress func(done, total int)) (Report, error) {
	v := &verification{project: p, tool: tool, progress: progress}
	v.Findings, v.Unknown, v.Foreign, v.Commits = []Finding{}, []string{}, []string{}, map[string]string{}
	v.Newer, v.Changed, v.Removed = []string{}, []string{}, []string{}
	var err error
	if v.target, err = openTarget(where); err != nil {
		return v.Report, err
	}
	data, err := v.target.read(ctx, Name, maxAttestation)
	if errors.Is(err, fs.ErrNotExist) {
		return v.Report, fmt.Errorf("%s has no %s; build it with: deploysite build --attest", where, Name)
	}
	if err != nil {
		return v.Report, err
	}
	if v.at, err = read(data); err != nil {
		return v.Report, err
	}
	v.Tool, v.own = v.at.Tool, sum(data)
	for _, src := range v.at.Sources {
		v.Commits[src.Name] = src.Commit
		if err := v.source(ctx, src); err != nil {
			return v.Report, err
		}
	}
	wanted, err := v.rebuild(ctx)
	if err != nil {
		return v.Report, err
	}
	v.Rebuilt = wanted != nil
	if wanted == nil {
		wanted = v.at.Pages
	}
	if err := v.pages(ctx, wanted); err != nil {
		return v.Report, err
	}
	slices.SortStableFunc(v.Findings, func(a, b Finding) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Path, b.Path)) })
	v.Confirmed = v.Rebuilt && len(v.Findings) == 0 && len(v.Unknown) == 0
	return v.Report, nil
}

func (v *verification) found(kind Kind, name string) {
	v.Findings = append(v.Findings, Finding{kind, name})
}

func (v *verification) unknown(format string, args ...any) {
	v.Unknown = append(v.Unknown, fmt.Sprintf(format, args...))
}

// clone finds the source of an attestation in the project.
func (v *verification) clone(of Source) *project.Project {
	for _, src := range sources(v.project) {
		if src.Source.Name == of.Name {
			return src
		}
	}
	return nil
}

// source compares what the site was made of with the commit.
func (v *verification) source(ctx context.Context, of Source) error {
	src := v.clone(of)
	if src == nil {
		v.unknown("the source %q is not in this project", of.Name)
		return nil
	}
	repo, err := open(src)
	if git.Unavailable(err) {
		v.unknown("%s: %v", src.Root, err)
		return nil
	}
	if err != nil {
		return err
	}
	if repo.IsShallow() {
		v.unknown("this clone of %s has only the newest commits, and the audit trail is made of all: git fetch --unshallow", cmp.Or(of.Name, "the repository"))
	}
	names := inputs(v.project, src, repo)
	committed, err := repo.Files(ctx, of.Commit, names...)
	if err != nil {
		v.unknown("this clone does not have the commit %s; fetch it: git fetch", of.Commit)
		return nil
	}
	if lacks, err := repo.Lacks(ctx, of.Commit); err != nil {
		return err
	} else if lacks {
		v.unknown("this partial clone of %s lacks some of what was committed, and the audit trail is made of all: git fetch --refetch --no-filter", cmp.Or(of.Name, "the repository"))
	}
	if known, err := repo.IsHistory(ctx, of.Commit); err != nil {
		return err
	} else if !known {
		v.found(NoHistory, of.Commit)
	}
	for _, name := range differing(committed, of.Files) {
		kind := SourceDiffers
		switch {
		case committed[name] == "":
			kind = SourceAdded
		case of.Files[name] == "":
			kind = SourceMissing
		}
		v.found(kind, path.Join(of.Name, name))
	}
	return v.since(ctx, of, repo, cmp.Or(repo.Inside(src.RecordsDir()), "."))
}

// since names the records that were added, changed or removed after the commit of a
// source. The site is none the worse for them.
func (v *verification) since(ctx context.Context, of Source, repo *git.Repo, folder string) error {
	then, err := repo.Files(ctx, of.Commit, folder)
	if err != nil {
		return err
	}
	now, err := repo.Tracked(ctx, folder)
	if err != nil {
		return err
	}
	for _, name := range differing(then, now) {
		list := &v.Changed
		switch {
		case then[name] == "":
			list = &v.Newer
		case now[name] == "":
			list = &v.Removed
		}
		*list = append(*list, path.Join(of.Name, name))
	}
	return nil
}

// rebuild builds the commits again, as the attestation says they were built, and returns
// the SHA-256 of each file of the site. It is nil, and says why, where that cannot be
// done.
func (v *verification) rebuild(ctx context.Context) (map[string]string, error) {
	switch {
	case len(v.Unknown) > 0:
		return nil, nil
	case v.at.Tool != v.tool:
		v.unknown("the pages were not built again: they were made by deploysite %s, and this is %s", v.at.Tool, v.tool)
		return nil, nil
	}
	dir, err := os.MkdirTemp("", "deploysite-verify-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if dir, err = filepath.EvalSymlinks(dir); err != nil { // macOS's TMPDIR is a link
		return nil, err
	}
	root, err := v.checkOut(ctx, filepath.Join(dir, "clone"))
	if err != nil {
		return nil, err
	}
	return v.build(ctx, dir, root)
}

// checkOut checks the commit of each source out below a folder, where the repositories
// lie to each other as they do here, and returns the project's folder there.
func (v *verification) checkOut(ctx context.Context, dir string) (root string, err error) {
	commits := map[string]string{} // a repository's top → its commit
	for _, of := range v.at.Sources {
		src := v.clone(of)
		top, _ := src.Repository()
		if was := commits[top]; was != "" && was != of.Commit {
			return "", fmt.Errorf("%s names two commits of one repository, %s and %s", Name, was, of.Commit)
		}
		commits[top] = of.Commit
		if !filepath.IsLocal(filepath.FromSlash(of.Folder)) {
			return "", fmt.Errorf("%s names the folder %q, which is none of a repository", Name, of.Folder)
		}
		if src.Is(v.project) {
			root = filepath.Join(top, filepath.FromSlash(of.Folder))
		}
	}
	if root == "" {
		return "", fmt.Errorf("%s does not name the project itself", Name)
	}
	tops := slices.Sorted(maps.Keys(commits)) // a repository before those that lie in it
	base := tops[0]
	for _, top := range tops {
		for !within(base, top) {
			if base == filepath.Dir(base) {
				return "", fmt.Errorf("%s and %s are on two drives", tops[0], top)
			}
			base = filepath.Dir(base)
		}
	}
	for _, top := range tops {
		repo, err := git.Open(top)
		if err == nil {
			err = repo.CheckOut(ctx, commits[top], filepath.Join(dir, strings.TrimPrefix(top, base)))
		}
		if err != nil {
			return "", err
		}
	}
	return filepath.Join(dir, strings.TrimPrefix(root, base)), nil
}

// within reports whether a path is that of a folder, or below it.
func within(folder, path string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && filepath.IsLocal(rel)
}

// build builds the site of a folder, and hashes it. Nothing outside of dir is read.
func (v *verification) build(ctx context.Context, dir, root string) (map[string]string, error) {
	p, problems, err := project.Open(root)
	if err == nil && len(problems) > 0 {
		err = fmt.Errorf("the commit's configuration: %s", problems[0])
	}
	if err != nil {
		return nil, err
	}
	for _, src := range sources(p) {
		i := slices.IndexFunc(v.at.Sources, func(of Source) bool { return of.Name == src.Source.Name })
		if i < 0 || !within(dir, src.Root) {
			v.unknown("the pages were not built again: the commit has the source %q at %s, and the attestation does not", src.Source.Name, src.Source.Path)
			return nil, nil
		}
		src.Config.Repository, src.Config.Branch = v.at.Sources[i].Repository, v.at.Sources[i].Branch // a clone has another remote
	}
	s, err := site.Load(ctx, p, site.Options{Now: v.at.Time, BaseURL: v.at.BaseURL, Version: v.tool, Anew: true})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	out, err := s.Output()
	if err != nil {
		return nil, err
	}
	sums := make([]string, len(out.Files))
	err = v.each(ctx, len(out.Files), func(i int) error {
		data, err := out.Files[i].Bytes()
		sums[i] = sum(data)
		return err
	})
	wanted := make(map[string]string, len(sums))
	for i, f := range out.Files {
		wanted[f.Path] = sums[i]
	}
	return wanted, err
}

// pages compares each file of the site with what it should be.
func (v *verification) pages(ctx context.Context, wanted map[string]string) error {
	names := slices.Sorted(maps.Keys(wanted))
	if i := slices.IndexFunc(names, func(name string) bool { return publish.BadPath(name) != "" }); i >= 0 {
		return fmt.Errorf("%s names the file %q, which %s", Name, names[i], publish.BadPath(names[i]))
	}
	var mu sync.Mutex
	err := v.each(ctx, len(names), func(i int) error {
		hash, err := v.target.hash(ctx, names[i])
		mu.Lock()
		defer mu.Unlock()
		switch {
		case errors.Is(err, fs.ErrNotExist):
			v.found(PageMissing, names[i])
		case err != nil:
			return err
		case hash != wanted[names[i]]:
			v.found(PageDiffers, names[i])
		}
		return nil
	})
	v.Pages = len(names)
	if err != nil {
		return err
	}
	all, listed, err := v.target.names()
	if !listed {
		v.additions(wanted)
	}
	for _, name := range all {
		switch {
		case name == Name || wanted[name] != "":
		case name == publish.ManifestName:
			if err := v.manifest(ctx, wanted); err != nil {
				return err
			}
		case isForeign(name):
			v.Foreign = append(v.Foreign, name)
		default:
			v.found(PageAdded, name)
		}
	}
	return err
}

// manifest compares the list of what was built, which the next build goes by. It is in
// the folder alone: no page leads to it, and hosts need not serve it.
func (v *verification) manifest(ctx context.Context, wanted map[string]string) error {
	if !v.Rebuilt {
		return nil
	}
	files := maps.Clone(wanted)
	files[Name] = v.own
	hash, err := v.target.hash(ctx, publish.ManifestName)
	if err == nil && hash != sum(publish.ManifestOf(files)) {
		v.found(PageDiffers, publish.ManifestName)
	}
	return err
}

// additions names the pages that the attestation has and the commit does not give,
// where no folder can be listed.
func (v *verification) additions(wanted map[string]string) {
	for name := range v.at.Pages {
		if wanted[name] == "" {
			v.found(PageAdded, name)
		}
	}
}

// isForeign reports whether a file is one that hosts want beside a site, such as CNAME,
// .htaccess and _headers. With an ending, hidden or not, a browser may show or run it.
func isForeign(name string) bool {
	return path.Ext(strings.TrimLeft(path.Base(name), "._")) == ""
}

// each does something for 0 to n-1, several at once, until one fails.
func (v *verification) each(ctx context.Context, n int, do func(i int) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(8)
	var mu sync.Mutex
	done := 0
	for i := range n {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			err := do(i)
			mu.Lock()
			defer mu.Unlock()
			done++
			v.progress(done, n)
			return err
		})
	}
	return group.Wait()
}
