package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxRest is how much longer a word may be whose beginning was mistyped.
const maxRest = 4

// maxNear is how many words a mistyped one may stand for.
const maxNear = 3

// A nearWord is a word of the vocabulary that may have been meant.
type nearWord struct {
	term     string
	distance int
	rest     int // 1 where only the beginning is near
	other    int // 1 where it begins with another letter
	common   int
}

// near is the words that are one or two letters off, the likeliest first. A
// word that is being typed may be the beginning of one. Short words have too
// many neighbours for two errors, or for any.
func (ix *Index) near(word string, open bool) ([]nearWord, error) {
	letters := []rune(word)
	if !isAllLetters(word) || len(letters) < 4 {
		return nil, nil
	}
	most := 1
	if len(letters) >= 8 {
		most = 2
	}
	for distance := 1; distance <= most; distance++ {
		longest := len(letters) + distance
		if open && distance == 1 {
			longest = len(letters) + maxRest
		}
		var found []nearWord
		for n := len(letters) - distance; n <= longest; n++ {
			v, err := ix.vocabulary(n)
			if err != nil {
				return nil, err
			}
			found = append(found, v.near(letters, distance, open)...)
		}
		if len(found) > 0 {
			slices.SortFunc(found, func(a, b nearWord) int {
				return cmp.Or(a.rest-b.rest, a.other-b.other, b.common-a.common, strings.Compare(a.term, b.term))
			})
			return found[:min(maxNear, len(found))], nil
		}
	}
	return nil, nil
}

func (v vocabulary) near(letters []rune, distance int, open bool) (found []nearWord) {
	classes := v.classes
	for _, w := range v.words {
		common := classes.digit()
		whole, begin := editDistance(letters, []rune(w), distance)
		n := nearWord{term: w, distance: distance, common: common}
		if whole > distance {
			if !open || begin > distance {
				continue
			}
			n.rest = 1
		}
		if r, _ := utf8.DecodeRuneInString(w); r != letters[0] {
			n.other = 1
		}
		found = append(found, n)
	}
	return found
}

// editDistance counts letters that were left out, added, changed, or swapped
// with the next: to make a of b, and to make a of what b begins with. What is
// above most is most + 1, or more.
func editDistance(a, b []rune, most int) (whole, begin int) {
	before, row, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			d := row[j-1]
			if a[i-1] != b[j-1] {
				d++
			}
			d = min(d, row[j]+1, next[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			next[j] = d
			least = min(least, d)
		}
		if least > most {
			return most + 1, most + 1
		}
		before, row, next = row, next, before
	}
	return row[len(b)], slices.Min(row)
}
