package site

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"time"

	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/parallel"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/search"
	"github.com/deploysite/deploysite/internal/store"
)

// OpenSearch opens the search of a project, for use on this machine. It finds and
// ranks as the site does. If the built site is of the very same files, its index is
// read, else one is made.
func OpenSearch(ctx context.Context, p *project.Project, opt Options) (*search.Index, error) {
	if !opt.Anew {
		if ix := builtIndex(p, opt); ix != nil {
			return ix, nil
		}
	}
	l := newLoader(p, opt)
	l.index = newIndex(l.config, nil)
	if err := inFolder(p.Root, l.openWords); err != nil {
		return nil, err
	}
	if err := l.eachSource(func(src *source, fsys fs.FS) error { return l.loadSearch(ctx, src, fsys) }); err != nil {
		return nil, err
	}
	l.joinTerms()
	l.buildIndex()
	return l.SearchIndex()
}

func (l *loader) openWords(fsys fs.FS) (err error) {
	l.words, _, err = loadWords(fsys, l.config.Theme, l.config.Language)
	return l.placed(err)
}

// loadSearch reads what is searched of a source, and renders nothing.
func (l *loader) loadSearch(ctx context.Context, src *source, fsys fs.FS) (err error) {
	if src.pages, err = src.recordPages(fsys); err != nil {
		return err
	}
	for _, file := range []string{src.config.Process, src.config.Template} {
		if text, err := src.project.ReadDocument(file, maxDocument); err == nil { // a build says what is wrong with it
			l.sections = append(l.sections, l.searchSections(src.parseDocument(file, src.files.Mask(file, text).Source), src.kindOf(file), src.pages[file])...)
		}
	}
	if src == l.home {
		l.findReviews(fsys)
		l.loadReviewSections(src)
		if err := l.findDocs(fsys); err != nil {
			return err
		}
		if err := l.loadDocSections(ctx, fsys); err != nil {
			return err
		}
	}
	if src.config.Records == "" {
		return nil
	}
	return l.reloader(src).load(ctx, fsys, func(r *records.Record) *reading { return l.newReading(src, r) })
}

// searchStateFile says what the index was made of. No page loads it, so its name need
// not change with its content.
const searchStateFile = "search/state.json"

type searchState struct {
	Manifest string    `json:"manifest"`
	Sources  string    `json:"sources"`        // a hash of everything that the index depends on
	Until    time.Time `json:"until,omitzero"` // when one is no longer planned or under way, as the index says
}

// searchState is the state of the index that was built.
func (s *Site) searchState() ([]byte, error) {
	data, err := json.Marshal(searchState{s.manifest, s.indexSum(), s.StatesUntil().UTC()})
	return append(data, '\n'), err
}

// indexSum is the hash of everything that the site's index is made of.
func (s *Site) indexSum() string {
	sums := fileSums{}
	for _, e := range s.Entries {
		sums[e.source.project.Shown(e.File)] = e.sum
	}
	return sourcesSum(s.project, s.options, sums)
}

// fileSums has the hashes of files, by their names in messages.
type fileSums map[string][sha256.Size]byte

// sourcesSum is a hash of everything that the index depends on: sums of records and
// other files, this tool, and the day, which decides what is unfinished or planned.
func sourcesSum(p *project.Project, opt Options, sums fileSums) string {
	addSums(p, sums, project.ConfigName)
	for _, src := range p.Sources() {
		addSums(src, sums, project.ConfigName, src.Config.Process, src.Config.Template)
	}
	addDocSums(p, sums)
	h := sha256.New()
	fmt.Fprintf(h, "%s %s\n", opt.Version, opt.Now.In(p.Options().Location).Format(time.DateOnly))
	for _, file := range slices.Sorted(maps.Keys(sums)) {
		fmt.Fprintf(h, "%q %x\n", file, sums[file])
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// addSums adds the hashes of those of a source's files that can be read.
func addSums(src *project.Project, sums fileSums, files ...string) {
	for _, file := range files {
		if data, err := src.ReadDocument(file, maxDocument); err == nil {
			sums[src.Shown(file)] = sha256.Sum256(data)
		}
	}
}

// builtIndex is the index of the built site, nil if there is none or if it is out of
// date.
func builtIndex(p *project.Project, opt Options) *search.Index {
	output, err := openFolder(p.OutputDir())
	if err != nil {
		return nil
	}
	// The index keeps it open for as long as it is used, which is one command.
	read := func(name string) ([]byte, error) {
		if !indexFile.MatchString(name) {
			return nil, fmt.Errorf("%q is no name of a search file", name)
		}
		return disk.Read(output.FS(), name, maxIndexFile)
	}
	data, err := read(searchStateFile)
	var state searchState
	if err != nil || json.Unmarshal(data, &state) != nil {
		return nil
	}
	sums := fileSums{}
	for _, src := range p.Sources() {
		if inFolder(src.Root, func(fsys fs.FS) error { return addRecordSums(src, fsys, sums) }) != nil {
			return nil
		}
	}
	if sourcesSum(p, opt, sums) != state.Sources || !state.Until.IsZero() && !opt.Now.Before(state.Until) {
		return nil
	}
	ix, err := search.Open(read, state.Manifest)
	if err != nil {
		return nil
	}
	return ix
}

// indexFile matches the names of the index's files. Others are not opened: whoever
// can write to the output can write any name into a manifest.
var indexFile = regexp.MustCompile(`^search/[a-z]+[0-9]*(?:-[a-z]+)?(?:-[0-9A-Za-z_-]*)?\.js(?:on)?$`)

// maxIndexFile is more than any file of an index has, in bytes.
const maxIndexFile = 256 << 20

// openFolder opens a folder. Anything else is an error: opening a named pipe would
// block.
func openFolder(dir string) (*os.Root, error) {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("%s is not a folder", dir)
	}
	return os.OpenRoot(dir)
}

// addRecordSums adds the hash of every record of a source.
func addRecordSums(src *project.Project, fsys fs.FS, sums fileSums) error {
	names, err := store.Folder{FS: fsys, Dir: src.Config.Records}.Names()
	if err != nil {
		return err
	}
	found, errs := make([][sha256.Size]byte, len(names)), make([]error, len(names))
	parallel.Each(len(names), func(i int) {
		data, err := fs.ReadFile(fsys, path.Join(src.Config.Records, names[i]))
		found[i], errs[i] = sha256.Sum256(data), err
	})
	for i, name := range names {
		sums[src.Shown(path.Join(src.Config.Records, name))] = found[i]
	}
	return errors.Join(errs...)
}
