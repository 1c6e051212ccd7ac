package search

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// facetFields are the filters that are counted, in the order of columns.
var facetFields = []string{"kind", "status", "source", "service", "environment", "by", "tag", "year"}

// maxFacet is how many values of a facet are given.
const maxFacet = 50

// A FacetValue is a value that results have, and how many of them.
type FacetValue struct {
	Value, Name string
	Count       int
}

// facets count the values of the documents that are results, or would be one
// without the filter for that facet.
func (ix *Index) facets(kept []int, others map[string][]int, notes []uint8) (map[string][]FacetValue, error) {
	out := map[string][]FacetValue{}
	for _, field := range facetFields {
		values, err := ix.valuesOf(field, notes)
		if err != nil {
			return nil, err
		}
		counts := map[string]int{}
		for _, all := range [][]int{kept, others[field]} {
			for _, d := range all {
				for _, v := range values(d) {
					counts[v]++
				}
			}
		}
		list := []FacetValue{}
		for v, n := range counts {
			list = append(list, FacetValue{v, v, n})
		}
		slices.SortFunc(list, func(a, b FacetValue) int { return compareFacets(field, a, b) })
		out[field] = list[:min(maxFacet, len(list))]
	}
	return out, nil
}

func compareFacets(field string, a, b FacetValue) int {
	switch field {
	case "year":
		return strings.Compare(b.Value, a.Value)
	case "kind":
		return kindNumber(Kind(a.Value)) - kindNumber(Kind(b.Value))
	}
	return cmp.Or(b.Count-a.Count, strings.Compare(a.Value, b.Value))
}

// valuesOf gives a function for the values that a document has in a facet.
func (ix *Index) valuesOf(field string, notes []uint8) (func(d int) []string, error) {
	ofRecord := func(values func(d int) []string) func(d int) []string {
		return func(d int) []string {
			if d >= ix.m.Base {
				return nil
			}
			return values(d)
		}
	}
	switch field {
	case "kind":
		has, err := ix.has()
		if notes == nil {
			notes = has
		}
		return func(d int) []string { return ix.kindsOf(d, notes) }, err
	case "year":
		days, err := ix.days()
		return ofRecord(func(d int) []string {
			if days[d] == 0 {
				return nil
			}
			return []string{strconv.Itoa(yearOf(days[d]))}
		}), err
	}
	column, err := ix.column(field)
	return ofRecord(func(d int) (all []string) {
		for _, i := range column.values[d] {
			all = append(all, column.names[i])
		}
		return all
	}), err
}

func (ix *Index) kindsOf(d int, notes []uint8) []string {
	if d >= ix.m.Base {
		return []string{string(ix.kindOfPage(d))}
	}
	all := []string{string(KindRecord)}
	for _, k := range kinds {
		if int(notes[d])&noteOfKind[k] > 0 {
			all = append(all, string(k))
		}
	}
	return all
}
