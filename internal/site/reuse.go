package site

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"reflect"
	"sync"
	"time"

	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/store"
)

// Whoever edits a record wants to see it at once, and loading a thousand takes
// half a second. So a site with a Former one in its Options reuses an entry of
// it if
//
//   - its file is the same, by what the file system says of it or else by its bytes;
//   - everything that all records depend on is the same (see fits);
//   - its links lead where they did (see leadsTheSame).
//
// Joining is done anew each time. The result is, byte for byte, that of loading
// everything; a test compares the two after random edits.

// A reloader makes the entries of a source's records, from new readings or from
// those of the former site.
type reloader struct {
	*loader
	source *source
	former map[string]*Entry // by file; empty where the surroundings differ

	mu      sync.Mutex
	seen    map[string]disk.Seen // by file: what the file system said of it just before it was read
	entries map[*records.Record]*Entry
}

func (l *loader) reloader(src *source) *reloader {
	r := &reloader{loader: l, source: src, seen: map[string]disk.Seen{}, entries: map[*records.Record]*Entry{}}
	if f := l.former; f != nil && l.spool.spoolFile == f.spool.spoolFile && l.fits(f) && src.fits() {
		r.former = make(map[string]*Entry, len(src.former.entries))
		for _, e := range src.former.entries {
			r.former[e.File] = e
		}
	}
	return r
}

// load makes the entries of all records. read is called from several goroutines.
func (r *reloader) load(ctx context.Context, fsys fs.FS, read func(*records.Record) *reading) error {
	known := r.find
	if !r.options.Live { // there will be no later site
		known = nil
	}
	history, err := store.Reload(ctx, fsys, r.source.config.Records, r.source.project.Options(), known, func(record *records.Record) {
		r.add(guarded(record, read))
	})
	if err != nil {
		return err
	}
	r.report(r.source, history.Problems...)
	for _, record := range history.Records {
		if e := r.entries[record]; e != nil {
			r.report(r.source, e.warnings...)
			r.note(r.source, e.File, e.off)
			r.source.entries = append(r.source.entries, e)
			r.byID[record.ID] = e
		}
	}
	return nil
}

// guarded reads a record. If something panics on its text, it is shown as source.
func guarded(record *records.Record, read func(*records.Record) *reading) (of *reading) {
	defer func() {
		if v := recover(); v != nil {
			record.Fail(v)
			of = read(record)
		}
	}()
	return read(record)
}

func (r *reloader) add(of *reading) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.entries[of.Record] = newEntry(of, r.source, r.words, r.seen[of.File])
	if r.options.Progress != nil {
		r.options.Progress(len(r.byID) + len(r.entries))
	}
}

// fits reports whether what all records depend on is as it was: the configuration,
// the theme, this tool.
func (l *loader) fits(f *Site) bool {
	return f.options.Live && f.options.Version == l.options.Version && reflect.DeepEqual(f.config, l.config) &&
		f.project.Root == l.project.Root && f.themeSum == l.themeSum
}

// fits reports whether what a source's records depend on is as it was: its
// configuration, its folder in the repository, the checklist.
func (src *source) fits() bool {
	f := src.former
	return f != nil && reflect.DeepEqual(f.config, src.config) && f.below == src.below && bytes.Equal(f.template.source(), src.template.source())
}

func (d *Document) source() []byte {
	if d == nil {
		return nil
	}
	return d.Source
}

// find is a [store.Known].
func (r *reloader) find(file string, info fs.FileInfo, source []byte) *records.Record {
	if source == nil {
		r.mu.Lock()
		r.seen[file] = disk.Seen{Info: info, At: time.Now()}
		r.mu.Unlock()
	}
	e := r.former[file]
	if e == nil {
		return nil
	}
	same := source == nil && e.seen.Same(info) || source != nil && sha256.Sum256(r.source.files.Masked(file).Original(source)) == e.sum
	if !same || !r.source.leadsTheSame(e) {
		return nil
	}
	r.add(e.reading)
	return e.Record
}

// leadsTheSame reports whether the links of an entry of the former site lead where
// they did. If so, the pictures that it shows are published again.
func (src *source) leadsTheSame(e *Entry) bool {
	f := src.former
	for _, file := range e.asked {
		if f.target(file) != src.target(file) {
			return false
		}
	}
	for _, file := range e.asked {
		if src.images[file] != "" {
			src.shown.Store(file, true)
		}
	}
	return true
}

// A target is what a link to a file of the project leads to.
type target struct {
	page, image string
	exists      bool // where it is neither
}

func (src *source) target(file string) target {
	t := target{page: src.pages[file], image: src.images[file]}
	t.exists = t.page == "" && t.image == "" && src.exists(file)
	return t
}

// openSpool gives the site a spool: that of the former site, whose texts it may
// reuse, unless most of them are outdated.
func (l *loader) openSpool() (err error) {
	if f := l.former; f != nil && !f.spool.wasteful() {
		l.spool = f.spool.share()
		return nil
	}
	l.spool, err = newSpool()
	return err
}

// sumTheme is a hash of the project's own themes. It is taken before they are read,
// so if one changes meanwhile, the next sum differs.
func sumTheme(fsys fs.FS) (string, error) {
	h := sha256.New()
	err := fs.WalkDir(fsys, "themes", func(p string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil // reading the theme says what is wrong
		}
		data, err := fs.ReadFile(fsys, p)
		fmt.Fprintf(h, "%q %d %t\n", p, len(data), err == nil)
		h.Write(data)
		return nil
	})
	return fmt.Sprintf("%x", h.Sum(nil)), err
}

// ThemeSum is a hash of the project's own themes. If it is another, any page may fail
// to render.
func (s *Site) ThemeSum() string { return s.themeSum }

// sameRepository is the former source if git would answer as it did then, else nil.
func (src *source) sameRepository() *source {
	f := src.former
	if f == nil || f.trail.repo == nil || src.gitState == "" || f.gitState != src.gitState || !reflect.DeepEqual(f.project.Config, src.project.Config) {
		return nil
	}
	return f
}

// Inputs lists the files and folders that a site is made of, as absolute paths,
// so that they can be watched. A folder stands for everything in it; some of
// them may not exist.
func Inputs(p *project.Project) []string {
	all := p.Inputs()
	for _, src := range p.Sources() {
		all = append(all, git.StateFiles(src.Root)...)
	}
	return all
}

// Protected lists the files and folders that a site must not be built into, or
// around: its inputs, and the checkouts of its sources.
func Protected(p *project.Project) []string {
	all := []string{p.Path("themes"), p.Path(".git"), p.Path(project.Reviews)}
	if p.Config.Documents != "" {
		all = append(all, p.Path(p.Config.Documents))
	}
	for _, src := range p.Sources() {
		all = append(all, src.RecordsDir(), src.TemplateFile(), src.ProcessFile(), src.Path(".git"))
		if p.HasSources() && !src.Holds(p) {
			all = append(all, src.Root)
		}
	}
	return all
}
