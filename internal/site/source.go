package site

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/deploysite/deploysite/internal/compare"
	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/ledger"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/render"
	"github.com/deploysite/deploysite/internal/secrets"
	"github.com/deploysite/deploysite/internal/steplog"
	"github.com/deploysite/deploysite/internal/store"
)

// A source is a folder whose records the site shows: the project itself, or one
// that its configuration lists. Its records are read by its own configuration,
// template and repository. No link in it leads out of it.
type source struct {
	name    string // "" where the project itself is the only one
	project *project.Project
	config  project.Config // with what git knows where nobody wrote it
	person  func(string) string
	people  *project.People

	process  *Document // nil where there is none
	template *Document
	entries  []*Entry // newest first

	images   map[string]string // file → file of the site
	shown    sync.Map          // the images that some record shows
	pages    map[string]string // Markdown file → its page
	unstaged map[string]string // those of pages that a check of staged files finds in the work tree alone
	stat     func(string) bool // reports whether it has a file, while it is loaded
	files    *secrets.Files    // what it is read from, while it is loaded: without its secrets
	there    sync.Map          // file that something links to → whether it was there

	alike    []ledger.Pair // of the notes that may say the same
	former   *source       // the same source of the former site, nil where there is none
	gitState string        // of the repository before it was asked, "" where not known
	trail    trail

	checklist []compare.Step // the steps of the checklist
	paths     *steplog.Paths // which steps of records these are
	subjects  sync.Map       // hash of a commit → its subject, without secrets
	sparse    bool           // git has left files out, so a missing file may exist in the repository
	below     string         // its folder in its repository, ending in "/"; "" for the top
	above     int            // how many folders above it belong to the repository
}

// newSources returns the sources of a project, and the project itself. The project
// has no records if it is not one of the sources.
func newSources(p *project.Project) (all []*source, home *source) {
	people := project.NewPeople(p)
	add := func(of *project.Project, config project.Config) *source {
		own := people.Of(of)
		return &source{name: of.Source.Name, project: of, config: config, person: own.Name, people: own,
			images: map[string]string{}}
	}
	for _, of := range p.Sources() {
		src := add(of, of.Config)
		if _, below := of.Repository(); below != "." {
			src.above = strings.Count(below, "/") + 1
		}
		all = append(all, src)
		if of.Is(p) {
			home = src
		}
	}
	if home == nil {
		config := p.Config
		config.Records, config.Template, config.Process = "", "", ""
		home = add(p, config)
	}
	return all, home
}

// openSources finds the sources of the project, and for each the same source of the
// former site.
func (l *loader) openSources() {
	l.sources, l.home = newSources(l.project)
	if f := l.former; f != nil {
		for _, src := range l.withHome() {
			for _, old := range f.withHome() {
				if old.name == src.name && old.project.Root == src.project.Root {
					src.former = old
				}
			}
		}
	}
}

// withHome returns the sources and the project itself.
func (s *Site) withHome() []*source {
	if slices.Contains(s.sources, s.home) {
		return s.sources
	}
	return append(slices.Clone(s.sources), s.home)
}

// eachSource opens each source, and the project itself, and puts the records in
// order.
func (l *loader) eachSource(load func(*source, fs.FS) error) error {
	for _, src := range l.withHome() {
		err := l.inFolder(src.project.Root, func(fsys fs.FS) error { return l.withoutSecrets(src, fsys, load) })
		switch {
		case err != nil && src.name != "":
			return fmt.Errorf("source %q: %w", src.name, err)
		case err != nil:
			return err
		}
		l.Entries = append(l.Entries, src.entries...)
	}
	slices.SortFunc(l.Entries, newestFirst)
	return nil
}

// inFolder calls do with the files of a folder, or with those that are staged there.
func (l *loader) inFolder(dir string, do func(fs.FS) error) error {
	if l.check != nil && l.check.Files != nil {
		if fsys := l.check.Files(dir); fsys != nil {
			return do(fsys)
		}
	}
	return inFolder(dir, do)
}

// withoutSecrets loads a source from its files, in which marks stand in the places of
// secrets: no text gets into the site by another way.
func (l *loader) withoutSecrets(src *source, fsys fs.FS, load func(*source, fs.FS) error) error {
	src.files = &secrets.Files{FS: fsys, Finder: l.finder(src)}
	err := load(src, src.files)
	l.report(src, src.files.Hidden()...)
	src.files = nil
	return err
}

// finder finds the secrets that neither the source nor the site allows.
func (s *Site) finder(src *source) secrets.Finder {
	return finder(src.config, s.config)
}

