package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/deploysite/deploysite/internal/text"
)

// maxTerm is the length of a term in characters. Longer words are cut, those of
// a query as well, so that they are still found.
const maxTerm = 64

// maxHash is how many digits of a hexadecimal number are a term.
const maxHash = 12

// maxPieces is how many pieces a word may have for them to be terms of their
// own: what has more is no name, but the output of a machine.
const maxPieces = 8

// maxLabels is how many labels a host's name may have for those to be terms.
const maxLabels = 10

// A word is what stands between blanks and punctuation, at its place in a text.
// It is found whole and in parts:
//
//	SESSION_STORE_URL  sessionstoreurl, session, store, url
//	getUserById        getuserbyid, get, user, by, id
//	roll-back          rollback, roll, back
//	db-1.eu-west-1.io  db1.euwest1io, db, eu, west, io, db1, 1, euwest1
//	v1.4.2             1.4.2
//	web-v1.4.2-rc.1    webv1.4.2rc1, 1.4.2rc1, rc1, web, rc
//	10.0.0.2           10.0.0.2
//	C++                c++, c
//	14:30              14:30
//
// A script without blanks between words gives pairs of characters.
type word struct {
	start, end int      // bytes of the text
	terms      []string // the whole one first; they are valid until the next word
}

// eachWord calls yield for each word of a text, in order.
func eachWord(text string, yield func(word)) {
	c := cutter{text: text}
	for c.at < len(text) {
		r, size := utf8.DecodeRuneInString(text[c.at:])
		switch {
		case isIdeograph(r):
			c.ideographs(yield)
		case isLetter(r):
			if !c.clock(yield) {
				c.word(yield)
			}
		default:
			c.at += size
		}
	}
}

type cutter struct {
	text   string
	at     int
	pieces []string // reused
	terms  []string // reused
}

// ideographs reads a run of them as pairs, each with the next.
func (c *cutter) ideographs(yield func(word)) {
	start := c.at
	first, size := utf8.DecodeRuneInString(c.text[c.at:])
	c.at += size
	for alone := true; ; alone = false {
		second, size := utf8.DecodeRuneInString(c.text[c.at:])
		if !isIdeograph(second) {
			if alone {
				c.yield(yield, start, c.at, Fold(string(first)))
			}
			return
		}
		c.at += size
		c.yield(yield, start, c.at, Fold(string([]rune{first, second})))
		start, first = c.at-size, second
	}
}

func (c *cutter) yield(yield func(word), start, end int, term string) {
	c.terms = append(c.terms[:0], term)
	yield(word{start, end, c.terms})
}

// clock reads a time of day, "14:30" or "14:30:05.123Z", as hours and minutes.
func (c *cutter) clock(yield func(word)) bool {
	s := c.text[c.at:]
	hour := digits(s)
	if hour == 0 || hour > 2 || len(s) <= hour || s[hour] != ':' || digits(s[hour+1:]) != 2 {
		return false
	}
	minute := hour + 3
	end := minute
	if len(s) > end && s[end] == ':' && digits(s[end+1:]) == 2 {
		end += 3
		if len(s) > end && s[end] == '.' {
			if fraction := digits(s[end+1:]); fraction > 0 {
				end += 1 + fraction
			}
		}
	}
	if len(s) > end && s[end] == 'Z' {
		end++
	}
	if r, _ := utf8.DecodeRuneInString(s[end:]); isWordRune(r) {
		return false
	}
	start := c.at
	c.at += end
	c.yield(yield, start, start+minute, s[:minute])
	return true
}

