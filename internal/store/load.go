package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/parallel"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
)

// History is a project's records.
type History struct {
	Records  []*records.Record // newest first; those of one moment by ID, the last one first
	Problems []problem.Problem // of files that were not read, and of all records, sorted
}

// Load reads the records in the folder dir of a project. It parses on all
// processors. Only regular files are opened. A missing folder is an empty
// history; an error means that the folder could not be listed, or that ctx was
// cancelled.
//
// each, if not nil, is called once for each record, from several goroutines, while
// the record has its tree and its source. Both are released afterwards, so that
// thousands of records fit into memory. If each is nil they are kept.
func Load(ctx context.Context, fsys fs.FS, dir string, opt records.Options, each func(*records.Record)) (*History, error) {
	return Reload(ctx, fsys, dir, opt, nil, each)
}

// Reload is Load for a folder that has been loaded before. known, if not nil,
// returns the records that need not be read or parsed again; each is not called
// for those.
func Reload(ctx context.Context, fsys fs.FS, dir string, opt records.Options, known Known, each func(*records.Record)) (*History, error) {
	l := loader{fsys: fsys, dir: dir, history: &History{}, known: known, documents: opt.Documents}
	entries, err := l.list()
	if err != nil {
		return nil, err
	}
	opt.Dir = dir
	names := l.choose(entries)
	loaded, problems, err := l.loadAll(ctx, names, opt, each)
	if err != nil {
		return nil, err
	}
	h := l.history
	for i, r := range loaded {
		if problems[i] != nil {
			l.report(problems[i])
		}
		if r != nil {
			h.Records = append(h.Records, r)
			h.Problems = append(h.Problems, r.Problems...)
		}
	}
	slices.SortFunc(h.Records, records.NewestFirst)
	problem.Sort(h.Problems)
	return h, nil
}

// loadAll loads files on all processors.
func (l *loader) loadAll(ctx context.Context, names []string, opt records.Options, each func(*records.Record)) ([]*records.Record, []*problem.Problem, error) {
	loaded := make([]*records.Record, len(names))
	problems := make([]*problem.Problem, len(names))
	err := parallel.Until(ctx, len(names), func(i int) { loaded[i], problems[i] = l.load(names[i], opt, each) })
	return loaded, problems, err
}

// atOnce is how many records [Stream] holds.
const atOnce = 16

// Order is that of records, by the dates in the files' names.
type Order int

// The orders.
const (
	NewestFirst Order = 1
	OldestFirst Order = -1
)

// Stream gives the records of a folder one after the other. Of those behind it keeps
// nothing but the names, so a history of any length takes little memory. Files that
// are not read are reported.
func Stream(ctx context.Context, fsys fs.FS, dir string, order Order, opt records.Options, report func(problem.Problem)) iter.Seq2[*records.Record, error] {
	return func(yield func(*records.Record, error) bool) {
		l := loader{fsys: fsys, dir: dir, history: &History{}, documents: opt.Documents}
		entries, err := l.list()
		if err != nil {
			yield(nil, err)
			return
		}
		opt.Dir = dir
		names := l.choose(entries)
		if order == OldestFirst {
			slices.Reverse(names)
		}
		for _, p := range l.history.Problems {
			report(p)
		}
		for chunk := range slices.Chunk(names, atOnce) {
			loaded, problems, err := l.loadAll(ctx, chunk, opt, nil)
			if err != nil {
				yield(nil, err)
				return
			}
			for i, r := range loaded {
				if problems[i] != nil {
					report(*problems[i])
				}
				if r != nil && !yield(r, nil) {
					return
				}
			}
		}
	}
}

type loader struct {
	fsys      fs.FS
	dir       string
	ids       map[string]string // in lower case → the file that has it
	followed  map[string]string // what symbolic links lead to → the link
	history   *History
	documents []string // that are no records
	known     Known
	alone     sync.Mutex // held while a large record is parsed
}

// large is from how many bytes on a record is parsed without another large one beside
// it: some trees are fifty times as large as their text.
const large = 1 << 20

func (l *loader) problem(name string, rule problem.Rule, hint, format string, args ...any) *problem.Problem {
	found := rule.In(path.Join(l.dir, name), fmt.Sprintf(format, args...), hint)
	return &found
}

func (l *loader) report(p *problem.Problem) { l.history.Problems = append(l.history.Problems, *p) }

// list lists the folder. A symbolic link is refused, since it may lead out of the
// project.
func (l *loader) list() ([]fs.DirEntry, error) {
	at := ""
	for _, part := range strings.Split(l.dir, "/") {
		at = path.Join(at, part)
		info, err := fs.Lstat(l.fsys, at)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		if err == nil && info.Mode()&fs.ModeSymlink != 0 {
			return nil, fmt.Errorf("%s is a symbolic link; records are read from a folder of the project itself", at)
		}
	}
	// A named pipe would not be opened before somebody writes into it.
	if info, err := fs.Lstat(l.fsys, l.dir); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("%s is %s, not a folder; records are read from a folder", l.dir, disk.TypeName(info.Mode()))
	}
	entries, err := fs.ReadDir(l.fsys, l.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the records: %w", err)
	}
	return entries, nil
}

