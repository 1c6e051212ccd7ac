package search

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
)

// An Index answers queries from the files of an [Output], as a browser does: it
// loads what a query needs, and keeps it. Several goroutines may use it.
type Index struct {
	load   func(path string) ([]byte, error)
	m      manifest
	firsts []string // the first term of each shard
	pages  int
	size   int // document numbers are below

	mu   sync.Mutex
	kept map[string]any // by the path of the file that it was made of
}

// maxDocuments is more than a site can have; a damaged manifest may say more.
const maxDocuments = 1 << 24

// Open opens the index whose manifest stands at a path. load gives the bytes of
// a file by its path.
func Open(load func(path string) ([]byte, error), manifest string) (*Index, error) {
	ix := &Index{load: load, kept: map[string]any{}}
	if err := ix.decode(manifest, &ix.m); err != nil {
		return nil, err
	}
	if !ix.m.isOurs() {
		return nil, fmt.Errorf("%s is of another version of deploysite; build the site again", manifest)
	}
	ix.firsts = readFronts(ix.m.Shards)
	for _, n := range ix.m.Pages {
		if n < 0 || n > maxDocuments {
			return nil, damaged(manifest)
		}
		ix.pages += n
	}
	ix.size = ix.m.Base + ix.pages
	if len(ix.m.Hashes) < digestSize*len(ix.firsts) || ix.m.Records < 0 || ix.m.Base < ix.m.Records || ix.size > maxDocuments || ix.m.PerFile < 1 || ix.m.PerGroup < 1 {
		return nil, damaged(manifest)
	}
	return ix, nil
}

// Open opens the index that was just built.
func (o *Output) Open() (*Index, error) {
	files := make(map[string]File, len(o.Files))
	for _, f := range o.Files {
		files[f.Path] = f
	}
	return Open(func(path string) ([]byte, error) {
		f, ok := files[path]
		if !ok {
			return nil, errors.New("no such file")
		}
		return f.Data(), nil
	}, o.Manifest)
}

// ErrDamaged says that a file of the index is missing, or not what was written.
var ErrDamaged = errors.New("the search index is damaged")

func damaged(path string) error {
	return fmt.Errorf("%s: %w; build the site again", path, ErrDamaged)
}

// decode reads the value that a file of the index holds.
func (ix *Index) decode(path string, to any) error {
	data, err := ix.load(path)
	if err != nil {
		return fmt.Errorf("%s: %w: %w; build the site again", path, ErrDamaged, err)
	}
	from, end := bytes.IndexByte(data, ','), bytes.LastIndexByte(data, ')')
	if from < 0 || end < from || json.Unmarshal(data[from+1:end], to) != nil {
		return damaged(path)
	}
	return nil
}

// keep is what make made of a file, the first time or now.
func keep[T any](ix *Index, path string, make func() (T, error)) (T, error) {
	ix.mu.Lock()
	v, ok := ix.kept[path].(T)
	ix.mu.Unlock()
	if ok {
		return v, nil
	}
	v, err := make()
	if err == nil {
		ix.mu.Lock()
		ix.kept[path] = v
		ix.mu.Unlock()
	}
	return v, err
}

// keepStrings is what make made of a file that holds n strings at least. ok is
// false where they are not what was written; nothing of them is returned then.
func keepStrings[T any](ix *Index, path string, n int, make func(data []string) (v T, ok bool)) (T, error) {
	return keep(ix, path, func() (none T, err error) {
		var data []string
		if err := ix.decode(path, &data); err != nil {
			return none, err
		}
		if len(data) >= n {
			if v, ok := make(data); ok {
				return v, nil
			}
		}
		return none, damaged(path)
	})
}

// hashAt is the i-th of the hashes that stand one after the other.
func hashAt(hashes string, i int) string {
	if from := i * digestSize; from+digestSize <= len(hashes) {
		return hashes[from : from+digestSize]
	}
	return ""
}

// A termRange is the terms of a shard with their postings.
type termRange struct {
	terms []string
	lists [][]posting
}

func (ix *Index) shard(i int) (termRange, error) {
	path := fmt.Sprintf(folder+"t%d-%s.js", i, hashAt(ix.m.Hashes, i))
	return keepStrings(ix, path, 4, func(data []string) (s termRange, ok bool) {
		s.terms = readFronts(data[0])
		r := newListReader(data[1:])
		for range s.terms {
			list, ok := r.read(ix)
			if !ok {
				return s, false
			}
			s.lists = append(s.lists, list)
		}
		return s, true
	})
}

// prefixList is the postings of all terms that begin with a text, where many do.
func (ix *Index) prefixList(text string) ([]posting, error) {
	path := folder + "x-" + ix.m.Prefixes[text] + ".js"
	return keepStrings(ix, path, 3, func(data []string) ([]posting, bool) { return newListReader(data).read(ix) })
}

// A vocabulary is the words of one length.
type vocabulary struct {
	words   []string
	classes numbers
}

func (ix *Index) vocabulary(length int) (v vocabulary, err error) {
	hash, ok := ix.m.Words[fmt.Sprint(length)]
	if !ok {
		return v, nil
	}
	path := fmt.Sprintf(folder+"w%d-%s.js", length, hash)
	return keepStrings(ix, path, 2, func(data []string) (vocabulary, bool) {
		return vocabulary{readFronts(data[0]), numbers{text: data[1]}}, true
	})
}

