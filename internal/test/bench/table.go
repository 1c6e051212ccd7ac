package main

import (
	"fmt"
	"strings"
)

// table shows the results, and after those of a history how deploysite compares
// with the others, as a Markdown table.
func table(results []result) string {
	var b strings.Builder
	b.WriteString("| records | builder | time | CPU time | peak memory | files | size |\n|--:|---|--:|--:|--:|--:|--:|\n")
	for i, r := range results {
		fmt.Fprintf(&b, "| %d | %s | %.2f s | %.2f s | %s | %d | %.1f MB |\n", r.records, r.builder,
			r.wall.Seconds(), r.cpu.Seconds(), megabytes(r.memory), r.files, float64(r.bytes)/1e6)
		if last := i == len(results)-1 || results[i+1].records != r.records; last {
			b.WriteString(ratios(results[:i+1], r.records))
		}
	}
	return b.String()
}

func megabytes(bytes int64) string {
	if bytes == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%.0f MB", float64(bytes)/1e6)
}

// compared are the ratios that decide.
var compared = [][2]string{
	{"deploysite", "hugo"}, {"deploysite", "hugo-lists"},
	{"deploysite-search", "hugo-pagefind"}, {"deploysite-search", "floor"}, {"deploysite-search", "floor-alike"}, {"deploysite-search", "copy"},
	{"again", "deploysite-search"}, {"again", "git-status"}, {"changed", "deploysite-search"}, {"added", "deploysite-search"},
}

// ratios compares builders at one number of records.
func ratios(results []result, records int) string {
	var b strings.Builder
	for _, pair := range compared {
		us, measured := find(results, records, pair[0])
		them, too := find(results, records, pair[1])
		if measured && too {
			fmt.Fprintf(&b, "| %d | %s / %s | %s | %s | %s | | |\n", records, pair[0], pair[1],
				ratio(us.wall, them.wall), ratio(us.cpu, them.cpu), ratio(us.memory, them.memory))
		}
	}
	return b.String()
}

func ratio[T ~int64](a, b T) string {
	if a == 0 || b == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%.2f", float64(a)/float64(b))
}

func find(results []result, records int, builder string) (result, bool) {
	for _, r := range results {
		if r.records == records && r.builder == builder {
			return r, true
		}
	}
	return result{}, false
}
