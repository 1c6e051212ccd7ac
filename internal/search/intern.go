package search

import (
	"hash/maphash"
	"sync"
)

// A table gives strings their numbers, and each a value. Several goroutines use
// it at once, so it has parts with a lock each; the lowest bits of a number are
// those of its part. Which number a string gets depends on who came first:
// nothing that is written may depend on it.
type table[T any] struct {
	seed  maphash.Seed
	parts [1 << partBits]part[T]
}

type part[T any] struct {
	sync.Mutex
	ids    map[string]uint32
	values []T
}

const partBits = 5

func newTable[T any]() *table[T] {
	t := &table[T]{seed: maphash.MakeSeed()}
	for i := range t.parts {
		t.parts[i].ids = map[string]uint32{}
	}
	return t
}

// id is the number of a key, which gets the value of make when it is new.
func (t *table[T]) id(key string, make func(key string) T) uint32 {
	i := uint32(maphash.String(t.seed, key) & (1<<partBits - 1))
	p := &t.parts[i]
	p.Lock()
	defer p.Unlock()
	id, ok := p.ids[key]
	if !ok {
		id = uint32(len(p.values))<<partBits | i
		p.values = append(p.values, make(key))
		p.ids[key] = id
	}
	return id
}

// at is the value of a number. No goroutine may be adding.
func (t *table[T]) at(id uint32) *T { return &t.parts[id&(1<<partBits-1)].values[id>>partBits] }

// size is above every number.
func (t *table[T]) size() int {
	most := 0
	for i := range t.parts {
		most = max(most, len(t.parts[i].values))
	}
	return most << partBits
}

// each calls yield for every number, in no order that means anything.
func (t *table[T]) each(yield func(id uint32, value *T)) {
	for i := range t.parts {
		for j := range t.parts[i].values {
			yield(uint32(j)<<partBits|uint32(i), &t.parts[i].values[j])
		}
	}
}
