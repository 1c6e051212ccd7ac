package store

import (
	"cmp"
	"slices"
)

// datedName is the path of a record's file below the folder, and a number that
// grows with the date in it.
type datedName struct {
	name string
	at   int64
}

// newestFirstNames sorts by the dates in the names. Of names with one date, the last
// comes first.
func newestFirstNames(list []datedName) []string {
	slices.SortFunc(list, func(a, b datedName) int {
		return cmp.Or(cmp.Compare(b.at, a.at), cmp.Compare(b.name, a.name))
	})
	return plainNames(list)
}

func plainNames(list []datedName) []string {
	names := make([]string, len(list))
	for i := range list {
		names[i] = list[i].name
	}
	return names
}
