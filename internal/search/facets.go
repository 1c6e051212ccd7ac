package search

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/deploysite/deploysite/internal/facet"
)

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
	for _, f := range facet.All {
		values, err := ix.valuesOf(f, notes)
		if err != nil {
			return nil, err
		}
		counts := map[string]int{}
		for _, d := range slices.Concat(kept, others[f.Name]) {
			for _, v := range values(d) {
				counts[v]++
			}
		}
		list := []FacetValue{}
		for v, n := range counts {
			list = append(list, FacetValue{v, v, n})
		}
		slices.SortFunc(list, func(a, b FacetValue) int { return compareFacets(f, a, b) })
		out[f.Name] = list[:min(maxFacet, len(list))]
	}
	return out, nil
}

func compareFacets(f *facet.Facet, a, b FacetValue) int {
	switch f {
	case facet.Year:
		return strings.Compare(b.Value, a.Value)
	case facet.Kind:
		return kindNumber(Kind(a.Value)) - kindNumber(Kind(b.Value))
	}
	return cmp.Or(b.Count-a.Count, strings.Compare(a.Value, b.Value))
}

// valuesOf gives a function for the values that a document has in a facet.
func (ix *Index) valuesOf(f *facet.Facet, notes []uint8) (func(d int) []string, error) {
	ofRecord := func(values func(d int) []string) func(d int) []string {
		return func(d int) []string {
			if d >= ix.m.Base {
				return nil
			}
			return values(d)
		}
	}
	switch f {
	case facet.Kind:
		has, err := ix.has()
		if notes == nil {
			notes = has
		}
		return func(d int) []string { return ix.kindsOf(d, notes) }, err
	case facet.Year:
		days, err := ix.days()
		return ofRecord(func(d int) []string {
			if days[d] == 0 {
				return nil
			}
			return []string{strconv.Itoa(yearOf(days[d]))}
		}), err
	}
	column, err := ix.column(f.Name)
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