// holders are the records that have each line of the template.
func (ix *Index) holders() ([][]posting, error) {
	path := folder + "holders-" + ix.m.Holders + ".js"
	return keepStrings(ix, path, 3, func(data []string) (all [][]posting, ok bool) {
		r := newListReader(data)
		for r.counts.at < len(r.counts.text) {
			list, ok := r.read(ix)
			if !ok {
				return nil, false
			}
			all = append(all, list)
		}
		return all, true
	})
}

// A column is the names that records have, by their numbers.
type column struct {
	names  []string
	values [][]int32
}

func (ix *Index) column(name string) (column, error) {
	if ix.m.Columns[name] == "" { // such as that of sources where there is one
		return column{values: make([][]int32, ix.m.Records)}, nil
	}
	path := folder + "c-" + name + "-" + ix.m.Columns[name] + ".js"
	return keep(ix, path, func() (c column, err error) {
		var data []json.RawMessage
		var counts, values numbers
		if err := ix.decode(path, &data); err != nil {
			return c, err
		}
		if len(data) < 3 || json.Unmarshal(data[0], &c.names) != nil || json.Unmarshal(data[1], &counts.text) != nil || json.Unmarshal(data[2], &values.text) != nil {
			return c, damaged(path)
		}
		c.values = make([][]int32, ix.m.Records)
		for i := range c.values {
			n := counts.wide()
			if n > len(values.text)-values.at { // each takes a character
				return c, damaged(path)
			}
			for ; n > 0; n-- {
				v := values.wide()
				if v >= len(c.names) {
					return c, damaged(path)
				}
				c.values[i] = append(c.values[i], int32(v))
			}
		}
		return c, nil
	})
}

func (ix *Index) days() ([]int, error) {
	path := folder + "c-day-" + ix.m.Columns["day"] + ".js"
	return keepStrings(ix, path, 1, func(data []string) ([]int, bool) {
		r, days, day := numbers{text: data[0]}, make([]int, ix.m.Records), 0
		for i := range days {
			day += r.signed()
			days[i] = day
		}
		return days, true
	})
}

func (ix *Index) has() ([]uint8, error) {
	path := folder + "c-has-" + ix.m.Columns["has"] + ".js"
	return keepStrings(ix, path, 1, func(data []string) ([]uint8, bool) {
		r, has := numbers{text: data[0]}, make([]uint8, ix.m.Records)
		for i := range has {
			has[i] = uint8(r.digit())
		}
		return has, true
	})
}

// A document is what a result shows.
type document struct {
	Result // without a score, an excerpt and notes
	blocks []shownBlock
	shared []int // the template's lines, by their numbers
}

// A shownBlock is a block's lines.
type shownBlock struct {
	zone   Zone
	anchor string
	lines  []string
}

// document reads one document.
func (ix *Index) document(d int) (doc document, err error) {
	i, at := d/ix.m.PerFile, d%ix.m.PerFile
	if d >= ix.m.Base {
		i = (ix.m.Records+ix.m.PerFile-1)/ix.m.PerFile + (d-ix.m.Base)/ix.m.PerFile
		at = (d - ix.m.Base) % ix.m.PerFile
	}
	path := fmt.Sprintf(folder+"d%d-%s.js", i, hashAt(ix.m.Groups, i/ix.m.PerGroup))
	var all [][]json.RawMessage
	if err := ix.decode(path, &all); err != nil {
		return doc, err
	}
	if at >= len(all) || !doc.read(all[at]) {
		return doc, damaged(path)
	}
	return doc, nil
}

func (doc *document) read(data []json.RawMessage) bool {
	var kind int
	var facts []string
	var blocks [][]any
	var shared numbers
	if len(data) < 5 {
		return false
	}
	for i, to := range []any{&kind, &doc.values, &facts, &blocks, &shared.text} {
		if json.Unmarshal(data[i], to) != nil {
			return false
		}
	}
	if kind < 0 || kind >= len(kinds) || len(facts) < 5 {
		return false
	}
	doc.Kind = kinds[kind]
	doc.ID, doc.Title, doc.URL, doc.Date, doc.Status = facts[0], facts[1], cmp.Or(facts[2], recordURL(facts[0])), facts[3], facts[4]
	for _, b := range blocks {
		if len(b) == 0 {
			return false
		}
		doc.blocks = append(doc.blocks, readBlock(b))
	}
	for next := 0; shared.at < len(shared.text); next++ {
		next += shared.signed()
		doc.shared = append(doc.shared, next)
	}
	return true
}

func readBlock(values []any) (b shownBlock) {
	for i, v := range values {
		switch v := v.(type) {
		case float64:
			if i == 0 {
				b.zone = Zone(v)
			}
		case string:
			if i == 1 {
				b.anchor = v
			} else {
				b.lines = append(b.lines, v)
			}
		}
	}
	if _, derived := values[min(1, len(values)-1)].(float64); derived && len(b.lines) > 0 {
		b.anchor = anchorOf(b.zone, b.lines[0])
	}
	return b
}
