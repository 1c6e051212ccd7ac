package store

import (
	"bytes"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// Folder is a project's folder with records.
type Folder struct {
	FS      fs.FS
	Heads   fs.FS  // where FS hides secrets: the same files as they are written, to choose records by; if nil, FS
	Dir     string // slash-separated, in FS
	Options records.Options
	Now     time.Time // for [records.Record.IsPast]; if zero, only imported records are past
}

// Names lists the records' files as paths below the folder, newest first by the
// date in the name. A missing folder has none.
func (f Folder) Names() ([]string, error) {
	l := loader{fsys: f.FS, dir: f.Dir, history: &History{}, documents: f.Options.Documents}
	entries, err := l.list()
	if err != nil {
		return nil, err
	}
	return l.choose(entries), nil
}

// Open is a record that is not finished, or whose status cannot be read.
type Open struct {
	File    string           // as Record.File
	Name    string           // as Record.Name
	Record  *records.Record  // nil where the file cannot be read
	Trouble *problem.Problem // why status, start or deployer cannot be told; nil if they can
}

// ID is the record's ID. It is known even if the file cannot be read.
func (o Open) ID() string { return ID(o.Name) }

// ID is the ID of the record in a file, given as a path below the folder; "" if the
// name is not a record's.
func ID(name string) string {
	id, _, _ := records.ParsePath(name)
	return id
}

// Called returns those of the files that a word may mean: the one with this ID or
// name, or else those whose ID or name begins with it.
func Called(names []string, word string) (found []string) {
	for _, name := range names {
		if path.Base(name) == word || ID(name) == word {
			return []string{name}
		}
		if strings.HasPrefix(path.Base(name), word) || strings.HasPrefix(ID(name), word) {
			found = append(found, name)
		}
	}
	return found
}

// started is the start of the deployment. It comes from the file's name if the
// record cannot be read.
func (o Open) started() time.Time {
	if o.Trouble == nil {
		return o.Record.Started.Time
	}
	return nameTime(o.Name)
}

func nameTime(name string) time.Time {
	_, named, _ := records.ParsePath(path.Base(name))
	return named.Time
}

// unfinished looks at one record. ok is true if it is in progress, or if its status
// cannot be read. Most records are finished at a glance and are not parsed.
func (f Folder) unfinished(name string) (o Open, ok bool) {
	l := loader{fsys: f.FS, dir: f.Dir}
	o.File, o.Name = path.Join(f.Dir, name), name
	f.Options.Dir = f.Dir
	glimpse := records.Glance(f.head(o.File))
	if status, sure := glimpse.Status(); sure && status != records.InProgress {
		return o, false
	}
	source, err := l.read(name)
	if err == nil && glimpse.IsPast(source) {
		return o, false
	}
	if err != nil {
		_, o.Trouble = l.load(name, f.Options, nil)
		return o, o.Trouble != nil
	}
	o.Record = records.Parse(o.File, source, f.Options)
	o.Trouble = trouble(o.Record)
	return o, o.Trouble != nil || o.Record.Status == records.InProgress && !o.Record.IsPast(f.Now) && !o.Record.IsPlanned(f.Now)
}

// maxHead is larger than nearly all front matters, in bytes.
const maxHead = 2 << 10

// head is the beginning of a file, as much as one read returns. Nothing of it is shown,
// so nobody looks for secrets in ten thousand files.
func (f Folder) head(name string) []byte {
	fsys := f.Heads
	if fsys == nil {
		fsys = f.FS
	}
	file, err := fsys.Open(name)
	if err != nil {
		return nil
	}
	defer file.Close()
	head := make([]byte, maxHead)
	n, _ := file.Read(head)
	return head[:n]
}

// trouble is the first problem because of which the status, start or deployer of a
// record may be wrong. It is nil if there is none.
func trouble(r *records.Record) *problem.Problem {
	switch {
	case r.StatusFrom == records.FromFrontMatter && r.Status != records.InProgress:
		return nil
	case r.StatusReason.Kind != records.StatusUnknown && r.IsPast(time.Time{}): // imported; the rest does not matter
		return nil
	}
	body, _ := text.Position(r.Source, r.Document.Body.Start)
	if r.Document.Root == nil || r.FrontMatter.Format == "" && looksLikeFrontMatter(r.Source) {
		body = len(r.Source)
	}
	for _, p := range r.Problems {
		if p.Severity == problem.Error && p.Line < body {
			return &p
		}
	}
	return nil
}

// looksLikeFrontMatter reports whether a text begins like front matter, complete or
// not.
func looksLikeFrontMatter(source []byte) bool {
	first := string(bytes.TrimSpace(text.FirstLine(bytes.TrimPrefix(source, text.ByteOrderMark))))
	return first == "---" || first == "+++" || strings.HasPrefix(first, "{")
}

// Choice is what [Folder.Current] found.
type Choice struct {
	Record     *records.Record // the current record; nil where there is none, or several could be it
	Candidates []Open          // where several could be it: those, the newest first
}

// Current finds the record that is being worked on: the deployer's newest
// unfinished record, by the date in it. Past records do not count, see
// [records.Record.IsPast], nor do those that begin later than now. deployer is the person who asks, or "" if unknown.
// person maps each of a person's names to the same one.
//
// Current does not guess. If the deployer is unknown, a single unfinished record is
// current. If the deployer has none, a single record that names nobody is. A record
// that is newer than the deployer's own and names nobody, or cannot be read, leaves
// a doubt: then there are only candidates.
//
// The date in a file's name may differ from the one in the record by two days. Once
// a record of the deployer is found, older names are not looked at. Modification
// times do not count: they say when git wrote the file.
func (f Folder) Current(deployer string, person func(string) string) (Choice, error) {
	names, err := f.Names()
	if err != nil {
		return Choice{}, err
	}
	var s selection
	for _, name := range names {
		if len(s.own) > 0 && nameTime(name).Before(s.own[0].started().Add(-nameTrust)) {
			break
		}
		if open, ok := f.unfinished(name); ok {
			s.add(open, deployer, person)
		}
	}
	return s.choice(deployer), nil
}

// nameTrust is how far a file's name and the date in it may lie apart.
const nameTrust = 48 * time.Hour

// selection sorts unfinished records by whose they are.
type selection struct {
	own     []Open // of the deployer
	nobodys []Open // that name nobody, or cannot be read
	others  []Open
}

func (s *selection) add(o Open, deployer string, person func(string) string) {
	switch {
	case o.Trouble != nil || len(o.Record.Deployers) == 0:
		s.nobodys = newestFirst(append(s.nobodys, o))
	case deployer != "" && slices.ContainsFunc(o.Record.Deployers, func(d records.Text) bool { return text.Same(person(d.Value), person(deployer)) }):
		s.own = newestFirst(append(s.own, o))
	default:
		s.others = newestFirst(append(s.others, o))
	}
}

func newestFirst(list []Open) []Open {
	slices.SortStableFunc(list, func(a, b Open) int { return b.started().Compare(a.started()) })
	return list
}

func (s *selection) choice(deployer string) Choice {
	could := slices.Concat(s.nobodys, s.others)
	if len(s.own) > 0 {
		newest := s.own[0]
		could = slices.DeleteFunc(slices.Concat(s.own, s.nobodys), func(o Open) bool {
			if o.Trouble != nil { // its name is all there is, and knows no seconds and no zone
				return nameTime(o.Name).Before(nameTime(newest.Name))
			}
			return o.started().Before(newest.started())
		})
	}
	alone := len(could) == 1 && could[0].Trouble == nil
	if alone && (deployer == "" || len(s.own) > 0 || len(s.nobodys) == 1) {
		return Choice{Record: could[0].Record}
	}
	return Choice{Candidates: newestFirst(could)}
}

// Source reads a record's file.
func (f Folder) Source(name string) ([]byte, error) {
	l := loader{fsys: f.FS, dir: f.Dir}
	return l.read(name)
}

// Read reads and parses a record.
func (f Folder) Read(name string) (*records.Record, error) {
	l := loader{fsys: f.FS, dir: f.Dir}
	f.Options.Dir = f.Dir
	r, problem := l.load(name, f.Options, nil)
	if problem != nil {
		return nil, errors.New(problem.String())
	}
	return r, nil
}
