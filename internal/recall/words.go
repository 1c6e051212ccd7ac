package recall

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How long words are, in characters. Shorter ones stand between a date and a time;
// longer ones are data.
const (
	shortest = 2
	longest  = 64
)

// How much words tell of an error, from 1 up.
const (
	ofAnyLog = 1 // "error", "exit", "the"
	ofData   = 1 // a name in quotes, a piece of a path, a host or a package
	ofPair   = 3 // two characters of a script without blanks
	ofMany   = 4 // "connection", "denied"
	mostTold = 8 // by a long word; a shorter one tells as much as it has letters
)

const anyLogList = `
	a about after all already an and any are aren as at be been before but by can cannot could did do does for from get had has have if
	in into is it its last made more most ms my no not now of on or please post put say says see should some such than that the then
	there this to trying up url us use vs was we were what when where which while will with you your
	call check code complete completed directory done during end ended err error errors exception exit exited fail failed failing failure
	fatal file files finished goroutine help how id info information job level line log logs message msg panic process reason recent run
	running status time traceback try unhandled warn warning
	auf bei das dem den der des die ein eine einen er es fehler für im ist mit nicht und von wird wurde zu zum zur
	avec ce con dans de del des du el en erreur est la las le les los para pas por pour que sur un una une`

const manyList = `
	access address allowed available calling closed command connect connecting connection container daemon denied exist expected found
	host http https image invalid key memory missing module name node object occurred open operation package path permission pod port
	read refused request requestid required response server service start started statuscode system task timed timeout type unable
	unexpected unknown used user value write`

// listed is how much the words of the two lists tell.
var listed = func() map[string]int {
	all := map[string]int{}
	for _, w := range strings.Fields(manyList) {
		all[w] = ofMany
	}
	for _, w := range strings.Fields(anyLogList) {
		all[w] = ofAnyLog
	}
	return all
}()

// data is what differs each time as numbers do.
const data = `["'\x60][^\s"'\x60]+["'\x60]|[A-Za-z0-9]+(?:[./@][A-Za-z0-9]+)+`

var dataIn = regexp.MustCompile(data)

// wordsOf are the words of a text, each with how much it tells.
func wordsOf(text string) map[string]int {
	all, ranges := map[string]int{}, dataIn.FindAllStringIndex(text, -1)
	eachWord([]byte(text), func(word []byte, at int) {
		for len(ranges) > 0 && ranges[0][1] <= at {
			ranges = ranges[1:]
		}
		told := ofData
		if len(ranges) == 0 || at < ranges[0][0] {
			told = weight(word)
		}
		all[string(word)] = max(all[string(word)], told)
	})
	return all
}

func weight(word []byte) int {
	for _, form := range [][]byte{word, bytes.TrimSuffix(word, []byte("s"))} {
		if told, ok := listed[string(form)]; ok {
			return told
		}
	}
	if r, _ := utf8.DecodeRune(word); isDense(r) {
		return ofPair
	}
	return min(mostTold, utf8.RuneCount(word))
}

// eachWord gives the words of a text in lower case, without what differs each
// time: numbers, times, addresses, ids and hashes. A code such as E11000 is a
// word. Text without blanks between
// words, such as Japanese, gives pairs of characters. With each comes the offset
// in bytes where it was found. It is good until the next.
func eachWord(text []byte, do func(word []byte, at int)) {
	var buffer [longest]byte
	for at := 0; at < len(text); {
		n := runLength(text[at:])
		if n == 0 {
			_, size := utf8.DecodeRune(text[at:])
			at += size
			continue
		}
		run := text[at : at+n]
		start := at
		at += n
		if first, _ := utf8.DecodeRune(run); isDense(first) {
			eachPair(run, start, do)
			continue
		}
		if isCode(run) {
			do(lowered(buffer[:0], run), start)
			continue
		}
		if isID(run) {
			continue
		}
		for part := range bytes.FieldsFuncSeq(run, unicode.IsDigit) {
			if n := utf8.RuneCount(part); n >= shortest && n <= longest {
				do(lowered(buffer[:0], part), start)
			}
		}
	}
}

// eachPair gives each character with the next.
func eachPair(run []byte, at int, do func(word []byte, at int)) {
	for {
		_, size := utf8.DecodeRune(run)
		_, next := utf8.DecodeRune(run[size:])
		if next == 0 {
			return
		}
		do(run[:size+next], at)
		run = run[size:]
	}
}

// runLength is the length in bytes of the letters and digits that a text begins
// with, all of a script with blanks between words or all of one without.
func runLength(text []byte) (n int) {
	dense := false
	for n < len(text) {
		if c := text[n]; c < utf8.RuneSelf {
			if dense || !isWordByte(c) {
				return n
			}
			n++
			continue
		}
		r, size := utf8.DecodeRune(text[n:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) || isDense(r) != dense && n > 0 {
			return n
		}
		dense = isDense(r)
		n += size
	}
	return n
}

func isWordByte(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' }

// isDense tells the characters of scripts without blanks between words.
func isDense(r rune) bool {
	return r >= 0x2e80 && r < 0xd800 || r >= 0xf900 && r < 0xfb00 || r >= 0x20000
}

// lowered appends a word in lower case.
func lowered(to, word []byte) []byte {
	for i, c := range word {
		switch {
		case c >= utf8.RuneSelf:
			return append(to, bytes.ToLower(word[i:])...)
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		}
		to = append(to, c)
	}
	return to
}

// isCode tells the code of an error: capitals, and three to seven digits.
func isCode(run []byte) bool {
	capitals := 0
	for capitals < len(run) && run[capitals] >= 'A' && run[capitals] <= 'Z' {
		capitals++
	}
	for _, c := range run[capitals:] {
		if c < '0' || c > '9' {
			return false
		}
	}
	digits := len(run) - capitals
	return capitals > 0 && digits >= 3 && digits <= 7
}

// isID tells a number and a hexadecimal id from a word.
func isID(run []byte) bool {
	digits := 0
	for _, c := range bytes.TrimPrefix(run, []byte("0x")) {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c|0x20 < 'a' || c|0x20 > 'f':
			return false
		}
	}
	return digits > 0
}
