package briefing

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/ledger"
	"github.com/deploysite/deploysite/internal/parallel"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/secrets"
	"github.com/deploysite/deploysite/internal/store"
	"github.com/deploysite/deploysite/internal/text"
)

// Looking back must not make a start slow, and a history may have ten thousand
// records. So the newest files are read, by their names, and looked at without
// being parsed; those few that matter are. How far it went is said.
const (
	lookAtLeast = 300       // records, in any case
	lookAtMost  = 1000      // records, where the service's are not found before
	parseMost   = 200       // records
	readMost    = 16 << 20  // bytes
	large       = 256 << 10 // bytes of a record: it is parsed alone
	lookAtOnce  = 64        // records, between two questions whether it is enough
)

// A Past is the files of a folder of records, newest first.
type Past struct {
	root    *os.Root // of the folder; nil where there is none
	dir     string   // the folder's path
	folder  string   // as records' Files begin
	names   []string // of all, as paths below the folder
	sources [][]byte // of those that were read; nil where one could not be
	bytes   int64    // how much that is
	full    bool     // more would be too much
	later   bool     // some were left out, since they began later than the deployment
	hide    secrets.Finder
}

// OpenPast lists the records in a folder and reads the newest. The folder must not
// lead out of root; as is a part of Files of its records. One that is not there is
// one without records. What hide finds is not read. The caller closes the past.
func OpenPast(root, folder, as string, hide secrets.Finder) (*Past, error) {
	p := &Past{dir: filepath.Join(root, folder), folder: as, hide: hide}
	top, err := os.OpenRoot(root)
	if err == nil {
		defer top.Close()
		p.root, err = top.OpenRoot(folder)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err != nil {
		return nil, err
	}
	if p.names, err = (store.Folder{FS: p.root.FS(), Dir: "."}).Names(); err != nil {
		return nil, errors.Join(err, p.root.Close())
	}
	p.readUpTo(lookAtLeast)
	return p, nil
}

// Close closes the folder.
func (p *Past) Close() error {
	if p.root == nil {
		return nil
	}
	return p.root.Close()
}

// readUpTo reads files until n have been read, or all, or too many bytes.
func (p *Past) readUpTo(n int) {
	n = min(n, len(p.names))
	for len(p.sources) < n && !p.full {
		names := p.fitting(p.names[len(p.sources):min(n, len(p.sources)+lookAtOnce)])
		sources := make([][]byte, len(names))
		parallel.Each(len(names), func(i int) { sources[i] = p.read(names[i]) })
		p.sources = append(p.sources, sources...)
	}
}

// fitting are the first of some files, as many as may still be read.
func (p *Past) fitting(names []string) []string {
	for i, name := range names {
		info, err := p.root.Stat(name)
		if err != nil || info.Size() > records.MaxSize {
			continue // it is not read
		}
		if p.bytes += info.Size(); p.bytes > readMost {
			p.full = true
			return names[:i]
		}
	}
	return names
}

// read gives a file's bytes, or nil: what cannot be read is the site's to
// report, not a reason to start no deployment. A new record must not get an old
// secret, so there are marks in their places.
func (p *Past) read(name string) []byte {
	source, err := disk.Read(p.root.FS(), name, records.MaxSize)
	if err != nil {
		return nil
	}
	return secrets.Mask(source, p.hide.Find(source)).Source
}

// A look goes back through a past, from the newest record on, and parses those
// that the briefing needs.
type look struct {
	past  *Past
	start Start
	opt   records.Options

	parsed map[int]account // by index of the past's names
	looked int             // how many records were looked at
	ours   int             // how many were found of this service
	good   bool            // the last that succeeded in this environment is among them
}

// Brief is the briefing for a deployment that starts. Records are read as opt says.
func (p *Past) Brief(start Start, opt records.Options) *Briefing {
	history, looked := p.lookBack(start, opt)
	p.later = p.later || slices.ContainsFunc(history, func(r account) bool { return r.ID != start.Except && start.isBefore(r.Record) })
	b := briefOf(history, start)
	b.past, b.looked = p, looked
	return b
}

// Values are the values that the records which were read have under a key of
// their front matter, where they are written in the plainest way, in order.
func (p *Past) Values(key string) (values []string) {
	for _, source := range p.sources {
		if value, _ := records.Glance(source).Value(key); value != "" {
			values = append(values, value)
		}
	}
	slices.Sort(values)
	return slices.Compact(values)
}

// lookBack gives the records that matter for a deployment that starts, newest
// first, and how many were looked at.
func (p *Past) lookBack(start Start, opt records.Options) (history []account, looked int) {
	s := &look{past: p, start: start, opt: opt, parsed: map[int]account{}}
	for s.looked < len(p.names) && !s.enough() {
		p.readUpTo(s.looked + lookAtOnce)
		if s.looked == len(p.sources) {
			break // too many bytes
		}
		s.further(s.looked, min(len(p.sources), s.looked+lookAtOnce))
	}
	s.addDeciders()
	return slices.SortedFunc(maps.Values(s.parsed), newestFirst), s.looked
}

func (s *look) enough() bool {
	if s.looked >= lookAtMost || len(s.parsed) >= parseMost {
		return true
	}
	return s.looked >= lookAtLeast && s.ours >= depth && s.good
}

// further goes through the records from one index to another.
func (s *look) further(from, to int) {
	var chosen []int
	for i := from; i < to && len(s.parsed)+len(chosen) < parseMost; i++ {
		s.looked = i + 1
		if s.matters(i) {
			chosen = append(chosen, i)
		}
	}
	s.parse(chosen)
	s.ours, s.good = 0, false
	for _, r := range s.parsed {
		if s.start.IsOurs(r.Record) && !s.start.isBefore(r.Record) {
			s.ours++
			s.good = s.good || r.Status == records.Succeeded && s.start.IsHere(r.Record)
		}
	}
}

// matters reports whether a record has to be parsed: it may be one of this service
// that is still wanted, or nobody may have finished it. What is sure is counted
// at once, so that no more are parsed than are wanted.
func (s *look) matters(at int) bool {
	source := s.past.sources[at]
	if source == nil {
		return false
	}
	g := records.Glance(source)
	status, sure := g.Status()
	if !sure || status == records.InProgress {
		return true
	}
	if _, began, ok := records.ParsePath(s.past.names[at]); ok && s.start.isPast() && began.Time.After(s.start.At.AddDate(0, 0, 2)) {
		s.past.later = true
		return false
	}
	ours, here := s.isOurs(g, source), s.isHere(g)
	if ours == no || s.ours >= depth && (s.good || here == no) {
		return false
	}
	if ours == yes {
		s.ours++
		s.good = s.good || here == yes && status == records.Succeeded
	}
	return true
}

// answer is what a glance can tell.
type answer int

const (
	no answer = iota
	maybe
	yes
)

func (s *look) isOurs(g records.Glimpse, source []byte) answer {
	name, sure := g.Value("service")
	switch {
	case !sure || name == "" && (s.start.Nameless || s.start.IsService(s.opt.Service)):
		return maybe
	case name != "":
		return yesIf(s.start.IsService(name))
	}
	text := bytes.ToLower(source) // the body may tell
	for _, name := range s.start.Services {
		if bytes.Contains(text, bytes.ToLower([]byte(name))) {
			return maybe
		}
	}
	return no
}

func (s *look) isHere(g records.Glimpse) answer {
	name, sure := g.Value("environment")
	switch {
	case s.start.Environment == "":
		return yes
	case !sure || name == "":
		return maybe
	}
	return yesIf(text.Same(name, s.start.Environment))
}

func yesIf(b bool) answer {
	if b {
		return yes
	}
	return no
}

// parse parses records, large ones one after the other: some trees are thirty times
// as large as their text. None is kept.
func (s *look) parse(chosen []int) {
	isLarge := func(at int) bool { return len(s.past.sources[at]) >= large }
	small := slices.DeleteFunc(slices.Clone(chosen), isLarge)
	found := make([]account, len(small))
	parallel.Each(len(small), func(i int) { found[i] = s.parseOne(small[i]) })
	for i, at := range small {
		s.parsed[at] = found[i]
	}
	for _, at := range chosen {
		if isLarge(at) {
			s.parsed[at] = s.parseOne(at)
			s.past.sources[at] = nil
		}
	}
}

func (s *look) parseOne(at int) account {
	opt := s.opt
	opt.Dir = s.past.folder
	t := tell(records.Parse(path.Join(s.past.folder, s.past.names[at]), s.past.sources[at], opt))
	t.Release()
	return t
}

// addDeciders parses the records that decide on a note of those parsed already.
func (s *look) addDeciders() {
	ours := map[string]bool{}
	for _, r := range s.parsed {
		ours[r.ID] = s.start.IsOurs(r.Record)
	}
	adopted := map[ledger.Ref]bool{}
	if s.start.Checklist != nil {
		for _, mark := range ledger.Marks(s.start.Checklist) {
			adopted[mark.Note] = true // new records have the checklist's comments
		}
	}
	var chosen []int
	for i, source := range s.past.sources[:s.looked] {
		if s.parsed[i].Record == nil && slices.ContainsFunc(ledger.Refs(source), func(ref ledger.Ref) bool {
			return ours[ref.Record] && !adopted[ref]
		}) {
			chosen = append(chosen, i)
		}
	}
	s.parse(chosen)
}

// LookedAt says what was left out, "" where nothing was.
func (b *Briefing) LookedAt() string {
	var later, back string
	if b.past != nil && b.past.later {
		later = fmt.Sprintf("What began after %s is left out.", b.start.At.Format("2006-01-02 15:04"))
	}
	switch {
	case b.looked >= b.all():
	case b.past.full:
		back = fmt.Sprintf("Looked at the newest %d of %d records: all of them are more than %d MiB.", b.looked, b.all(), readMost>>20)
	default:
		back = fmt.Sprintf("Looked at the newest %d of %d records.", b.looked, b.all())
	}
	return text.Join(" ", later, back)
}

// all is how many records there are.
func (b *Briefing) all() int {
	if b.past == nil {
		return b.looked
	}
	return len(b.past.names)
}

// path is where a record's file is.
func (p *Past) path(r *records.Record) string {
	return filepath.Join(p.dir, filepath.FromSlash(r.Name))
}
