// Package insights computes what a history teaches: pure functions over
// records, without input, output or clock.
package insights

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/deploysite/deploysite/internal/parallel"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// A Mention is one note in its record.
type Mention struct {
	Record *records.Record
	Note   *records.Note
}

// Ref names the note that is mentioned, where that is a tip.
func (m Mention) Ref() TipRef { return TipRef{m.Record.ID, m.Note.ID} }

// similar is how much of two notes' words must be shared, by the Jaccard index,
// for them to be about the same thing. Found by reading: at 0.5 different
// lessons about one system begin to join.
const similar = 0.6

// minWords is how many words a note needs before it can be compared; two notes
// "worked fine" say nothing about each other.
const minWords = 3

// maxCompared bounds the work for one note. It is reached only where very many
// notes are made of very few words, as in generated histories.
const maxCompared = 100

// Recurring groups notes of one kind that say the same thing in different
// records, most frequent first; ties by the newest. Within a group the order
// of mentions is kept.
//
// Comparing each with each would take hours in a long history. Two sets of
// words can only be similar enough if they share one of the rarest few of each
// (prefix filtering: Chaudhuri, Ganti, Kaushik 2006), so only those are
// compared that do.
func Recurring(mentions []Mention) [][]Mention {
	sets := rank(mentions)
	found := make([][]*group, len(records.NoteKinds))
	parallel.Each(len(found), func(i int) {
		x := index{exact: map[string]*group{}, byWord: map[int32][]*group{}}
		for at, words := range sets {
			if mentions[at].Note.Kind == records.NoteKinds[i] && len(words) >= minWords {
				x.add(at, mentions[at], words)
			}
		}
		found[i] = x.groups
	})
	groups := slices.DeleteFunc(slices.Concat(found...), func(g *group) bool { return len(g.members) < 2 })
	slices.SortFunc(groups, func(a, b *group) int {
		return cmp.Or(cmp.Compare(len(b.members), len(a.members)), cmp.Compare(a.first, b.first))
	})
	var out [][]Mention
	for _, g := range groups {
		out = append(out, g.members)
	}
	return out
}

// rank turns each note into its set of words, a word being its rank among all:
// the rarer, the lower. Each set is sorted, so that its rarest words come first.
func rank(mentions []Mention) [][]int32 {
	ids, count := map[string]int32{}, []int{}
	sets := make([][]int32, 0, len(mentions))
	for some := range slices.Chunk(mentions, atOnce) {
		for _, words := range allWords(some) {
			set := make([]int32, len(words))
			for i, w := range words {
				id, ok := ids[w]
				if !ok {
					id = int32(len(count))
					ids[strings.Clone(w)] = id // w would keep the whole note
					count = append(count, 0)
				}
				count[id]++
				set[i] = id
			}
			sets = append(sets, set)
		}
	}
	order := make([]int32, len(count))
	for id := range order {
		order[id] = int32(id)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(count[a], count[b]) })
	ranks := make([]int32, len(count))
	for r, id := range order {
		ranks[id] = int32(r)
	}
	for _, set := range sets {
		for i, id := range set {
			set[i] = ranks[id]
		}
		slices.Sort(set)
	}
	return sets
}

// atOnce is how many notes have their words in memory at a time. A long history
// has half a million.
const atOnce = 1 << 13

// allWords finds the significant words of some notes, on all processors.
func allWords(mentions []Mention) [][]string {
	words := make([][]string, len(mentions))
	const each = 256
	parallel.Each((len(mentions)+each-1)/each, func(part int) {
		for i := part * each; i < min((part+1)*each, len(mentions)); i++ {
			words[i] = significant(mentions[i].Note.Text)
		}
	})
	return words
}

// A group is notes that say the same as its first, in different records.
type group struct {
	first   int     // which mention it began with
	words   []int32 // of the first
	members []Mention
	records map[*records.Record]bool
}

// An index finds the notes of one kind that say the same.
type index struct {
	groups []*group
	exact  map[string]*group // by words
	byWord map[int32][]*group
	key    []byte // reused
}

func (x *index) add(at int, m Mention, words []int32) {
	x.key = x.key[:0]
	for _, w := range words {
		x.key = binary.AppendVarint(x.key, int64(w))
	}
	g := x.exact[string(x.key)]
	if g == nil {
		// A similar set shares one of this many of its rarest words with this one.
		rarest := words[:len(words)-int(math.Ceil(similar*float64(len(words))))+1]
		if g = x.find(words, rarest); g == nil {
			g = &group{first: at, words: words, records: map[*records.Record]bool{}}
			x.groups = append(x.groups, g)
			for _, w := range rarest {
				x.byWord[w] = append(x.byWord[w], g)
			}
		}
		x.exact[string(x.key)] = g
	}
	if !g.records[m.Record] {
		g.records[m.Record] = true
		g.members = append(g.members, m)
	}
}

func (x *index) find(words, rarest []int32) *group {
	compared := 0
	for _, w := range rarest {
		for _, c := range x.byWord[w] {
			if alike(words, c.words) {
				return c
			}
			if compared++; compared == maxCompared {
				return nil
			}
		}
	}
	return nil
}

// significant returns the words that carry meaning, each once.
func significant(note string) []string {
	words := strings.FieldsFunc(strings.ToLower(note), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	words = slices.DeleteFunc(words, func(w string) bool { return len(w) < 3 || stopWords[w] || w[0] >= '0' && w[0] <= '9' })
	slices.Sort(words)
	return slices.Compact(words)
}

var stopWords = text.Set(`the, and, for, was, were, are, that, this, with, from, have, has, had, not, but, its, it's, they, them
	then, than, when, what, which, who, will, would, should, could, can, into, onto, over, under, after, before, again, also, because
	been, being, did, does, done, each, had, here, how, just, more, most, much, must, only, other, our, out, same, so, some, such, there
	these, those, too, until, very, via, while, you, your, all, any, about, always, never, next, time, one, two`)

// alike tells whether the Jaccard index of two sorted sets, the share of their
// elements that are in both, is at least similar. It stops where too few
// elements are left to share.
func alike(a, b []int32) bool {
	most := min(len(a), len(b)) // that can still be shared
	need := int(math.Ceil(similar / (1 + similar) * float64(len(a)+len(b))))
	for shared := 0; most >= need; {
		switch {
		case shared == need:
			return true
		case a[0] == b[0]:
			shared++
			a, b = a[1:], b[1:]
		case a[0] < b[0]:
			a = a[1:]
			most = min(most, shared+len(a))
		default:
			b = b[1:]
			most = min(most, shared+len(b))
		}
	}
	return false
}