// digits counts the ASCII digits that s begins with.
func digits(s string) (n int) {
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// word reads a run of letters and digits, and of those that one connector each
// joins: "session_store", "v1.4.2", "don't".
func (c *cutter) word(yield func(word)) {
	start, piece := c.at, c.at
	c.pieces = c.pieces[:0]
	lower := true // only lower-case ASCII so far
	for c.at < len(c.text) {
		b := c.text[c.at]
		if b >= 'a' && b <= 'z' {
			c.at++
			continue
		}
		r, size := utf8.DecodeRuneInString(c.text[c.at:])
		if !isWordRune(r) || isIdeograph(r) {
			if !c.joins(r, size) {
				break
			}
			if r == '-' && isDay(c.text[start:c.at]) && c.minutes() {
				c.compound(start, piece, lower)
				c.emit(yield, start)
				c.yield(yield, c.at+1, c.at+6, c.text[c.at+1:c.at+3]+":"+c.text[c.at+4:c.at+6])
				c.at += 6
				return
			}
			c.pieces = append(c.pieces, c.text[piece:c.at])
			piece = c.at + size
		} else if r == 'T' && isDay(c.text[start:c.at]) && digits(c.text[c.at+1:]) > 0 {
			c.compound(start, piece, lower)
			c.emit(yield, start)
			c.at++ // what follows is a time of day
			return
		}
		lower = lower && r < utf8.RuneSelf && (r < 'A' || r > 'Z')
		c.at += size
	}
	c.compound(start, piece, lower)
	start = c.signs(start)
	c.emit(yield, start)
}

// minutes tells whether "-14-30" follows, as in a record's ID: that is a day and
// a time, so that an ID is found by its day.
func (c *cutter) minutes() bool {
	s := c.text[c.at:]
	if len(s) < 6 || digits(s[1:]) != 2 || s[3] != '-' || digits(s[4:]) != 2 {
		return false
	}
	r, _ := utf8.DecodeRuneInString(s[6:])
	return !isWordRune(r)
}

func (c *cutter) emit(yield func(word), start int) {
	if len(c.terms) > 0 {
		yield(word{start, c.at, c.terms})
	}
}

// joins tells whether a connector joins what is before it to a letter behind.
func (c *cutter) joins(r rune, size int) bool {
	if !isConnector(r) {
		return false
	}
	next, _ := utf8.DecodeRuneInString(c.text[c.at+size:])
	return isLetter(next) && !isIdeograph(next)
}

// compound makes the terms of the word from start to where the cutter is; the
// last of its pieces begins at piece.
func (c *cutter) compound(start, piece int, lower bool) {
	text := c.text[start:c.at]
	c.terms = c.terms[:0]
	if lower && len(c.pieces) == 0 {
		c.add(text)
		c.addNumber(text)
		return
	}
	c.pieces = append(c.pieces, c.text[piece:c.at])
	if !lower {
		c.splitHumps()
	}
	from, to := numberIn(text)
	switch {
	case from < 0:
		whole := joined(text)
		c.add(whole)
		c.addNumber(whole)
		c.addPieces()
		if len(c.pieces) <= maxPieces && oneDigit.MatchString(text) {
			c.add(text[len(text)-1:])
		}
		c.labels(labelsOf(text), len(c.pieces) > maxPieces)
	case len(c.pieces) > maxPieces:
		c.add(joined(text))
		c.labels(labelsOf(text), true)
	default:
		c.number(text, from, to)
		before, behind := strings.Split(text[:from], "."), strings.Split(text[to:], ".")
		c.labels(append(before[:len(before)-1], behind[1:]...), false)
	}
}

// labels adds the terms of the labels of a host's name that have parts, or of all of
// them: "db-1.eu-west-1.example.com" is found by "eu-west-1".
func (c *cutter) labels(labels []string, all bool) {
	if len(labels) > maxLabels {
		return
	}
	for _, label := range labels {
		if all || strings.ContainsAny(label, "-_") {
			eachWord(label, func(w word) {
				for _, term := range w.terms {
					c.add(term)
				}
			})
		}
	}
}

// labelsOf parts a host's name.
func labelsOf(name string) []string {
	if !strings.Contains(name, ".") {
		return nil
	}
	return strings.Split(name, ".")
}

func (c *cutter) addPieces() {
	if len(c.pieces) > maxPieces {
		return
	}
	for _, p := range c.pieces {
		if p = strings.ReplaceAll(joined(p), ".", ""); utf8.RuneCountInString(p) > 1 {
			c.add(p)
		}
	}
}

// add adds a term once.
func (c *cutter) add(term string) {
	if len(term) > maxHash {
		term = cutTerm(term)
	}
	if term == "" {
		return
	}
	for _, t := range c.terms {
		if t == term {
			return
		}
	}
	c.terms = append(c.terms, term)
}

// cutTerm cuts what is too long for a word, and hashes: the beginning of one
// tells it from all others, and is what people quote.
func cutTerm(s string) string {
	if isHexadecimal(s) {
		return s[:maxHash]
	}
	return text.First(s, maxTerm)
}

func isHexadecimal(s string) bool {
	return strings.Trim(s, "0123456789abcdef") == ""
}

// splitHumps splits the pieces where a capital begins a word: "getUserById",
// "HTTPServer". It knows ASCII only, as most languages do in their names.
func (c *cutter) splitHumps() {
	var out []string
	for _, p := range c.pieces {
		from := 0
		for i := 1; i < len(p); i++ {
			if isUpper(p[i]) && (isLowerOrDigit(p[i-1]) || isUpper(p[i-1]) && i+1 < len(p) && isLower(p[i+1])) {
				out = append(out, p[from:i])
				from = i
			}
		}
		out = append(out, p[from:])
	}
	c.pieces = append(c.pieces[:0], out...)
}

func isUpper(b byte) bool        { return b >= 'A' && b <= 'Z' }
func isLower(b byte) bool        { return b >= 'a' && b <= 'z' }
func isLowerOrDigit(b byte) bool { return isLower(b) || b >= '0' && b <= '9' }

// isDay tells "2024-08-31".
func isDay(s string) bool {
	return len(s) == 10 && digits(s) == 4 && s[4] == '-' && digits(s[5:]) == 2 && s[7] == '-' && digits(s[8:]) == 2
}

func isConnector(r rune) bool {
	switch r {
	case '-', '_', '.', '\'', '’':
		return true
	}
	return false
}

// isLetter tells what a word can begin with.
func isLetter(r rune) bool {
	if r < utf8.RuneSelf {
		return isUpper(byte(r)) || isLowerOrDigit(byte(r))
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsNumber(r))
}

// isWordRune tells what a word can go on with.
func isWordRune(r rune) bool {
	return isLetter(r) || r >= 0x300 && unicode.IsMark(r)
}

// isIdeograph tells the characters of scripts that are written without blanks
// between words, or, as Korean, with particles that stick to them.
func isIdeograph(r rune) bool {
	switch {
	case r < 0x3005:
		return false
	case r <= 0x3007, r >= 0x3041 && r <= 0x30ff && r != 0x309b && r != 0x309c, r >= 0x31f0 && r <= 0x31ff,
		r >= 0x3400 && r <= 0x4dbf, r >= 0x4e00 && r <= 0x9fff, r >= 0xac00 && r <= 0xd7a3,
		r >= 0xf900 && r <= 0xfaff, r >= 0x20000 && r <= 0x3ffff:
		return r != 0x30fb // the dot between two katakana words
	}
	return false
}

// Words tells how a text is taken apart: for each word what was written, its
// terms, and their stems.
func Words(text string) (out []string) {
	eachWord(text, func(w word) {
		all := append([]string{text[w.start:w.end]}, w.terms...)
		for _, t := range w.terms {
			all = append(all, Stem(t))
		}
		out = append(out, strings.Join(all, " "))
	})
	return out
}
