package site

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/publish"
	"github.com/deploysite/deploysite/internal/search"
)

// A live site makes its search index when the first search asks for it. Until
// then each record's text is in the spool. The path of the manifest has a hash of
// all inputs, so it is known before the index.

// said is a record's text as a list of calls to an index. Each is a byte, and a text
// with its length: 0 and a line, or one more than a zone and the anchor of a block.
type said struct{ out []byte }

func (s *said) begin(zone search.Zone, anchor string) { s.put(byte(zone)+1, anchor) }

func (s *said) add(line []byte) { s.put(0, string(line)) }

func (s *said) put(what byte, text string) {
	s.out = append(binary.AppendUvarint(append(s.out, what), uint64(len(text))), text...)
}

// errSaid is the error for a text that is not as it was written to the spool.
var errSaid = errors.New("the texts for the search were damaged on the disk; save a record to make them anew")

// say makes the calls of a list.
func say(list string, index *search.Builder, text *search.Text) error {
	for list != "" {
		what := list[0]
		list = list[1:]
		length, n := binary.Uvarint([]byte(list[:min(len(list), binary.MaxVarintLen64)]))
		if n <= 0 || length > uint64(len(list)-n) {
			return errSaid
		}
		part := list[n : n+int(length)]
		list = list[n+int(length):]
		if what == 0 {
			tryAdd(index, text, []byte(part))
		} else {
			text.Begin(search.Zone(what-1), part)
		}
	}
	return nil
}

// tryAdd adds a line, unless something fails on it: all else is searched.
func tryAdd(index *search.Builder, text *search.Text, line []byte) {
	defer func() { _ = recover() }() // a build tells of it as a problem of the record
	index.Add(text, line)
}

// keepText writes a record's text to the spool, before its tree is changed for the
// page.
func (l *loader) keepText(e *reading) {
	if l.index == nil || !l.options.Live {
		return
	}
	var text said
	eachSearched(e.Record, text.begin, text.add)
	e.said = l.spool.put(text.out)
}

// laterFiles returns what makes the files of a live site's index, nil for any other.
func (s *Site) laterFiles() func() ([]File, error) {
	if s.search == nil || !s.options.Live {
		return nil
	}
	return func() ([]File, error) {
		index, err := s.search()
		if err != nil {
			return nil, err
		}
		var files []File
		for _, f := range index.Files {
			if f.Path == index.Manifest {
				_, value, _ := strings.Cut(string(f.Data()), ",")
				files = append(files, publish.Static(s.manifest, fmt.Appendf(nil, "deploysiteShard(%q,%s", s.manifest, value)))
				continue
			}
			files = append(files, publish.Static(f.Path, f.Data()))
		}
		slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
		return files, nil
	}
}
