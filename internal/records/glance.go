package records

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/deploysite/deploysite/internal/text"
)

// Glimpse is what a look at the front matter of a record tells without parsing
// it: enough to choose the few records out of thousands that are worth a parse,
// in a hundredth of the time. Only what is written in the plainest way is known;
// of all else a Glimpse says that it is not sure.
//
// It is not for showing: a record whose front matter is broken, which a parse
// reports and does not read, may look whole at a glance.
type Glimpse struct {
	values map[string]string // by key
	unsure map[string]bool   // keys that are there and not plain
	blind  bool              // nothing is sure
}

// Value is the value of a key of the front matter, such as "service". Where it is
// sure, "" says that the front matter has no such key; the body may tell then.
func (g Glimpse) Value(key string) (value string, sure bool) {
	if g.blind || g.unsure[key] {
		return "", false
	}
	return g.values[key], true
}

// Status is the outcome, if the front matter says it for sure.
func (g Glimpse) Status() (Status, bool) {
	value, _ := g.Value("status")
	return ParseStatus(value)
}

// isPlainValue tells a value that YAML reads as it is written. It is asked a
// hundred thousand times, and a regular expression takes ten times as long.
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

// isPlainKey tells a key that YAML reads as it is written.
func isPlainKey(s string) bool {
	for i := range len(s) {
		if c := s[i]; !text.IsASCIIWord(c) && c != '_' && c != '-' {
			return false
		}
	}
	return s != "" && s[0] > '9' && s[0] != '_' && s[0] != '-'
}

// keyNames are the keys by their names and aliases.
var keyNames = func() map[string]string {
	names := map[string]string{}
	for _, k := range keys {
		for _, name := range append([]string{k.name}, k.aliases...) {
			names[name] = k.name
		}
	}
	return names
}()

// meaning is the key that a name stands for, or the name.
func meaning(name string) string {
	if key, ok := keyNames[name]; ok { // as nearly all are written
		return key
	}
	if k := keyOf(name); k != nil {
		return k.name
	}
	return name
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
			g.unsure[last] = true // the value goes on
		default:
			if last = g.line(text); last == "" {
				return Glimpse{blind: true}
			}
		}
	}
	return Glimpse{blind: true} // it is not closed
}

// line reads "key: value" and gives the key that it means.
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

// IsPast tells without a parse what [Record.IsPast] tells of a record that was
// imported, of which there may be thousands: that no status is written, neither
// in the front matter nor, as no line of it could be one, in the body. Where it
// is not sure it says no, and the record is parsed.
func (g Glimpse) IsPast(source []byte) bool {
	imported, _ := g.Value(KeyImportedID)
	status, sure := g.Value("status")
	return imported != "" && sure && status == "" && !statusLabel.Match(source)
}

// statusLabel finds a word that every label of a status ends with, also with
// accents, which [text.Fold] leaves out.
var statusLabel = func() *regexp.Regexp {
	var words []string
	for _, word := range []string{"status", "success", "outcome", "result"} {
		words = append(words, strings.Join(strings.Split(word, ""), `\pM*`))
	}
	return regexp.MustCompile(`(?i)(?:^|[^a-z])(?:` + strings.Join(words, "|") + `)(?:[^a-z]|$)`)
}()
