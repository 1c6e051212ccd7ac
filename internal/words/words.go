// Package words holds the texts of the site itself, such as headings and labels, in
// one TOML file for each language. It does not translate records.
//
//	# themes/default/words/de.toml
//	[home]
//	latest = "Zuletzt"
//	empty  = "Noch kein Deployment in `{folder}/`. [So deployen wir](process)."
//	[counts]
//	notes  = { one = "{count} Notiz", other = "{count} Notizen" }
//
//	w, problems := words.Load(layers, "de-AT")
//	w.T("home.latest")               // Zuletzt
//	w.N("counts.notes", 1200)        // 1.200 Notizen
//	w.Rich("home.empty", "folder", "docs", "process", "../process/index.html")
//	w.Day(t)                         // 3. Mai 2026
//
// A key is the table's name, a dot and the name in the table. {name} is replaced by a
// value that the page gives. A message that counts is a table of plural forms with
// the names of CLDR; {count} selects one. In messages that a page gets from
// [Words.Rich], `text` is code, *text* is emphasis and [text](name) is a link whose
// address the page gives; nothing else is markup.
//
// The words are read once for a site. Package site puts them into templates and
// scripts when it reads these, so a page looks up none of those.
package words

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"github.com/deploysite/deploysite/internal/text"
)

// Words are the words of one language, with the English ones where it lacks some.
type Words struct {
	// Language is what the words are in: "de" for a site in de-AT, and "en"
	// where nobody translated them into the site's language.
	Language string

	tag      language.Tag
	messages map[string]*message
	names    map[string][]string // months and weekdays
}

// A message is one entry of the file.
type message struct {
	file  string
	line  int
	forms map[plural.Form]form // one of them, plural.Other, where nothing is counted
}

// A form is a text in pieces, as plain text and as HTML.
type form struct {
	source string
	plain  []piece
	rich   []piece
}

// A piece is literal text, followed by a value.
type piece struct{ text, value string }

// T is a text. Names and values follow the key: T("search.more", "count", 3). Whole
// numbers are written as in the language. An unknown key shows as itself; tests
// check that there is none.
func (w *Words) T(key string, values ...any) string {
	m := w.messages[key]
	if m == nil {
		return "{" + key + "}"
	}
	pieces := w.form(m, values).plain
	if len(pieces) == 1 && pieces[0].value == "" {
		return pieces[0].text
	}
	return fill(pieces, func(name string) string { return w.text(value(values, name)) })
}

// fill puts values into pieces. A full stop behind a value that has one is left out.
func fill(pieces []piece, value func(name string) string) string {
	var b strings.Builder
	before := ""
	for _, p := range pieces {
		b.WriteString(withoutStop(p.text, before))
		if before = ""; p.value != "" {
			before = value(p.value)
			b.WriteString(before)
		}
	}
	return b.String()
}

// withoutStop is a text without the full stop that it begins with, where what stands before
// it ends a sentence, as a title may. What stands before may be a link.
func withoutStop(s, before string) string {
	if !strings.HasPrefix(s, ".") && !strings.HasPrefix(s, "。") {
		return s
	}
	for strings.HasSuffix(before, ">") && strings.Contains(before, "</") {
		before = before[:strings.LastIndexByte(before, '<')]
	}
	if !text.EndsSentence(before) {
		return s
	}
	return strings.TrimPrefix(strings.TrimPrefix(s, "."), "。")
}

// Sentences puts texts one behind another, with a full stop between them.
func (w *Words) Sentences(parts []string) string {
	var b strings.Builder
	for i, part := range parts {
		if i > 0 {
			b.WriteString(withoutStop(w.T("lists.sentences"), parts[i-1]))
		}
		b.WriteString(part)
	}
	return b.String()
}

// N is a text that counts something, in its plural form.
func (w *Words) N(key string, n int, values ...any) string {
	return w.T(key, append(values, "count", n)...)
}

// Rich is a text with markup. Values are escaped, except those of type
// template.HTML. The value for a link's name is its address.
func (w *Words) Rich(key string, values ...any) template.HTML {
	m := w.messages[key]
	if m == nil {
		return template.HTML("{" + template.HTMLEscapeString(key) + "}")
	}
	return template.HTML(fill(w.form(m, values).rich, func(name string) string {
		v := value(values, name)
		if h, ok := v.(template.HTML); ok {
			return string(h)
		}
		return template.HTMLEscapeString(w.text(v))
	}))
}

// Has reports whether a key exists.
func (w *Words) Has(key string) bool { return w.messages[key] != nil }

// Fixed reports whether a message is always the same text: nothing is counted or
// filled in.
func (w *Words) Fixed(key string) bool {
	m := w.messages[key]
	return m != nil && len(m.forms) == 1 && len(m.placeholders()) == 0
}

// form is the plural form that fits "count".
func (w *Words) form(m *message, values []any) form {
	if n, ok := value(values, "count").(int); ok && len(m.forms) > 1 {
		if f, ok := m.forms[pluralOf(w.tag, n)]; ok {
			return f
		}
	}
	return m.forms[plural.Other]
}

func pluralOf(tag language.Tag, n int) plural.Form {
	return plural.Cardinal.MatchPlural(tag, n%10_000_000, 0, 0, 0, 0)
}

// value finds a name's value among names and values.
func value(values []any, name string) any {
	for i := 0; i+1 < len(values); i += 2 {
		if values[i] == name {
			return values[i+1]
		}
	}
	return "{" + name + "}"
}

func (w *Words) text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		return w.Number(v)
	case template.HTML:
		return string(v)
	}
	return fmt.Sprint(v)
}

// Number writes a whole number with its thousands set apart: 12,345.
func (w *Words) Number(n int) string {
	s := strconv.Itoa(n)
	if n < 1000 && n > -1000 {
		return s
	}
	separator := w.T("numbers.thousands")
	if separator == "" {
		return s
	}
	start := 0
	if n < 0 {
		start = 1
	}
	for i := len(s) - 3; i > start; i -= 3 {
		s = s[:i] + separator + s[i:]
	}
	return s
}

// Join makes a list of names: "Ada Park, Noa Levi".
func (w *Words) Join(names []string) string { return strings.Join(names, w.T("lists.between")) }

// Direction is "rtl" where the words are written from right to left, else "ltr".
func (w *Words) Direction() string { return Direction(w.Language) }

// Direction is the direction that a language is written in: "rtl" for Arabic,
// Hebrew, Persian, Urdu and others, by their script; else "ltr".
func Direction(tag string) string {
	t, err := language.Parse(tag)
	if err != nil {
		return "ltr"
	}
	script, _ := t.Script()
	switch script.String() {
	case "Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm", "Rohg", "Mand", "Samr":
		return "rtl"
	}
	return "ltr"
}
