package importer

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/store"
	"github.com/deploysite/deploysite/internal/text"
)

// State says what happens to a draft.
type State string

// The states.
const (
	New     State = "new"
	Present State = "present" // there is a record of it
	Changed State = "changed" // there is one of its former text, or outcome
	// Doubtful is a draft that may be new, or an edited text of which there is a
	// record. It is not written.
	Doubtful State = "in-doubt"
	Written  State = "written"
)

// Planned is a draft with its state.
type Planned struct {
	*Draft
	State State
	Path  string // of its record: the existing one, the one it may belong to, or the new one

	Named string // the record of its day that it names, which may be of the same deployment, or ""

	names func(n int) string
	There records.Status // what the record says that is there
}

// Plan compares drafts with the records in a folder.
type Plan struct {
	Dir     string
	Entries []*Planned
}

// MakePlan reads the records in dir, which need not be there yet, and says which
// of the drafts are new. The key imported_id of a record names the draft it was made
// from. To write the plan, hold [store.LockFolder] from before this call.
func MakePlan(ctx context.Context, dir string, drafts []*Draft) (*Plan, error) {
	there, err := readImported(ctx, dir)
	if err != nil {
		return nil, err
	}
	p := &Plan{Dir: dir}
	for _, d := range drafts {
		p.Entries = append(p.Entries, there.plan(d))
	}
	p.former(there)
	for _, e := range oldestFirst(p.Entries) {
		if e.State == New {
			e.Named = there.named(e.Draft)
			there.reserve(e)
		}
	}
	return p, nil
}

// oldestFirst are the entries in the order in which those of one day are numbered. A
// source whose dates mostly go back, or that says so, lists the latest of a day first, too.
// Where all are of one day, the versions tell.
func oldestFirst(entries []*Planned) []*Planned {
	ordered := slices.Clone(entries)
	for start, end := 0, 0; start < len(ordered); start = end {
		back, down := 0, 0
		for end = start + 1; end < len(ordered) && ordered[end].Parts[0].Source == ordered[start].Parts[0].Source; end++ {
			before, here := ordered[end-1], ordered[end]
			back += before.Started.Time.Compare(here.Started.Time)
			if before.Version != "" && here.Version != "" && slices.Equal(before.Services, here.Services) {
				down += slices.Compare(text.Numbers(before.Version), text.Numbers(here.Version))
			}
		}
		if back > 0 || back == 0 && (ordered[start].newestFirst || down > 0) {
			slices.Reverse(ordered[start:end])
		}
	}
	return ordered
}

// plan looks for the record of a draft by its ID.
func (there *imported) plan(d *Draft) *Planned {
	m := there.byID[d.ID]
	switch {
	case m == nil:
		return &Planned{Draft: d, State: New}
	case m.status == records.InProgress && d.Status != m.status && !d.statusGiven && d.Status != "":
		return &Planned{Draft: d, State: Changed, Path: m.path}
	}
	return &Planned{Draft: d, State: Present, Path: m.path, There: m.status}
}

// named is the record of a draft's day that the draft leads to, and that nobody imported:
// "[the whole story](deployments/2024-08-31-search.md)".
func (there *imported) named(d *Draft) string {
	day, body := d.Started.Time.Format("20060102"), string(d.Body)
	if !strings.Contains(body, "](") { // a folder may have many records, and a log many entries
		return ""
	}
	for _, path := range there.others {
		name := filepath.Base(path)
		if (strings.Contains(body, name+")") || strings.Contains(body, name+"#")) && strings.Contains(digits().ReplaceAllString(name, ""), day) {
			return path
		}
	}
	return ""
}

var digits = text.Pattern(`\D+`)

// imported holds the records that came from earlier imports.
type imported struct {
	dir    string
	others []string    // the paths of records that did not
	all    []*existing // by path
	byID   map[string]*existing
	taken  map[string]bool // names, in lower case
	last   map[string]int  // the last number that was given out, by the name without one
}

func readImported(ctx context.Context, dir string) (*imported, error) {
	there := &imported{dir: dir, byID: map[string]*existing{}, taken: map[string]bool{}, last: map[string]int{}}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return there, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		there.taken[strings.ToLower(e.Name())] = true
	}
	names, err := store.Folder{FS: os.DirFS(dir), Dir: "."}.Names()
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		there.taken[strings.ToLower(path.Base(name))] = true // its folder, such as one of a year, is no part of its ID
		if err := there.read(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			return nil, err
		}
	}
	return there, nil
}

// maxFront is how much of a record is read to find its front matter, in bytes.
const maxFront = 68 << 10

// read looks at the front matter of a record.
func (there *imported) read(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, maxFront))
	if err != nil {
		return err
	}
	if strings.Contains(string(head), records.KeyImportedID) {
		r := records.Parse(filepath.Base(path), frontOf(head), records.Options{})
		if id := r.Imported(); id != "" {
			there.add(id, path, r)
			return nil
		}
	}
	there.others = append(there.others, path)
	return nil
}

func (there *imported) add(id, path string, r *records.Record) {
	m := &existing{id: id, path: path, started: r.Started}
	if r.StatusFrom == records.FromFrontMatter {
		m.status = r.Status
	}
	if r.Title.From == records.FromFrontMatter {
		m.title = r.Title.Value
	}
	for _, field := range r.Extra {
		if field.Name == records.KeyImportedFrom {
			m.from = field.Value.Text
		}
	}
	there.all = append(there.all, m)
	there.byID[id] = m
}

// frontOf cuts a record behind its front matter, so that its body is not parsed.
func frontOf(head []byte) []byte {
	for _, end := range []string{"\n---\n", "\n---\r\n"} {
		if i := strings.Index(string(head), end); i >= 0 {
			return head[:i+len(end)]
		}
	}
	return head
}

// reserve gives a draft the first free name, and the next free ones in case that
// somebody takes it meanwhile.
func (there *imported) reserve(one *Planned) {
	free := func(n int) int {
		for there.taken[strings.ToLower(one.name(n))] {
			n++
		}
		return n
	}
	first := one.name(1)
	n := free(there.last[first] + 1)
	there.taken[strings.ToLower(one.name(n))], there.last[first] = true, n
	one.Path = filepath.Join(there.dir, one.name(n))
	one.names = func(more int) string {
		at := n
		for ; more > 1; more-- {
			at = free(at + 1)
		}
		return one.name(at)
	}
}

// Count is how many entries are in a state.
func (p *Plan) Count(s State) (n int) {
	for _, e := range p.Entries {
		if e.State == s {
			n++
		}
	}
	return n
}

// Write creates the records of the new entries, in order, and marks them as
// written. Nothing that is there is touched. After an error, which names the file,
// those that are marked are on the disk, and another run writes the others.
func (p *Plan) Write(ctx context.Context, progress func(done, total int)) error {
	var files []store.NewFile
	var entries []*Planned
	for _, e := range p.Entries {
		if e.State == New {
			files = append(files, store.NewFile{Name: e.names, Content: Compose(e.Draft)})
			entries = append(entries, e)
		}
	}
	if len(files) == 0 {
		return nil
	}
	return store.CreateMany(ctx, p.Dir, files, func(i int, path string) {
		entries[i].State, entries[i].Path = Written, path
		if progress != nil {
			progress(i+1, len(files))
		}
	})
}
