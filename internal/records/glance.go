package records

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"

	"github.com/deploysite/deploysite/internal/text"
)

// Glimpse has the plain values of a record's front matter, without a parse. It takes
// a hundredth of the time, and is used to choose the few records out of thousands
// that are worth a parse. A value that is not written in the plainest way is unsure.
//
// Its values must not be shown: a front matter that is broken, and so is not read by
// [Parse], may seem to be fine.
type Glimpse struct {
	values map[string]string // by key
	unsure map[string]bool   // keys that are there and not plain
	blind  bool              // nothing is sure
}

// Value is the value of a key of the front matter, such as "service". If it is sure,
// "" means that the front matter has no such key; the body may have the value.
func (g Glimpse) Value(key string) (value string, sure bool) {
	if g.blind || g.unsure[key] {
		return "", false
	}
	return g.values[key], true
}

// Status is the status in the front matter. ok is false if there is none for sure.
func (g Glimpse) Status() (Status, bool) {
	value, _ := g.Value("status")
	return ParseStatus(value)
}

// isPlainValue reports whether YAML reads a value as it is written. It is called a
// hundred thousand times; a regular expression would take ten times as long.
func isPlainValue(s string) bool {
	if s == "" || strings.EqualFold(s, "null") || !text.IsASCIIWord(s[0]) {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !text.IsASCIIWord(c) && strings.IndexByte(" ._/+-", c) < 0 {
			return false
		}
	}
	return true
}

// isPlainKey reports whether YAML reads a key as it is written.
func isPlainKey(s string) bool {
	for i := range len(s) {
		if c := s[i]; !text.IsASCIIWord(c) && c != '_' && c != '-' {
			return false
		}
	}
	return s != "" && s[0] > '9' && s[0] != '_' && s[0] != '-'
}

// meaning is the key that a name is an alias of, or else the name.
func meaning(name string) string {
	k := keyByName[name] // as nearly all are written
	if k == nil {
		k = keyOf(name)
	}
	if k == nil {
		return name
	}
	return k.name
}

// Glance looks at the front matter of a record's source, if it is YAML.
func Glance(source []byte) Glimpse {
	rest, ok := bytes.CutPrefix(bytes.TrimPrefix(source, text.ByteOrderMark), []byte("---\n"))
	if !ok {
		if rest, ok = bytes.CutPrefix(rest, []byte("---\r\n")); !ok {
			return Glimpse{blind: true}
		}
	}
	g := Glimpse{values: map[string]string{}, unsure: map[string]bool{}}
	last := ""
	for len(rest) > 0 {
		line := text.FirstLine(rest)
		rest = rest[len(line):]
		text := string(bytes.TrimRight(line, " \t\r\n"))
		switch {
		case text == "---":
			return g
		case text == "" || text[0] == '#':
		case text[0] == ' ' || text[0] == '\t' || text[0] == '-':
			if last == "" { // it may be the begin of the key below
				return Glimpse{blind: true}
			}
			g.unsure[last] = true // the value goes on
		default:
			if last = g.line(text); last == "" {
				return Glimpse{blind: true}
			}
		}
	}
	return Glimpse{blind: true} // it is not closed
}

// line reads "key: value" and returns the key.
func (g Glimpse) line(text string) string {
	name, value, ok := strings.Cut(text, ":")
	if !ok || !isPlainKey(name) || value != "" && value[0] != ' ' {
		return ""
	}
	key := meaning(name)
	value = strings.TrimSpace(value)
	_, twice := g.values[key]
	switch {
	case twice || g.unsure[key]:
		g.unsure[key] = true
	case !isPlainValue(value):
		g.unsure[key] = true
	default:
		g.values[key] = value
	}
	return key
}

// IsPast is [Record.IsPast] for imported records, without a parse. There may be
// thousands of them. It reports whether no status is written, neither in the front
// matter nor in the body. If that is not sure it is false, and the record must be
// parsed.
func (g Glimpse) IsPast(source []byte) bool {
	imported, _ := g.Value(KeyImportedID)
	status, sure := g.Value("status")
	return imported != "" && sure && status == "" && !statusLabel().Match(source)
}

// statusLabel matches the words that the labels of a status end with, composed or not.
// It takes as long to compile as all other expressions of this package, and few need it.
var statusLabel = sync.OnceValue(func() *regexp.Regexp {
	words := map[string]bool{}
	for label, fact := range labels {
		if fact == factStatus {
			words[label[strings.LastIndexByte(label, ' ')+1:]] = true
		}
	}
	var forms []string
	for _, word := range slices.Sorted(maps.Keys(words)) {
		var form strings.Builder
		for _, r := range word {
			fmt.Fprintf(&form, `(?:%c|%s)\pM*`, r, norm.NFD.String(string(r)))
		}
		forms = append(forms, form.String())
	}
	return regexp.MustCompile(`(?i)(?:^|[^a-z])(?:` + strings.Join(forms, "|") + `)(?:[^a-z]|$)`)
})
