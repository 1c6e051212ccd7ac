package search

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/text"
)

// What a query may hold. More is left out, and a hint says so.
const (
	maxQuery   = 400 // characters
	maxWords   = 16
	maxPhrases = 8
)

// A query is what somebody typed, taken apart:
//
//	certificate "lock timeout" -staging service:checkout after:2024
//
// Two words, one of them unwanted, a phrase, two filters.
type query struct {
	words   []queryWord
	phrases []queryPhrase
	filters []filter
	hints   []string
}

type queryWord struct {
	text  string   // as it was typed
	terms []string // the whole one first
	not   bool
	open  bool // the last word, which may be the beginning of one
}

type queryPhrase struct {
	text  string
	terms []string // of each word the whole one
	not   bool
}

// A filter is "service:checkout". Of several values one is enough.
type filter struct {
	field  string
	values []string
	exact  bool // the values are whole names
	not    bool
}

// fieldNamed is the filter that somebody calls by a name: a facet, or one of
// those that have no values to choose from. It is "" where there is none.
func fieldNamed(name string) string {
	switch f := facet.Named(name); {
	case f != nil:
		return f.Name
	case name == "before", name == "after", name == "has":
		return name
	}
	return ""
}

var (
	blanks = regexp.MustCompile(`[\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}]+`)
	clause = regexp.MustCompile(`^(-?)(?:([A-Za-z]+):)?(?:["“”„]([^"“”„]*)["“”„]?|([^ ]+))`)
)

// parse takes a query apart. Everything is a query: what is no filter is text.
func parse(typed string) query {
	var q query
	typed = blanks.ReplaceAllString(strings.ToValidUTF8(typed, "\ufffd"), " ")
	if utf8.RuneCountInString(typed) > maxQuery {
		typed = text.First(typed, maxQuery)
		q.hints = append(q.hints, fmt.Sprintf("The query is longer than %d characters; the rest is left out.", maxQuery))
	}
	open := typed != "" && !strings.HasSuffix(typed, " ")
	for rest := strings.TrimLeft(typed, " "); rest != ""; rest = strings.TrimLeft(rest, " ") {
		m := clause.FindStringSubmatchIndex(rest)
		group := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return rest[m[2*i]:m[2*i+1]]
		}
		q.add(segment{not: group(1) == "-", name: group(2), quoted: m[6] >= 0, value: group(3) + group(4), open: open && m[1] == len(rest)})
		rest = rest[m[1]:]
	}
	if len(q.words) > maxWords {
		q.words = q.words[:maxWords]
		q.hints = append(q.hints, fmt.Sprintf("Only the first %d words are searched.", maxWords))
	}
	return q
}

// A segment is what stands between two blanks of a query.
type segment struct {
	not, quoted, open bool
	name, value       string
}

func (q *query) add(p segment) {
	if field := fieldNamed(strings.ToLower(p.name)); field != "" {
		if p.value != "" {
			q.filters = append(q.filters, filter{field: field, values: []string{p.value}, not: p.not})
		}
		return
	}
	raw := p.value
	if p.name != "" {
		raw = p.name + ":" + p.value
		if !strings.HasPrefix(p.value, "/") { // an address is no mistake
			q.hints = append(q.hints, fmt.Sprintf("There is no filter “%s:”; it is searched as text.", p.name))
		}
	}
	if p.quoted && p.name == "" {
		q.addPhrase(p)
		return
	}
	from := len(q.words)
	eachWord(raw, func(w word) {
		q.words = append(q.words, queryWord{text: raw[w.start:w.end], terms: append([]string(nil), w.terms...), not: p.not})
	})
	if len(q.words) > from && p.open && !p.not {
		q.words[len(q.words)-1].open = true
	}
}

func (q *query) addPhrase(p segment) {
	phrase := queryPhrase{text: p.value, not: p.not}
	eachWord(p.value, func(w word) { phrase.terms = append(phrase.terms, w.terms[0]) })
	if len(phrase.terms) > 0 && len(q.phrases) < maxPhrases {
		q.phrases = append(q.phrases, phrase)
	}
}
