package search

import (
	"cmp"
	"slices"
	"strings"
)

// Columns say of every record what filters ask. Each is one file; a search
// without filters and facets loads none.

// What a record has, as the column "has" tells.
const (
	hasIssue = 1 << iota
	hasLesson
	hasTip
	hasWell
	hasFailed
)

var hasOf = [zones]int{Issue: hasIssue, Lesson: hasLesson, Tip: hasTip, Well: hasWell, FailedStep: hasFailed}

func (w *build) writeColumns(o *Output, m *manifest) {
	add := func(name string, data []byte) {
		m.Columns[name] = digest(data)
		o.add(folder+"c-"+name+"-"+digest(data)+".js", data)
	}
	add("day", appendStrings(nil, []string{w.days()}))
	add("has", appendStrings(nil, []string{w.has()}))
	add("status", w.named(func(r *Record) []string { return one(r.Status) }))
	add("service", w.named(func(r *Record) []string { return r.Services }))
	add("environment", w.named(func(r *Record) []string { return one(r.Environment) }))
	add("by", w.named(func(r *Record) []string { return r.Deployers }))
	add("tag", w.named(func(r *Record) []string { return r.Tags }))
	if w.hasSources() {
		add("source", w.named(func(r *Record) []string { return one(r.Source) }))
	}
}

// hasSources tells whether the records come from sources that have names.
func (w *build) hasSources() bool {
	return slices.ContainsFunc(w.records, func(r Record) bool { return r.Source != "" })
}

func one(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
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
		w.records[i].Text.each(func(b block, _ []uint32) { has |= hasOf[b.zone] })
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
	names := make([]string, 0, len(count))
	for n := range count {
		names = append(names, n)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(count[b]-count[a], strings.Compare(a, b)) })
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
	data := append([]byte("["), appendStrings(nil, names)...)
	data = appendString(append(data, ','), string(counts))
	data = appendString(append(data, ','), string(out))
	return append(data, ']')
}
