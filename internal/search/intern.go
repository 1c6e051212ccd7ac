package search

import (
	"bytes"
	"hash/maphash"
	"sync"
)

// A table gives texts their numbers, and keeps them in a few large pieces: of
// hundreds of thousands of strings the garbage collector would look at each, at
// every collection of a build. Several goroutines use it at once, so it has
// parts with a lock each; the lowest bits of a number are those of its part.
// Which number a text gets depends on who came first: nothing that is written
// may depend on it.
type table struct {
	seed  maphash.Seed
	parts [1 << partBits]part
}

type part struct {
	sync.Mutex
	ids  map[uint64]uint32 // by hash; where that is another text's, by the next free one
	text []byte            // all texts of the part
	ends []uint32          // where each of them ends

	terms  []uint32 // of lines: their terms
	termAt []span   // of lines: where those are
}

type span struct{ start, end uint32 }

const partBits = 5

func newTable() *table {
	t := &table{seed: maphash.MakeSeed()}
	for i := range t.parts {
		t.parts[i].ids = map[uint64]uint32{}
	}
	return t
}

// id is the number of a text, which may be new.
func (t *table) id(text []byte) (id uint32, added bool) {
	hash := maphash.Bytes(t.seed, text)
	i := uint32(hash & (1<<partBits - 1))
	p := &t.parts[i]
	p.Lock()
	defer p.Unlock()
	for {
		id, ok := p.ids[hash]
		if !ok {
			break
		}
		if bytes.Equal(p.at(id), text) {
			return id, false
		}
		hash += 1 << partBits
	}
	id = uint32(len(p.ends))<<partBits | i
	p.ids[hash] = id
	p.text = append(p.text, text...)
	p.ends = append(p.ends, uint32(len(p.text)))
	p.termAt = append(p.termAt, span{})
	return id, true
}

func (p *part) at(id uint32) []byte {
	i, start := id>>partBits, uint32(0)
	if i > 0 {
		start = p.ends[i-1]
	}
	return p.text[start:p.ends[i]]
}

func (t *table) part(id uint32) *part { return &t.parts[id&(1<<partBits-1)] }

// text is the text of a number. No goroutine may be adding.
func (t *table) text(id uint32) []byte { return t.part(id).at(id) }

// setTerms keeps the terms of a line.
func (t *table) setTerms(id uint32, terms []uint32) {
	p := t.part(id)
	p.Lock()
	defer p.Unlock()
	start := uint32(len(p.terms))
	p.terms = append(p.terms, terms...)
	p.termAt[id>>partBits] = span{start, uint32(len(p.terms))}
}

// terms are those of a line. No goroutine may be adding.
func (t *table) terms(id uint32) []uint32 {
	p := t.part(id)
	at := p.termAt[id>>partBits]
	return p.terms[at.start:at.end]
}

// size is above every number.
func (t *table) size() int {
	most := 0
	for i := range t.parts {
		most = max(most, len(t.parts[i].ends))
	}
	return most << partBits
}

// each calls yield for every number, in no order that means anything.
func (t *table) each(yield func(id uint32)) {
	for i := range t.parts {
		for j := range t.parts[i].ends {
			yield(uint32(j)<<partBits | uint32(i))
		}
	}
}

// textsOnly lets go what only a build needs.
func (t *table) textsOnly() {
	for i := range t.parts {
		p := &t.parts[i]
		p.ids, p.terms, p.termAt = nil, nil, nil
	}
}
