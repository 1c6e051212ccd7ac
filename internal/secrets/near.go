package secrets

import (
	"bytes"
	"strings"
	"unicode"

	"github.com/deploysite/deploysite/internal/text"
)

// hints are words near which a text that nobody would write by chance is a secret, whatever
// stands between: "use … as password", "enable secret 5 …", "tool -p …". Near people stand
// ids as well, so there a secret must have a sign.
var (
	hints = []string{"token", "secret", "passw", "kennwort", "pass ", "pwd", "pw ", "psk", "apikey", "api key", "key ", "auth", "ssws",
		"credential", "community", "dsn", " -p ", " -pw ", " -ap ", " /p "}
	people = []string{"login", "logged in", "log in", "user", "root", "account"}
)

// How far before and behind a hint a secret may begin, in bytes.
const nearBefore, nearBehind = 30, 60

// beside leads to what is no secret: a digest, an id, a public key, a part of an address.
var beside = text.Pattern(`(?i)(?:\b(?:sha-?\d*|md5|h1|nonce|etag|integrity|fingerprint|id|uid|ref|rev|commit|digest|public[ _-]?key)["'\x60]?[:= -]{1,3}["'\x60]{0,2}|://\S*|[/.]|\bssh-\w+ |\becdsa-\S+ |\barn:\S*|\benc\[[^\]]*|\b(?:next|page|csrf|xsrf|continuation|cursor)[\w-]*["'\x60]?[:= ]{1,3}["'\x60]?)$`)

// near looks at the words around a hint, in its line.
func (s *scan) near(at int, needsSign bool) {
	if at > 0 && s.source[at] != ' ' && (isAlnum(s.source[at-1]) || s.source[at-1] == '+' || s.source[at-1] == '/') { // within a word, or in base64
		return
	}
	from := max(at-nearBefore, 0)
	from = max(from+bytes.LastIndexByte(s.source[from:at], '\n')+1, s.nearEnd)
	for from > 0 && from < at && !outside[s.source[from-1]] { // the rest of a word
		from++
	}
	for from < at+nearBehind && from < len(s.source) && s.source[from] != '\n' {
		end := s.wordEnd(from)
		s.likely(from, end, needsSign)
		from = end + 1
	}
	s.nearEnd = max(s.nearEnd, from)
}

// wordEnd is where the word ends that begins at an offset.
func (s *scan) wordEnd(from int) int {
	for from < len(s.source) && !outside[s.source[from]] {
		from++
	}
	return from
}

// longPassword is more than a password has that people type, in bytes.
const longPassword = 26

// signed looks at the word around a sign, in a text without a hint.
func (s *scan) signed(at int) {
	start := at
	for start > 0 && at-start < longPassword && !outside[s.source[start-1]] {
		start--
	}
	if end := s.wordEnd(at); end > s.nearEnd {
		if end-start <= longPassword && mixtureOf(string(s.source[start:end])).turns > 7 {
			s.likely(start, end, true)
		}
		s.nearEnd = end
	}
}

// likely adds a word that is scrambled.
func (s *scan) likely(start, end int, needsSign bool) {
	value := s.source[start:end]
	if field := bytes.LastIndexByte(value, '&'); field > 0 && end < len(s.source) && s.source[end] == '=' { // the next key of a query
		end = start + field
	}
	end = trimmedEnd(s.source, start, end)
	if word := string(s.source[start:end]); scrambled(word) && (!needsSign || mixtureOf(word).sign) && !method().MatchString(word) && !cutOff(s.source[end:]) && !beside().Match(s.source[max(start-longKey, 0):start]) {
		s.add("likely-secret", start, end)
	}
}

// cutOff reports whether somebody wrote only how a secret begins.
func cutOff(rest []byte) bool {
	return bytes.HasPrefix(rest, []byte("..")) || bytes.HasPrefix(rest, []byte("…"))
}

// outside are the bytes that no secret without quotes has, signs those that a password has
// within.
var outside, signs = table(" \t\n\v\f\r\"'`|<>(){}[],;:=@"), table("!#%^*~")

func table(list string) (t [256]bool) {
	for _, c := range []byte(list) {
		t[c] = true
	}
	return t
}

// method matches what documentation calls a method: "UserService2#findById".
var method = text.Pattern(`^[A-Z]\w*#[a-z]\w*$`)

var encoded = text.Pattern(`%[0-9A-F]{2}`)

// A mixture is what a text is made of, and how often that changes.
type mixture struct {
	lower, upper, digit, sign bool
	turns                     int
}

func mixtureOf(value string) (m mixture) {
	before := 0
	for _, r := range value {
		class := 1
		switch {
		case unicode.IsDigit(r):
			class, m.digit = 2, true
		case unicode.IsUpper(r):
			class, m.upper = 3, true
		case unicode.IsLetter(r):
			m.lower = true
		case r == '-' || r == '_':
			continue
		default:
			class, m.sign = 4, true
		}
		if class != before {
			m.turns++
		}
		before = class
	}
	return m
}

// scrambled reports whether a text is so mixed that only a program, or somebody who made a
// password, wrote it: small and large letters, digits and often a sign, in many turns.
func scrambled(value string) bool {
	if len(value) < 10 || len(value) > 2*longKey || strings.ContainsAny(value, `\.`) || strings.HasPrefix(value, "/") {
		return false
	}
	m := mixtureOf(value)
	key := len(value) >= 40 && m.turns*3 > len(value)
	switch {
	case !m.lower || !m.upper || !m.digit:
	case m.turns*5 < len(value)*2: // words, however many signs join them
	case strings.Contains(value, "/") && !key:
	case m.sign && m.turns > 5, m.turns > 7 && (len(value) >= 20 || strings.ContainsAny(value, "-_")):
		return !isDigest(strings.ReplaceAll(value, "-", "")) && !encoded().MatchString(value) && isSecret(value, password, weak)
	}
	return false
}

// typed reports whether a text that stands right behind a word for a password is one, as
// people make them: "Sommer24!".
func typed(value string) bool {
	m := mixtureOf(value)
	return len(value) >= 8 && m.lower && m.upper && m.digit && m.sign && !strings.ContainsAny(value, `/\.:,()`) && isSecret(value, password, weak)
}
