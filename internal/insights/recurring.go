// Package insights computes what a history teaches: pure functions over
// records, without input, output or clock.
package insights

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/deploysite/deploysite/internal/records"
)

// A Mention is one note in its record.
type Mention struct {
	Record *records.Record
	Note   *records.Note
}

// similar is how much of two notes' words must be shared, by the Jaccard index,
// for them to be about the same thing. Found by reading: at 0.5 different
// lessons about one system begin to join.
const similar = 0.6

// minWords is how many words a note needs before it can be compared; two notes
// "worked fine" say nothing about each other.
const minWords = 3

// maxCandidates bounds the comparisons for one note in a history where every
// note shares a word.
const maxCandidates = 200

// Recurring groups notes of one kind that say the same thing in different
// records, most frequent first; ties by the newest. Within a group the order
// of mentions is kept.
func Recurring(mentions []Mention) [][]Mention {
	type group struct {
		kind    records.NoteKind
		words   []string
		members []Mention
	}
	var groups []*group
	exact := map[string]*group{}
	byWord := map[string][]*group{}
	for _, m := range mentions {
		words := significant(m.Note.Text)
		if len(words) < minWords {
			continue
		}
		key := string(m.Note.Kind) + "\x00" + strings.Join(words, " ")
		g := exact[key]
		if g == nil {
			tried := map[*group]bool{}
			for _, w := range words {
				for _, c := range byWord[w] {
					if tried[c] || c.kind != m.Note.Kind || len(tried) >= maxCandidates {
						continue
					}
					tried[c] = true
					if jaccard(words, c.words) >= similar {
						g = c
						break
					}
				}
				if g != nil {
					break
				}
			}
		}
		if g == nil {
			g = &group{kind: m.Note.Kind, words: words}
			groups = append(groups, g)
			for _, w := range words {
				byWord[w] = append(byWord[w], g)
			}
		}
		exact[key] = g
		if !slices.ContainsFunc(g.members, func(o Mention) bool { return o.Record == m.Record }) {
			g.members = append(g.members, m)
		}
	}
	var out [][]Mention
	for _, g := range groups {
		if len(g.members) > 1 {
			out = append(out, g.members)
		}
	}
	slices.SortStableFunc(out, func(a, b []Mention) int { return cmp.Compare(len(b), len(a)) })
	return out
}

// significant returns the sorted set of words that carry meaning.
func significant(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	words = slices.DeleteFunc(words, func(w string) bool { return len(w) < 3 || stopWords[w] || unicode.IsDigit(rune(w[0])) })
	slices.Sort(words)
	return slices.Compact(words)
}

var stopWords = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`the and for was were are that this with from have has had not but its it's they them
		then than when what which who will would should could can into onto over under after before again also because
		been being did does done each had here how just more most much must only other our out same so some such there
		these those too until very via while you your all any about always never next time one two`) {
		m[w] = true
	}
	return m
}()

func jaccard(a, b []string) float64 {
	shared := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch c := cmp.Compare(a[i], b[j]); {
		case c == 0:
			shared++
			i++
			j++
		case c < 0:
			i++
		default:
			j++
		}
	}
	return float64(shared) / float64(len(a)+len(b)-shared)
}
