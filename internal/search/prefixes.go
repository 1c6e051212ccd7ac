package search

import (
	"slices"
	"unicode/utf8"

	"github.com/deploysite/deploysite/internal/parallel"
	"github.com/deploysite/deploysite/internal/text"
)

// Few letters begin many terms, which stand in many shards. So that a reader
// who types need not load them all, such beginnings have a file of their own,
// with the postings of all of their terms in one list.

// maxSpan is how many shards a reader loads for a beginning; maxPrefix is the
// longest beginning, in characters, that has a file.
const (
	maxSpan   = 2
	minPrefix = 2
	maxPrefix = 8
)

type prefix struct {
	text string
	shard
}

// longPrefixes finds the beginnings that span too many shards. A long one may
// span many too; the terms of dates do, for example.
func (w *build) longPrefixes(shards []shard) (all []prefix) {
	of := make([]int32, len(w.terms)) // term → shard
	for s, r := range shards {
		for i := r.from; i < r.to; i++ {
			of[i] = int32(s)
		}
	}
	var within func(r shard, length int)
	within = func(r shard, length int) {
		for from := r.from; from < r.to; {
			p := text.First(w.terms[from], length)
			to := from + 1
			for to < r.to && text.First(w.terms[to], length) == p {
				to++
			}
			if of[to-1]-of[from] >= maxSpan && utf8.RuneCountInString(p) == length {
				if length >= minPrefix {
					all = append(all, prefix{p, shard{from, to}})
				}
				if length < maxPrefix {
					within(shard{from, to}, length+1)
				}
			}
			from = to
		}
	}
	// Of numbers, nobody types a beginning to see where it leads.
	letters, _ := slices.BinarySearch(w.terms, "a")
	within(shard{letters, len(w.terms)}, 1)
	return all
}

func (w *build) writePrefixes(o *Output, m *manifest, shards []shard) {
	all := w.longPrefixes(shards)
	data := make([][]byte, len(all))
	parallel.Each(len(all), func(i int) { data[i] = w.prefix(all[i]) })
	written := map[string]bool{}
	for i, p := range all {
		sum := digest(data[i])
		m.Prefixes[p.text] = sum
		if !written[sum] { // "migr" and "migra" may begin the same terms
			written[sum] = true
			o.add(folder+"x-"+sum+".js", data[i])
		}
	}
}

// prefix writes the postings of all terms of a range as if they were one.
func (w *build) prefix(p prefix) []byte {
	merged := make([]posting, w.base+len(w.pages)) // with their numbers plus one
	var all []posting
	for i := p.from; i < p.to; i++ {
		all = w.postings(all[:0], i)
		for _, one := range all {
			m := &merged[one.document]
			m.document, m.level, m.notes = one.document+1, max(m.level, one.level), m.notes|one.notes
		}
	}
	merged = slices.DeleteFunc(merged, func(p posting) bool { return p.document == 0 })
	for i := range merged {
		merged[i].document--
	}
	var l list
	l.add(merged, len(w.records), w.base)
	return appendStrings(nil, l.strings()...)
}
