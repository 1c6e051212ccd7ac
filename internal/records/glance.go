package records

import (
	"bytes"
	"regexp"
	"strings"
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
	return parseStatus(value)
}

// plainValue is a value that YAML reads as it is written.
var plainValue = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9 ._/+-]*[A-Za-z0-9._/+-])?$`)

// plainKey is a key at the beginning of a line.
var plainKey = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)

// Glance looks at the front matter of a record's source, if it is YAML.
func Glance(source []byte) Glimpse {
	rest, ok := bytes.CutPrefix(bytes.TrimPrefix(source, byteOrderMark), []byte("---\n"))
	if !ok {
		if rest, ok = bytes.CutPrefix(rest, []byte("---\r\n")); !ok {
			return Glimpse{blind: true}
		}
	}
	g := Glimpse{values: map[string]string{}, unsure: map[string]bool{}}
	last := ""
	for len(rest) > 0 {
		line := firstLine(rest)
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
	if !ok || !plainKey.MatchString(name) || value != "" && value[0] != ' ' {
		return ""
	}
	key := name
	if k := keyOf(name); k != nil {
		key = k.name
	}
	value = strings.TrimSpace(value)
	_, twice := g.values[key]
	switch {
	case twice || g.unsure[key]:
		g.unsure[key] = true
	case !plainValue.MatchString(value) || isNullWord(value):
		g.unsure[key] = true
	default:
		g.values[key] = value
	}
	return key
}

// isNullWord tells what YAML takes for no value at all.
func isNullWord(s string) bool { return strings.EqualFold(s, "null") }
