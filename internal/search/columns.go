package search

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/facet"
)

// Columns say of every record what filters ask. Each is one file; a search
// without filters and facets loads none.

func (w *build) writeColumns(o *Output, m *manifest) {
	add := func(name string, data []byte) {
		m.Columns[name] = o.addHashed("c-"+name, data)
	}
	add("day", appendStrings(nil, w.days()))
	add("has", appendStrings(nil, w.has()))
	for _, f := range facet.All {
		has := func(r Record) bool { return len(r.of(f)) > 0 }
		if slices.ContainsFunc(w.records, has) { // none has a kind or a year, which are found otherwise
			add(f.Name, w.named(func(r *Record) []string { return r.of(f) }))
		}
	}
}

// days are the days of the records, each as the difference to the one before.
func (w *build) days() string {
	var out []byte
	last := 0
	for i := range w.records {
		out = appendSigned(out, w.records[i].Day-last)
		last = w.records[i].Day
	}
	return string(out)
}

func (w *build) has() string {
	var out []byte
	for i := range w.records {
		has := 0
		for b := range w.records[i].Text.all() {
			has |= bitOf[b.zone]
		}
		out = appendDigit(out, has)
	}
	return string(out)
}

// named writes a column of names: the names, the most frequent first, how many
// each record has, and their numbers.
func (w *build) named(values func(*Record) []string) []byte {
	count := map[string]int{}
	for i := range w.records {
		for _, v := range values(&w.records[i]) {
			count[v]++
		}
	}
	names := slices.SortedFunc(maps.Keys(count), func(a, b string) int {
		return cmp.Or(count[b]-count[a], strings.Compare(a, b))
	})
	number := map[string]int{}
	for i, n := range names {
		number[n] = i
	}
	var counts, out []byte
	for i := range w.records {
		all := values(&w.records[i])
		counts = appendWide(counts, len(all))
		for _, v := range all {
			out = appendWide(out, number[v])
		}
	}
	data := append([]byte("["), appendStrings(nil, names...)...)
	data = appendString(append(data, ','), string(counts))
	data = appendString(append(data, ','), string(out))
	return append(data, ']')
}
