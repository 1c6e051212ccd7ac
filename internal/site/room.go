package site

import (
	"html/template"
	"math"
	"slices"
)

// Few bytes of a record can make many of a site: each name that it lists is a row on that
// name's page, a column, a line of numbers. Each kind of list that repeats what records say
// has room for so many bytes on all pages together. Only records that name far more than
// people do meet it.
const (
	roomFixed  = 64 << 10
	roomRecord = 2 << 10 // for each record
	roomByte   = 3       // for each byte of the records
	usualName  = 20      // bytes of a name that entries allow for
	usualTitle = 80      // of a title
)

// measureRoom finds how many bytes each kind of list has room for.
func (s *pager) measureRoom() {
	s.bytes = roomFixed + roomRecord*len(s.Entries)
	var titles, names mean
	for _, e := range s.Entries {
		s.bytes += roomByte * e.size
		titles.add(len(template.HTMLEscapeString(e.Title.Value)))
	}
	for _, terms := range s.Terms {
		for _, t := range paged(terms) {
			names.add(len(t.Name))
		}
	}
	// An entry has a title, several names, and addresses made of them.
	longer := max(0, names.of()-usualName) + max(0, titles.of()-usualTitle)/10
	s.bytes = s.bytes * 50 / (50 + longer)
}

// A mean is that of several lengths.
type mean struct{ sum, n int }

func (m *mean) add(length int) { m.sum, m.n = m.sum+length, m.n+1 }

func (m mean) of() int { return m.sum / max(1, m.n) }

// room is how many entries of a kind of list, of so many bytes, may stand on all pages.
func (s *pager) room(bytes int) int { return s.bytes / bytes }

// share is how long each of several lists may be so that all of them fit: short ones stay
// whole, the long ones are equally long.
func share(lengths []int, room int) int {
	lengths = slices.Sorted(slices.Values(lengths))
	for i, n := range lengths {
		left := len(lengths) - i
		if n > room/left {
			return max(1, room/left)
		}
		room -= n
	}
	return math.MaxInt
}

// What one entry of a list takes, about.
const (
	rowBytes   = 700  // a deployment in a table
	cellBytes  = 700  // what runs of a service in an environment
	emptyBytes = 60   // where nothing runs
	noteBytes  = 700  // a lesson, without its text
	stepBytes  = 700  // a step in the table of steps
	linkBytes  = 100  // a link to a name's page
	lineBytes  = 2000 // the numbers of a service in an environment in one quarter
	oneBytes   = 300  // one deployment below them
	saidBytes  = 250  // a problem
)

// mostBeside is how many other years or quarters a page of one leads to.
const mostBeside = 40

// nearest are those of a list that stand next to one of them.
func nearest[T any](list []T, at int) []T {
	from := max(0, min(at-mostBeside/2, len(list)-mostBeside))
	return list[from:min(len(list), from+mostBeside)]
}

func lengths[T any](list []T, length func(T) int) (all []int) {
	for _, one := range list {
		all = append(all, length(one))
	}
	return all
}
