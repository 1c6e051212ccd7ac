package search

import (
	"fmt"
	"slices"
)

// places are where a term stands: in each document, outside of template text,
// and in each line of that.
type places struct {
	documents map[int][]int
	lines     map[int][]int
}

// places reads the positions of a term; ok is false where no document has it.
func (ix *Index) places(term string) (p places, list []posting, ok bool, err error) {
	s, shard, at, ok, err := ix.find(term)
	if err != nil || !ok {
		return p, nil, false, err
	}
	path := fmt.Sprintf(folder+"p%d-%s.js", shard, hashAt(ix.m.Hashes, shard))
	all, err := keepStrings(ix, path, 1, func(data []string) ([]places, bool) {
		r := numbers{text: data[0]}
		all := make([]places, len(s.lists))
		for i, list := range s.lists {
			all[i] = readPlaces(&r, list)
		}
		return all, true
	})
	if err != nil {
		return p, nil, false, err
	}
	return all[at], s.lists[at], true, nil
}

func readPlaces(r *numbers, list []posting) places {
	p := places{map[int][]int{}, map[int][]int{}}
	for _, one := range list {
		if one.level == 0 {
			continue
		}
		at := 0
		for n := r.next(); n >= 0 && r.at < len(r.text); n-- {
			at += r.signed()
			p.documents[int(one.document)] = append(p.documents[int(one.document)], at)
		}
	}
	for n := r.next(); n > 0 && r.at < len(r.text); n-- {
		line := r.next()
		for n := r.next(); n >= 0 && r.at < len(r.text); n-- {
			p.lines[line] = append(p.lines[line], r.next())
		}
	}
	return p
}

// phrase finds the documents that have words one after the other.
func (ix *Index) phrase(q queryPhrase) (*group, error) {
	g := ix.newGroup(q.text)
	g.terms, g.phrase, g.weight = q.terms, true, 1
	var documents, lines []map[int][]int
	var lists [][]posting
	for _, t := range q.terms {
		p, list, ok, err := ix.places(t)
		if err != nil || !ok {
			return g, err
		}
		documents, lines, lists = append(documents, p.documents), append(lines, p.lines), append(lists, list)
	}
	if found := follow(lines); len(found) > 0 {
		holders, err := ix.holders()
		if err != nil {
			return nil, err
		}
		for _, l := range found {
			if l < len(holders) {
				for _, p := range holders[l] {
					g.found[p.document] = inShared
				}
			}
		}
	}
	found := follow(documents)
	g.weight = ix.weight(len(found))
	for _, d := range found {
		g.found[d], g.notes[d], g.value[d] = inTold, allNotes, maxLevel
	}
	for _, list := range lists {
		for _, p := range list {
			if d := p.document; g.found[d] == inTold {
				g.notes[d] &= p.notes
				g.value[d] = min(g.value[d], int(p.level))
			}
		}
	}
	for _, d := range found {
		g.value[d] = g.weight * fitsExactly * impacts[g.value[d]]
	}
	return g, nil
}

// follow gives the keys at which the places of all words follow each other.
func follow(words []map[int][]int) (found []int) {
	for key, starts := range words[0] {
		for i, w := range words[1:] {
			starts = slices.DeleteFunc(slices.Clone(starts), func(at int) bool { return !slices.Contains(w[key], at+i+1) })
		}
		if len(starts) > 0 {
			found = append(found, key)
		}
	}
	slices.Sort(found)
	return found
}
