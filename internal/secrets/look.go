package secrets

import (
	"sync"
)

// A keyword is a word near which there may be a secret. Most texts have few, so
// expressions run only there.
type keyword struct {
	word string // in lower case, three bytes or more
	look func(s *scan, at int)
}

// An index finds keywords by their first three bytes.
type index struct {
	slots   [1 << 14]uint16 // number of a bucket, 0 for none
	buckets [][]keyword
}

// slot is the place of three bytes, without regard to case.
func slot(a, b, c byte) uint32 {
	return ((uint32(a) | uint32(b)<<8 | uint32(c)<<16) | 0x202020) * 0x9E3779B1 >> 18
}

func (x *index) add(k keyword) {
	at := &x.slots[slot(k.word[0], k.word[1], k.word[2])]
	if *at == 0 {
		x.buckets = append(x.buckets, nil)
		*at = uint16(len(x.buckets))
	}
	x.buckets[*at-1] = append(x.buckets[*at-1], k)
}

var keywords = sync.OnceValue(func() *index {
	x := &index{}
	for _, k := range ownKeywords() {
		x.add(k)
	}
	for _, k := range issuerKeywords() {
		x.add(k)
	}
	return x
})

// look goes through the text once and looks closer where a keyword stands.
func (s *scan) look() {
	x, source := keywords(), s.source
	for i := 0; i+3 <= len(source); i++ {
		if signs[source[i]] && i > 0 && isAlnum(source[i-1]) && isAlnum(source[i+1]) {
			s.signed(i)
		}
		bucket := x.slots[slot(source[i], source[i+1], source[i+2])]
		if bucket == 0 {
			continue
		}
		for _, k := range x.buckets[bucket-1] {
			if startsWith(source[i:], k.word) {
				k.look(s, i)
			}
		}
	}
}

// startsWith reports whether a text starts with a word in lower case, whatever its own
// case.
func startsWith(source []byte, word string) bool {
	if len(source) < len(word) {
		return false
	}
	for i := range len(word) {
		if lower(source[i]) != word[i] {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}