// maxFolders is how many folders below the records' folder are looked into.
const maxFolders = 8

// datedName is the path of a record's file below the folder, its ID, and a number that
// grows with the date in it.
type datedName struct {
	name, id string
	at       int64
}

// choose returns the files to read, newest first by the dates in their names, and
// reports those that look like records and are not. Of names with one date, the last
// ID comes first.
func (l *loader) choose(entries []fs.DirEntry) []string {
	l.ids, l.followed = make(map[string]string, len(entries)), map[string]string{}
	dated := l.chooseIn("", entries, nil)
	slices.SortFunc(dated, func(a, b datedName) int {
		return cmp.Or(cmp.Compare(b.at, a.at), records.CompareIDs(b.id, a.id))
	})
	names := make([]string, len(dated))
	for i, d := range dated {
		names[i] = d.name
	}
	return names
}

func (l *loader) chooseIn(folder string, entries []fs.DirEntry, names []datedName) []datedName {
	before, strangers := len(names), []string{}
	for _, e := range entries {
		name := e.Name()
		if folder != "" {
			name = folder + "/" + name
		}
		id, order, ok := records.PathOrder(name)
		id = strings.ToLower(id)      // for systems that do not know one case from the other,
		same := strings.ToLower(name) // and where two such names are one file
		mode := e.Type()
		if mode&fs.ModeSymlink != 0 && !isSetAside(e.Name()) {
			mode = l.follow(name, ok)
		}
		switch {
		case isSetAside(e.Name()) || mode == unread || slices.Contains(l.documents, path.Join(l.dir, name)):
		case mode.IsRegular() && records.IsOtherMarkup(e.Name()):
			strangers = append(strangers, name)
		case !records.IsMarkdown(name) && !mode.IsDir():
		case mode.IsDir() && ok:
			l.report(l.problem(name, problem.Unreadable, "put the record itself there, or rename the folder", "not read: it is a folder, not a regular file"))
		case mode.IsDir():
			names = l.chooseBelow(name, names)
		case !ok:
			strangers = append(strangers, name)
		case !mode.IsRegular():
			l.report(l.problem(name, problem.NotRead, "put the file itself there", "not read: %v", disk.NotRegular{Mode: mode}))
		case l.ids[id] != "":
			l.report(l.problem(name, problem.SameID, "rename one of them", "not read: it has the same ID as %s", l.ids[id]))
		case l.ids[same] != "":
			l.report(l.problem(name, problem.SameID, "rename one of them", "not read: only the case of letters tells it from %s, and not every system does", l.ids[same]))
		default:
			l.ids[id], l.ids[same] = name, name
			names = append(names, datedName{name, id, order})
		}
	}
	l.reportStrangers(folder, strangers, len(names) > before)
	return names
}

// isSetAside reports whether a file is kept out of the records on purpose.
func isSetAside(name string) bool {
	stem, ok := records.CutMarkdown(name)
	introduces := ok && (strings.EqualFold(stem, "README") || strings.EqualFold(stem, "index")) // a folder
	return name[0] == '.' || name[0] == '_' || introduces || records.IsTemplateName(name)
}

// unread is the mode of a symbolic link that is not followed.
const unread = fs.ModeIrregular

// follow is the mode of what a symbolic link leads to. It is [unread], and reported,
// unless that is a file or folder of the project. What lies among the records anyway
// is read there.
func (l *loader) follow(name string, isRecord bool) fs.FileMode {
	at := path.Join(l.dir, name)
	to, info, err := disk.Follow(l.fsys, at)
	among := func(inner, outer string) bool {
		return outer == "." || inner == outer || strings.HasPrefix(inner, outer+"/")
	}
	switch {
	case !isRecord && records.IsMarkdown(name) && (err != nil || !info.IsDir()):
		return 0 // one that is no record's, whatever it is
	case err != nil && isRecord && errors.Is(err, fs.ErrNotExist):
		l.report(l.problem(name, problem.Unreadable, "put the file itself there", "not read: it is a symbolic link to a file that is not there"))
	case errors.Is(err, fs.ErrNotExist):
		l.report(l.problem(name, problem.NotRead, "remove it, or put the folder itself there", "not read: it is a symbolic link, and nothing is there where it leads"))
	case err != nil:
		l.report(l.problem(name, problem.NotRead, "put the file or folder itself there", "not read: it is a symbolic link, and %v", reason(err)))
	case !info.IsDir() && !isRecord:
	case among(to, l.dir) && info.IsDir():
	case among(to, l.dir):
		l.report(l.problem(name, problem.NotRead, "put the record itself there", "not read: it is a symbolic link to %s", to))
	case among(l.dir, to):
		l.report(l.problem(name, problem.NotRead, "remove it", "not read: it is a symbolic link to a folder around it"))
	case info.IsDir() && l.followed[to] != "": // or a circle would never end
		l.report(l.problem(name, problem.NotRead, "remove it", "not read: it is a symbolic link to a folder that is read as %s", l.followed[to]))
	default:
		l.followed[to] = name
		return info.Mode().Type()
	}
	return unread
}

