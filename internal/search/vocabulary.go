package search

import (
	"math/bits"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The vocabulary is for words that were mistyped. An error changes the length
// of a word by one at most, so the words are listed by their lengths. Only
// words of letters are in it: of a number every other digit is another number.
const (
	minWord = 3
	maxWord = 24
)

func (w *build) writeWords(o *Output, m *manifest) {
	var words [maxWord + 1]fronts
	var classes [maxWord + 1][]byte
	for i, t := range w.terms {
		n := utf8.RuneCountInString(t)
		if n < minWord || n > maxWord || !isAllLetters(t) {
			continue
		}
		words[n].add(t)
		// How common a word is helps to choose between two that are as near.
		classes[n] = appendDigit(classes[n], bits.Len(uint(w.starts[i+1]-w.starts[i])))
	}
	for n := range words {
		if len(words[n].out) == 0 {
			continue
		}
		length := strconv.Itoa(n)
		m.Words[length] = o.addHashed("w"+length, appendStrings(nil, string(words[n].out), string(classes[n])))
	}
}

func isAllLetters(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) || isIdeograph(r) })
}
