package recall

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/deploysite/deploysite/internal/text"
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

const (
	// dense are the characters of scripts without blanks between words.
	dense = `\x{3005}-\x{3007}\x{3041}-\x{309a}\x{309d}-\x{30fa}\x{30fc}-\x{30ff}\x{3400}-\x{4dbf}\x{4e00}-\x{9fff}\x{ac00}-\x{d7a3}\x{20000}-\x{3ffff}`

	// run is of letters and digits: all dense, or none.
	run = `[` + dense + `]+|(?:[^\P{L}` + dense + `]|[^\P{M}` + dense + `]|\p{Nd})+`

	// data is what differs each time as numbers do.
	data = `["'\x60][^\s"'\x60]+["'\x60]|[A-Za-z0-9]+(?:[./@][A-Za-z0-9]+)+`
)

var (
	runs    = text.Pattern(run)
	isDense = regexp.MustCompile(`^[` + dense + `]`).MatchString
	isCode  = regexp.MustCompile(`^[A-Z]+[0-9]{3,7}$`).MatchString // of an error: E11000
	isID    = regexp.MustCompile(`^(?:0x)?[0-9a-fA-F]*[0-9][0-9a-fA-F]*$`).MatchString
	digits  = text.Pattern(`\p{Nd}+`)
	dataIn  = text.Pattern(data)
)

// wordsOf are the words of a text in lower case, each with how much it tells:
// without what differs each time, numbers, times, addresses, ids and hashes. Text
// without blanks between words, such as Japanese, gives pairs of characters.
func wordsOf(text string) map[string]int {
	all, known := map[string]int{}, dataIn().FindAllStringIndex(text, -1)
	for _, at := range runs().FindAllStringIndex(text, -1) {
		for len(known) > 0 && known[0][1] <= at[0] {
			known = known[1:]
		}
		isData := len(known) > 0 && known[0][0] <= at[0]
		for _, word := range wordsIn(text[at[0]:at[1]]) {
			told := ofData
			if !isData {
				told = weight(word)
			}
			all[word] = max(all[word], told)
		}
	}
	return all
}

// wordsIn are those of a run of letters and digits.
func wordsIn(text string) (words []string) {
	switch {
	case isDense(text):
		chars := []rune(text)
		for i := range chars[1:] {
			words = append(words, string(chars[i:i+2]))
		}
	case isCode(text):
		words = []string{strings.ToLower(text)}
	case !isID(text):
		for _, part := range digits().Split(strings.ToLower(text), -1) {
			if n := utf8.RuneCountInString(part); n > 1 && n <= maxWord {
				words = append(words, part)
			}
		}
	}
	return words
}

// IsDense reports whether a character is of a script without blanks between words.
func IsDense(r rune) bool { return r >= 0x3005 && unicode.Is(denseRanges, r) }

// denseRanges are those of dense. A regular expression takes too long for each character.
var denseRanges = &unicode.RangeTable{R16: []unicode.Range16{
	{0x3005, 0x3007, 1}, {0x3041, 0x309a, 1}, {0x309d, 0x30fa, 1}, {0x30fc, 0x30ff, 1}, {0x3400, 0x4dbf, 1}, {0x4e00, 0x9fff, 1}, {0xac00, 0xd7a3, 1},
}, R32: []unicode.Range32{{0x20000, 0x3ffff, 1}}}

// Told is how much a word tells, from 1 to 8.
func Told(word string) int { return weight(word) }

func weight(word string) int {
	for _, form := range []string{word, strings.TrimSuffix(word, "s")} {
		if told, ok := listed[form]; ok {
			return told
		}
	}
	if r, _ := utf8.DecodeRuneInString(word); IsDense(r) {
		return ofPair
	}
	return min(mostTold, utf8.RuneCountInString(word))
}
