package ledger

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/deploysite/deploysite/internal/recall"
	"github.com/deploysite/deploysite/internal/text"
)

// fold is a text in one width and one case.
func fold(s string) string { return text.CaseFold(text.Try(s, norm.NFKC.String)) }

// Normal is a text as notes are joined by it: case, width, blanks, and punctuation
// around words aside. Signs that may mean something, such as "<" and "%", stay.
func Normal(s string) string {
	const around = ".,;:!…。、「」『』()[]{}\"'“”„«»‘’`*_–—"
	words := strings.Fields(fold(s))
	kept := words[:0]
	for _, w := range words {
		if w = strings.Trim(w, around); w != "" {
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, " ")
}

// A token is a word, a number, or the end of a clause.
type token struct {
	text  string // folded
	dense bool   // it is of a script without blanks: a phrase that the lexicon has, or a run
	kind  kindOfToken
}

type kindOfToken int

const (
	word kindOfToken = iota
	number
	clauseEnd
)

// noise is how long what a text begins with is, if that differs each time: an address,
// a time, an id.
func noise(s string) int {
	word := s
	if end := strings.IndexAny(s, " \t\n,;()"); end >= 0 {
		word = s[:end]
	}
	hex, digits := 0, 0
	for hex < len(word) && (isDigit(word[hex]) || word[hex] >= 'a' && word[hex] <= 'f') {
		if isDigit(word[hex]) {
			digits++
		}
		hex++
	}
	switch {
	case strings.HasPrefix(word, "http://") || strings.HasPrefix(word, "https://"):
		return len(word)
	case len(word) >= 10 && word[4] == '-' && word[7] == '-' && isDigit(word[0]) && isDigit(word[8]):
		return len(word)
	case len(word) > 1 && word[0] == '#' && isDigit(word[1]):
		return len(word)
	case hex >= 7 && digits > 0 && digits < hex && hex == len(strings.TrimRight(word, ".:!?")):
		return hex
	}
	return 0
}

// tokens takes a text apart, and adds what it finds.
func tokens(all []token, s string) []token {
	s = fold(s)
	begins := true // a word
	named := false // a word has just ended
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if r == '-' && named && isLetter(s[1:]) { // "node-a" and "node-b" are two, as "node-1" and "node-2"
			all, s, named = append(all, token{s[1:2], false, number}), s[2:], false
			continue
		}
		named = false
		if begins {
			if n := noise(s); n > 0 {
				s = s[n:]
				continue
			}
		}
		begins = r == ' ' || r == '\n' || r == '\t' || r == '('
		switch {
		case recall.IsDense(r):
			end := strings.IndexFunc(s, func(r rune) bool { return !recall.IsDense(r) })
			if end < 0 {
				end = len(s)
			}
			all = append(all, token{s[:end], true, word})
			s = s[end:]
		case unicode.IsLetter(r):
			end := strings.IndexFunc(s, func(r rune) bool {
				return recall.IsDense(r) || r != '\'' && r != '’' && r != '_' && !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r)
			})
			if end < 0 {
				end = len(s)
			}
			w := strings.Trim(strings.ReplaceAll(s[:end], "’", "'"), "'_")
			if len(w) > 1 && w[0] == 'v' && w[1] >= '0' && w[1] <= '9' { // "v14"
				s = s[1:]
				continue
			}
			all, s, named = append(all, token{w, false, word}), s[end:], true
		case r >= '0' && r <= '9':
			end := 1
			for end < len(s) && (isDigit(s[end]) || end+1 < len(s) && strings.IndexByte(".,:", s[end]) >= 0 && isDigit(s[end+1])) {
				end++
			}
			all, s = append(all, token{s[:end], false, number}), s[end:]
		case r == '%':
			all, s = append(all, token{"%", false, word}), s[size:]
		case strings.ContainsRune(".,;:!?。、()\n–—", r):
			all, s = append(all, token{string(r), false, clauseEnd}), s[size:]
		default:
			s = s[size:]
		}
	}
	return all
}

// isLetter reports whether a text begins with a single letter.
func isLetter(s string) bool {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	next, _ := utf8.DecodeRuneInString(s[1:])
	return next != '-' && next != '_' && !unicode.IsLetter(next) && !unicode.IsDigit(next)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// stem is a word without what grammar adds at its end, more or less.
func stem(w string) string {
	if len(w) > 0 && w[0] >= utf8.RuneSelf && recall.IsDense([]rune(w)[0]) {
		return w
	}
	for _, ends := range [][]string{{"'s", "s"}, {"ing", "ed", "en", "er", "e", "n"}} {
		for _, end := range ends {
			if short, ok := strings.CutSuffix(w, end); ok && len(short) > 3-len(end)/3 {
				w = short
				break
			}
		}
	}
	if n := len(w); n > 3 && w[n-1] == w[n-2] {
		w = w[:n-1]
	}
	return w
}

// phrases cuts a run of a script without blanks into the phrases that the lexicon has;
// what is between them is left out.
func phrases(run string, known func(string) bool) (found []string) {
	chars := []rune(run)
	for i := 0; i < len(chars); {
		n := min(longest, len(chars)-i)
		for n > 0 && !plain[string(chars[i:i+n])] && !known(string(chars[i:i+n])) {
			n--
		}
		if n == 0 {
			i++
			continue
		}
		found = append(found, string(chars[i:i+n]))
		i += n
	}
	return found
}

// terms are the words that two notes may share, in order, each in the form of those
// that say the same; of scripts without blanks known phrases, and pairs of characters.
// They are added to what is there.
func terms(terms []string, all []token) []string {
	for _, t := range all {
		switch {
		case t.kind != word || !t.dense && utf8.RuneCountInString(t.text) < 2:
		case t.dense:
			for _, p := range phrases(t.text, func(s string) bool { return canonical[s] != "" }) {
				if c := canonical[p]; c != "" {
					terms = append(terms, c)
				}
			}
			chars := []rune(t.text)
			for i := range max(0, len(chars)-1) {
				terms = append(terms, string(chars[i:i+2]))
			}
		default:
			terms = append(terms, term(t.text))
		}
	}
	return terms
}

func term(w string) string {
	s := stem(w)
	if c := canonical[s]; c != "" {
		return c
	}
	return s
}

// amount is a number with its unit, as two texts are compared by it.
func amount(all []token, i int) (amount string, ok bool) {
	t := all[i]
	if n := numerals[t.text]; n != "" && t.kind == word {
		t.text = n
	} else if t.kind != number {
		return "", false
	}
	if i+1 < len(all) && all[i+1].kind == word {
		next := all[i+1].text
		for n := len(next); n > 0 && all[i+1].dense; n-- { // "分間待つ"
			if _, ok := units[next[:n]]; ok {
				next = next[:n]
				break
			}
		}
		if u, ok := units[next]; ok {
			if v, err := strconv.ParseFloat(strings.ReplaceAll(t.text, ",", "."), 64); err == nil {
				return strconv.FormatFloat(v*u.factor, 'g', 6, 64) + " " + u.of, true
			}
		}
	}
	return strings.ReplaceAll(t.text, ",", ""), true
}