// chooseBelow chooses in a folder below.
func (l *loader) chooseBelow(folder string, names []datedName) []datedName {
	entries, err := fs.ReadDir(l.fsys, path.Join(l.dir, folder))
	switch {
	case !fs.ValidPath(folder): // no file system opens it
		l.report(l.problem(folder, problem.NotRead, "give it another name", "the records in this folder are not read: its name is not text in UTF-8"))
	case errors.Is(err, fs.ErrNotExist): // removed just now
	case err != nil:
		l.report(l.problem(folder, problem.Unreadable, "make it readable, or begin its name with “_”", "the records in this folder are not read: %v", reason(err)))
	case strings.Count(folder, "/") >= maxFolders:
		l.report(l.problem(folder, problem.TooDeep, "move its records up", "what is in this folder is not read: it lies more than %d folders deep", maxFolders))
	default:
		return l.chooseIn(folder, entries, names)
	}
	return names
}

// reportStrangers reports the files whose names are not a record's. In a folder
// below that holds no records, they get one problem together.
func (l *loader) reportStrangers(folder string, strangers []string, amongRecords bool) {
	const hint = "name a record YYYY-MM-DD-HH-MM-deployment.md; begin other files' names with “_”"
	if folder != "" && !amongRecords && len(strangers) > 0 {
		l.report(l.problem(folder, problem.StrayFile, "begin the folder's name with “_” if it holds no records; name a record YYYY-MM-DD-HH-MM-deployment.md",
			"nothing in this folder is read: %s", firstDoubt(strangers)))
		return
	}
	for _, name := range strangers {
		if !records.IsMarkdown(name) {
			l.report(l.problem(name, problem.StrayFile, "write it in Markdown, in a file that ends in .md, or begin its name with “_”", "the file is not read: it is not Markdown"))
			continue
		}
		l.report(l.problem(name, problem.StrayFile, hint, "the file is not read: its name is not a record's: %s", records.NameDoubt(path.Base(name))))
	}
}

func firstDoubt(strangers []string) string {
	name := path.Base(strangers[0])
	if more := len(strangers) - 1; more > 0 {
		return fmt.Sprintf("%s and %d more have no record's name", name, more)
	}
	return name + " has no record's name"
}

// load reads and parses one file.
func (l *loader) load(name string, opt records.Options, each func(*records.Record)) (*records.Record, *problem.Problem) {
	if r := l.knownBy(name, nil); r != nil {
		return r, nil
	}
	source, err := l.read(name)
	if err != nil {
		return nil, l.unreadable(name, err)
	}
	if r := l.knownBy(name, source); r != nil {
		return r, nil
	}
	if len(source) >= large {
		l.alone.Lock()
		defer l.alone.Unlock()
	}
	r := records.Parse(path.Join(l.dir, name), source, opt)
	if each != nil {
		// These may outlive the call, and each may keep pointers into them.
		r.Sections, r.Notes = slices.Clone(r.Sections), slices.Clone(r.Notes)
		each(r)
		r.Release()
	}
	return r, nil
}

// unreadable says why a file is not read. It is nil if the file was removed since it
// was listed.
func (l *loader) unreadable(name string, err error) *problem.Problem {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case !fs.ValidPath(name):
		return l.problem(name, problem.NotRead, "give it another name", "not read: its name is not text in UTF-8")
	case errors.As(err, new(disk.TooLarge)):
		return l.problem(name, problem.NotRead, "move long output to a file of its own and link to it", "not read: %v", err)
	case errors.As(err, new(disk.NotRegular)):
		return l.problem(name, problem.NotRead, "put the file itself there", "not read: %v", err)
	}
	return l.problem(name, problem.Unreadable, "make it readable, or remove it", "not read: %v", err)
}

func (l *loader) read(name string) ([]byte, error) {
	f, err := l.fsys.Open(path.Join(l.dir, name))
	if err != nil {
		return nil, reason(err)
	}
	defer f.Close()
	source, err := disk.ReadOpen(f, records.MaxSize) // what it is was seen when it was listed
	return source, reason(err)
}

// reason is an error without the path, which the problem names already.
func reason(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
