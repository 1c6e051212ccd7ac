package search

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/deploysite/deploysite/internal/text"
)

// number makes the terms of a word with a version, an address or the like in it,
// which is a term of its own with all that follows: "checkout-v1.4.2-rc.1",
// "TLSv1.3", "CVE-2024-3094". Where nothing is before it, it is the word. A day
// is a term without what follows: "2024-08-31-web-v1.4.2".
func (c *cutter) number(text string, from, to int) {
	before, number, rest := withoutV(text[:from]), text[from:to], text[to:]
	named := isDay(number) && rest != ""
	if before != "" || named {
		c.add(joined(text))
	}
	if named {
		c.add(joined(number))
		if f, t := numberIn(rest); f >= 0 {
			c.add(joined(rest[f:]))
			before, rest = before+"-"+withoutV(rest[:f]), rest[t:]
		}
	} else {
		c.add(joined(text[from:]))
		if f, _ := numberIn(rest); f >= 0 { // "1.2.3-alpine3.18"
			c.add(joined(rest[f:]))
		}
	}
	if last := joined(rest); strings.ContainsAny(last, "0123456789") && utf8.RuneCountInString(last) > 1 {
		c.add(last) // "rc1"
	}
	c.pieces = append(c.pieces[:0], strings.FieldsFunc(before+"-"+rest, isConnector)...)
	c.splitHumps()
	c.addPieces()
	if before != "" && !strings.Contains(number, ".") && !isDay(number) {
		for _, n := range strings.FieldsFunc(number, isConnector) {
			if len(n) > 2 {
				c.add(n)
			}
		}
	}
}

// addNumber adds the number of a word that says which kind it is: "v345",
// "0x80070005".
func (c *cutter) addNumber(word string) {
	switch {
	case len(word) > 2 && word[0] == 'v' && digits(word[1:]) == len(word)-1:
		c.add(word[1:])
	case len(word) > 5 && word[:2] == "0x" && isHexadecimal(word[2:]):
		c.add(word[2:])
	}
}

// oneDigit tells "node-1", which is "node 1" as well.
var oneDigit = regexp.MustCompile(`[A-Za-z]{2}[-_][0-9]$`)

// numberIn finds the first digits in a word that connectors join to others, as
// those of a version, an address or a date. It is -1 where there are none.
func numberIn(s string) (from, to int) {
	for from = 0; from < len(s); from++ {
		if to = from + digits(s[from:]); to == from {
			continue
		}
		one := to
		for to < len(s) {
			r, size := utf8.DecodeRuneInString(s[to:])
			more := digits(s[to+size:])
			if !isConnector(r) || more == 0 {
				break
			}
			to += size + more
		}
		if to > one {
			return from, to
		}
		from = one - 1
	}
	return -1, -1
}

var vBefore = regexp.MustCompile(`(^|[-_.'’])[vV][-_.]?$|([A-Z])v$`)

// withoutV is what stands before a version, without the "v" and connectors.
func withoutV(s string) string {
	return strings.TrimRightFunc(vBefore.ReplaceAllString(s, "$1$2"), isConnector)
}

var (
	dayBefore = regexp.MustCompile(`^\d{4}-\d\d(\D|$)`)
	host      = regexp.MustCompile(`(^|[^\d.-])(\d{1,3})-(\d{1,3})-(\d{1,3})-(\d{1,3})([^\d.-]|$)`)
)

// joined is a word without its connectors, and without what Fold makes of "½"
// and "⑴" besides letters and digits. A full stop stays between two letters and
// between two digits, and a hyphen between two digits that are no date: "1-23"
// and "12-3" are two things, "rc.1" and "rc1" are one.
func joined(text string) string {
	s := Fold(text)
	if isPlainWord(s) {
		return s
	}
	day := dayBefore.MatchString(text)
	var b strings.Builder
	for at := 0; at < len(s); {
		r, size := utf8.DecodeRuneInString(s[at:])
		if isWordRune(r) {
			b.WriteString(s[at : at+size])
			at += size
			continue
		}
		from := at
		for at < len(s) {
			if r, size = utf8.DecodeRuneInString(s[at:]); isWordRune(r) {
				break
			}
			at += size
		}
		before, after := from > 0 && digits(s[from-1:from]) > 0, digits(s[at:]) > 0
		switch sep := s[from:at]; {
		case sep == "." && before == after:
			b.WriteByte('.')
		case (sep == "-" || sep == "_") && before && after && !day:
			b.WriteByte('-')
		}
	}
	if s = b.String(); strings.Contains(s, "-") {
		s = host.ReplaceAllString(s, "$1$2.$3.$4.$5$6") // "ip-10-2-3-4" is 10.2.3.4
	}
	return s
}

func isPlainWord(s string) bool {
	for i := range len(s) {
		if !isLowerOrDigit(s[i]) {
			return false
		}
	}
	return true
}

// signs takes in those that make another word of one: "C++", "C#", ".NET".
func (c *cutter) signs(start int) int {
	word, end := c.text[start:c.at], c.at
	if !isASCIILetters(word) {
		return start
	}
	for _, sign := range []string{"++", "#"} {
		if strings.HasPrefix(c.text[end:], sign) && !c.goesOn(end+len(sign)) {
			c.at += len(sign)
			break
		}
	}
	if start > 0 && c.text[start-1] == '.' && (start == 1 || strings.IndexByte(" \t\n(/`\"", c.text[start-2]) >= 0) {
		start--
	}
	if whole := c.text[start:c.at]; whole != word {
		c.terms = slices.Insert(c.terms, 0, text.First(strings.ToLower(whole), maxTerm))
	}
	return start
}

func isASCIILetters(s string) bool {
	for i := range len(s) {
		if !isUpper(s[i]) && !isLower(s[i]) {
			return false
		}
	}
	return true
}

// goesOn tells whether a word or a sign is at a place.
func (c *cutter) goesOn(at int) bool {
	r, _ := utf8.DecodeRuneInString(c.text[at:])
	return isWordRune(r) && !isIdeograph(r) || r == '+' || r == '#'
}