func finder(source, site project.Config) secrets.Finder {
	return secrets.Finder{Allow: slices.Concat(source.Secrets.Allow, site.Secrets.Allow)}
}

// inFolder calls do with the files of a folder. No link leads out of it.
func inFolder(dir string, do func(fs.FS) error) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	return errors.Join(do(root.FS()), root.Close())
}

// several reports whether the records come from sources that the configuration lists.
func (s *Site) several() bool { return s.sources[0].name != "" }

// folder is the folder of the source's pages of a kind: "records/", or
// "records/scores-api/" if there are several sources.
func (src *source) folder(kind string) string {
	if src.name == "" {
		return kind
	}
	return kind + src.name + "/"
}

// report adds problems of the source's files.
func (l *loader) report(src *source, problems ...problem.Problem) {
	for _, p := range problems {
		p.File = src.project.Shown(p.File)
		l.Problems = append(l.Problems, p)
	}
}

// wayUp is the way from a page to the site's root: "../../".
func wayUp(page string) string { return strings.Repeat("../", strings.Count(page, "/")) }

// resolve finds a record by its ID in a source, or by "SOURCE/ID" in another one.
func (s *Site) resolve(src *source, id string) *Entry {
	if e := s.byID[src.project.ID(id)]; e != nil {
		return e
	}
	return s.byID[id]
}

// loadSource reads one source: its documents and its records.
func (l *loader) loadSource(ctx context.Context, src *source, fsys fs.FS) (err error) {
	l.Problems = append(l.Problems, src.project.Problems...)
	src.statIn(fsys)
	if err := l.openRepository(ctx, src); err != nil {
		return err
	}
	if err := l.findImages(src, fsys); err != nil {
		return err
	}
	if src.pages, err = src.recordPages(fsys); err != nil {
		return err
	}
	if err := l.addUnstaged(src); err != nil {
		return err
	}
	if src == l.home {
		l.findReviews(fsys)
		if err := l.findDocs(fsys); err != nil {
			return err
		}
	}
	if src.template, err = l.loadDocument(src, src.config.Template); err != nil {
		return err
	}
	if src.process, err = l.loadDocument(src, src.config.Process); err != nil {
		return err
	}
	if src == l.home {
		if err := l.loadDocs(ctx, fsys); err != nil {
			return err
		}
	}
	if src.config.Records == "" {
		l.checkOwnRecords(fsys)
		return nil
	}
	if src.template != nil {
		src.checklist = src.template.steps
	}
	if err := l.checkEmpty(src, fsys); err != nil {
		return err
	}
	if err := l.loadRecords(ctx, src, fsys); err != nil {
		return err
	}
	if err := l.loadAudit(ctx, src); err != nil {
		return err
	}
	src.follow(ctx, l.check != nil)
	if why := src.trail.pastWhy; why != nil {
		message, hint, _ := strings.Cut(why.Error(), "; ")
		l.report(src, problem.NoTrail.In(src.config.Template, "what the checklist said before is not known: "+message, hint))
	}
	return ctx.Err()
}

// statIn makes stat ask a file system.
func (src *source) statIn(fsys fs.FS) {
	src.stat = func(file string) bool {
		if strings.HasPrefix(file, "../") {
			return src.project.Exists(file) || src.sparse
		}
		_, err := fs.Lstat(fsys, file)
		return err == nil || src.sparse || errors.Is(err, fs.ErrPermission)
	}
}

// checkOwnRecords warns of records of the project itself if it is not one of the
// sources: whoever wrote them expects to see them.
func (l *loader) checkOwnRecords(fsys fs.FS) {
	dir := l.project.Config.Records
	files, _ := fs.ReadDir(fsys, dir)
	if !slices.ContainsFunc(files, func(f fs.DirEntry) bool { return records.IsName(f.Name()) }) {
		return
	}
	l.report(l.home, problem.Unlisted.In(project.ConfigName, fmt.Sprintf("the records in %s are not on the site", dir),
		`add a [[source]] with path = "." and a name, or move them`))
}

// checkEmpty warns of a source without a folder for records: it may have another
// name there. It is an error if the source names the folder.
func (l *loader) checkEmpty(src *source, fsys fs.FS) error {
	if _, err := fs.Lstat(fsys, src.config.Records); src.name == "" || !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if src.project.Names("records") {
		return src.project.Mistake("records", "there is no folder "+src.project.Shown(src.config.Records), project.NoFolder)
	}
	l.report(src, problem.NoRecords.In(src.config.Records, "there are no records yet",
		`write the first one with deploystart, or say where they are with records = "…"`))
	return nil
}

