package text

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Words are a text's words in lower case, without punctuation.
func Words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
}

// Bare is a text's words with a blank between them. It is the same for texts that
// differ only in case and punctuation.
func Bare(s string) string { return strings.Join(Words(s), " ") }

// First is the first n characters of a text, or all of it.
func First(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}

// Cut is one line of at most n characters, cut between words where that loses
// little.
func Cut(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	const little = 15
	end := n - 1
	for i := end; i > max(0, end-little); i-- {
		if runes[i] == ' ' {
			end = i
			break
		}
	}
	return strings.TrimRight(string(runes[:end]), " ") + "…"
}

// Join joins the parts that are not "".
func Join(separator string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), separator)
}

// Phrases are the phrases of a list that are parted by commas or line breaks.
func Phrases(list string) (phrases []string) {
	for phrase := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ',' || r == '\n' }) {
		if phrase = strings.TrimSpace(phrase); phrase != "" {
			phrases = append(phrases, phrase)
		}
	}
	return phrases
}

// Table finds a value by each of its [Phrases].
func Table[V comparable](lists map[V]string) map[string]V {
	table := map[string]V{}
	for value, list := range lists {
		for _, phrase := range Phrases(list) {
			table[phrase] = value
		}
	}
	return table
}

// Set has each of the [Phrases] of a list.
func Set(list string) map[string]bool { return Table(map[bool]string{true: list}) }

// Sentence is a text with a full stop at its end, unless it ends a sentence already.
func Sentence(s string) string {
	if EndsSentence(s) {
		return s
	}
	return s + "."
}

// EndsSentence reports whether a text ends as a sentence does, also within quotes or brackets.
func EndsSentence(s string) bool {
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, `)"'”’」`))
	return strings.ContainsRune(".!?…。！？", last)
}

// Numbers are the numbers in a text: 1, 4 and 2 of "v1.4-rc2".
func Numbers(s string) (all []int) {
	for _, digits := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsDigit(r) }) {
		n, _ := strconv.Atoi(digits) // one that is too large is the largest
		all = append(all, n)
	}
	return all
}