// openRepository finds the source's repository, if it has one. From there it takes
// the address and the branch that the configuration does not say.
func (l *loader) openRepository(ctx context.Context, src *source) (err error) {
	if l.options.Live {
		src.gitState = git.State(src.project.Root) // before git is asked: what changes meanwhile changes the next state
	}
	if f := src.sameRepository(); f != nil {
		src.trail, src.sparse, src.below = f.trail, f.sparse, f.below
		src.config.Repository, src.config.Branch = f.config.Repository, f.config.Branch
		return nil
	}
	src.trail = openTrail(src.project.Root)
	repo := src.trail.repo
	if repo == nil {
		return nil // the pages say that there is no audit trail, and why
	}
	sparse, err1 := repo.Sparse(ctx)
	remote, err2 := repo.Remote(ctx)
	branch, err3 := repo.Branch(ctx)
	if err := cmp.Or(err1, err2, err3); err != nil {
		src.trail = trail{gap: unread, why: err} // of a damaged repository nothing is said
		return ctx.Err()
	}
	src.sparse = sparse
	src.config.Repository = cmp.Or(src.config.Repository, remote)
	if src.config.Repository == remote { // a folder of another repository was copied from elsewhere
		if src.below = repo.Below(); src.below != "" {
			src.below += "/"
		}
	}
	if found := l.finder(src).Find([]byte(branch)); len(found) > 0 { // the pages do without links that name it
		l.report(src, problem.Secret.In(src.config.Records, "the name of the branch looks like a secret ("+found[0].Rule+"); the site does not show it", "rename the branch: git branch -m NAME"))
		branch = ""
	}
	src.config.Branch = cmp.Or(src.config.Branch, branch)
	return nil
}

// recordPages maps each Markdown file of the source to its page, for links between
// files.
func (src *source) recordPages(fsys fs.FS) (map[string]string, error) {
	c := src.config
	if c.Records == "" {
		return map[string]string{}, nil
	}
	pages := map[string]string{
		c.Template: src.folder("checklist/"),
		c.Process:  src.folder("process/"),
		c.Records:  src.timeline(),
	}
	if info, err := fs.Lstat(fsys, c.Records); err == nil && !info.IsDir() {
		return pages, nil // loading the records says what is wrong with it
	}
	names, err := store.Folder{FS: fsys, Dir: c.Records}.Names()
	for _, name := range names {
		id, _, _ := records.ParsePath(name)
		pages[path.Join(c.Records, name)] = src.folder("records/") + id + "/"
	}
	return pages, err
}

// timeline is the page that lists all of the source's records.
func (src *source) timeline() string {
	if src.name == "" {
		return "timeline/"
	}
	return "sources/" + src.name + "/"
}

// linker resolves the links of one of the source's files, for its page.
func (src *source) linker(r *records.Record, page string) render.Links {
	l := render.Links{Root: wayUp(page), Folder: linkFolder(r), Pages: src.pages, Images: src.images, Shown: &src.shown, Exists: src.exists, Above: src.above, Blob: src.fileURL, Headings: map[string]string{}}
	aliases := forgeSlugs(r.Sections)
	for _, sec := range r.Sections {
		l.Headings[strings.TrimPrefix(sec.ID, "s-")] = sec.ID
	}
	for _, sec := range r.Sections {
		if alias := aliases[sec.Node]; alias != "" {
			l.Headings[strings.TrimPrefix(alias, "s-")] = sec.ID
		}
	}
	return l
}

// exists reports whether the source has a file or a folder. Records link to the
// same few files, so the disk is asked once for each.
func (src *source) exists(file string) bool {
	if there, ok := src.there.Load(file); ok {
		return there.(bool)
	}
	there := src.stat(file)
	src.there.Store(file, there)
	return there
}

// forge knows the addresses of the source's repository.
func (src *source) forge() forge {
	c := &src.config
	return forge{kind: cmp.Or(c.Forge, project.ForgeOf(c.Repository)), repo: strings.TrimRight(c.Repository, "/"),
		branch: cmp.Or(c.Branch, "main"), below: src.below}
}

// fileLink shows the name of one of the source's files, as a link if the forge is
// known.
func (src *source) fileLink(file string) template.HTML {
	return src.forge().link(src.fileURL(file), file)
}

// fileURL is the address of a file on the forge, "" if the forge is not known.
func (src *source) fileURL(file string) string {
	f := src.forge()
	if f.repo == "" || !filepath.IsLocal(path.Join(f.below, file)) { // a copy of another repository's folder ends there
		return ""
	}
	return f.blob(file)
}
