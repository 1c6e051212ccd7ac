package words

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"github.com/deploysite/deploysite/internal/frontmatter"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/text"
)

// A file is one file of words while it is read.
type file struct {
	name     string
	tag      language.Tag
	plurals  map[plural.Form]bool // the forms of its language
	lines    map[string]int       // key → line
	messages map[string]*message
	names    map[string][]string
	problems []problem.Problem
	broken   bool // nothing of it could be read
}

func (f *file) problem(line int, message, hint string) {
	f.problems = append(f.problems, problem.BadWords.At(f.name, line, 0, message, hint))
}

func (f *file) unreadable(line int, message, hint string) {
	f.broken = true
	f.problem(line, message, hint)
}

// maxFile is the largest file of words that is read, in bytes: six times the built-in one.
const maxFile = 256 << 10

func (f *file) parse(source []byte) {
	f.messages, f.names = map[string]*message{}, map[string][]string{}
	if len(source) > maxFile {
		f.unreadable(0, "larger than 256 KiB", "keep only words in it")
		return
	}
	table, keys, wrong := frontmatter.DecodeTOML(source)
	if wrong != nil {
		line, _ := text.Position(source, wrong.Offset)
		f.unreadable(line, wrong.Message, wrong.Hint)
		return
	}
	f.lines, f.plurals = map[string]int{}, pluralForms(f.tag)
	f.find("", keys, text.NewLines(source))
	f.table("", table)
}

// find finds the line of each key, for problems.
func (f *file) find(prefix string, fields []frontmatter.Field, lines *text.Lines) {
	for _, field := range fields {
		key := prefix + field.Name
		f.lines[key], _ = lines.Position(field.NameSpan.Start)
		f.find(key+".", field.Value.Map, lines)
	}
}

func (f *file) table(prefix string, table map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(table)) {
		key := prefix + name
		switch v := table[name].(type) {
		case string:
			f.messages[key] = f.message(key, map[plural.Form]string{plural.Other: v})
		case []any:
			f.list(key, v)
		case map[string]any:
			switch forms, ok := f.forms(key, v); {
			case !ok:
				f.table(key+".", v)
			case forms[plural.Other] != "": // else the built-in words stay
				f.messages[key] = f.message(key, forms)
			}
		default:
			f.problem(f.lines[key], fmt.Sprintf("%s is no text", key), `write `+name+` = "…"`)
		}
	}
}

var formNames = map[string]plural.Form{
	"zero": plural.Zero, "one": plural.One, "two": plural.Two, "few": plural.Few, "many": plural.Many, "other": plural.Other,
}

// forms reads a table of plural forms. ok is false if the table is none: it has no
// text "other", and names that are no forms.
func (f *file) forms(key string, table map[string]any) (forms map[plural.Form]string, ok bool) {
	_, ok = table["other"].(string)
	for name := range table {
		if _, known := formNames[name]; !ok && !known {
			return nil, false
		}
	}
	if len(table) == 0 {
		return nil, false
	}
	forms = map[plural.Form]string{}
	has := f.plurals
	for name, v := range table {
		text, isText := v.(string)
		form, known := formNames[name]
		switch {
		case !known || !isText:
			f.problem(f.lines[key], fmt.Sprintf("%s has no plural form %q", key, name), "the forms are zero, one, two, few, many and other")
		case !has[form]:
			f.problem(f.lines[key], fmt.Sprintf("%s: %s has no plural form %q", key, f.tag, name), "remove it; its forms are "+formList(has))
		default:
			forms[form] = text
		}
	}
	for name, form := range formNames {
		if _, ok := forms[form]; !ok && has[form] {
			f.problem(f.lines[key], fmt.Sprintf("%s lacks the plural form %q", key, name), "the forms of "+f.tag.String()+" are "+formList(has))
		}
	}
	return forms, true
}

// pluralForms are the plural forms of a language, according to CLDR.
func pluralForms(tag language.Tag) map[plural.Form]bool {
	has := map[plural.Form]bool{plural.Other: true} // every language has it, if only for fractions
	for n := range 1000 {
		has[pluralOf(tag, n)] = true
	}
	has[pluralOf(tag, 1_000_000)] = true
	return has
}

func formList(has map[plural.Form]bool) string {
	var names []string
	for _, name := range []string{"zero", "one", "two", "few", "many", "other"} {
		if has[formNames[name]] {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// list reads the names of months or weekdays.
func (f *file) list(key string, values []any) {
	var texts []string
	for _, v := range values {
		if text, ok := v.(string); ok {
			texts = append(texts, text)
		}
	}
	if len(texts) != len(values) || len(texts) != lists[key] {
		want := lists[key]
		if want == 0 {
			f.problem(f.lines[key], fmt.Sprintf("%s is no list", key), "write one text")
			return
		}
		f.problem(f.lines[key], fmt.Sprintf("%s has %d texts", key, len(texts)), fmt.Sprintf("write %d", want))
		return
	}
	f.names[key] = texts
}

func (f *file) message(key string, texts map[plural.Form]string) *message {
	m := &message{file: f.name, line: f.lines[key], forms: map[plural.Form]form{}}
	for name, text := range texts {
		fm := form{source: text}
		var err error
		if fm.plain, err = plainPieces(text); err == nil {
			fm.rich, err = richPieces(text)
		}
		if err != nil {
			f.problem(m.line, fmt.Sprintf("%s: %v", key, err), "write {name} for a value; a single brace cannot stand in a text")
		}
		m.forms[name] = fm
	}
	return m
}

var placeholder = regexp.MustCompile(`\{([a-z][a-z0-9-]*)\}`)

// plainPieces splits a text at its values.
func plainPieces(text string) ([]piece, error) {
	var out []piece
	at := 0
	for _, m := range placeholder.FindAllStringSubmatchIndex(text, -1) {
		out = append(out, piece{text[at:m[0]], text[m[2]:m[3]]})
		at = m[1]
	}
	if at < len(text) || len(out) == 0 {
		out = append(out, piece{text: text[at:]})
	}
	if strings.ContainsAny(placeholder.ReplaceAllString(text, ""), "{}") {
		return out, errors.New("a brace that holds no name")
	}
	return out, nil
}

// markup matches code, a link or emphasis. Code comes first: nothing in it is markup.
var markup = regexp.MustCompile("`([^`]+)`" + `|\[([^\]]+)\]\(([a-z][a-z0-9-]*)\)|\*([^*]+)\*`)

// richPieces is plainPieces with markup as HTML.
func richPieces(text string) ([]piece, error) {
	var out []piece
	var err error
	add := func(s string) {
		pieces, e := plainPieces(s)
		err = errors.Join(err, e)
		for _, p := range pieces {
			out = append(out, piece{inText.Replace(p.text), p.value})
		}
	}
	at := 0
	for _, m := range markup.FindAllStringSubmatchIndex(text, -1) {
		add(text[at:m[0]])
		switch {
		case m[2] >= 0:
			out = append(out, piece{text: "<code>"})
			add(text[m[2]:m[3]])
			out = append(out, piece{text: "</code>"})
		case m[4] >= 0:
			out = append(out, piece{`<a href="`, text[m[6]:m[7]]}, piece{text: `">`})
			add(text[m[4]:m[5]])
			out = append(out, piece{text: "</a>"})
		default:
			out = append(out, piece{text: "<em>"})
			add(text[m[8]:m[9]])
			out = append(out, piece{text: "</em>"})
		}
		at = m[1]
	}
	add(text[at:])
	return out, err
}

var (
	inText      = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	inAttribute = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;")
)

// HTML is a text escaped for HTML, also within an attribute in double quotes.
func (w *Words) HTML(key string) string { return inAttribute.Replace(w.T(key)) }

// placeholders are the names of a message's values, with those of links' addresses.
func (m *message) placeholders() []string {
	found := map[string]bool{}
	for _, f := range m.forms {
		for _, p := range f.rich {
			if p.value != "" {
				found[p.value] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// check compares the messages with the English ones, and drops those with a problem:
// English words are better than none. extends is true for English itself, to which a
// theme may add words.
func (f *file) check(english *dictionary, extends bool) {
	for _, key := range slices.Sorted(maps.Keys(f.messages)) {
		before := len(f.problems)
		f.checkMessage(key, f.messages[key], english, extends)
		if len(f.problems) > before {
			delete(f.messages, key)
		}
	}
	for key := range f.names {
		if lists[key] == 0 {
			f.problem(f.lines[key], fmt.Sprintf("there is no word %s", key), "remove it")
		}
	}
}

func (f *file) checkMessage(key string, m *message, english *dictionary, extends bool) {
	other := english.messages[key]
	if other == nil && !extends {
		f.problem(m.line, fmt.Sprintf("there is no word %s", key), builtInWords+" lists the words that there are")
		return
	}
	if fields, ok := layoutFields(key); ok {
		f.checkFields(key, m, fields)
		return
	}
	if other == nil {
		return // a theme's own word, or the built-in English itself
	}
	f.checkFields(key, m, other.placeholders())
	for _, name := range other.placeholders() {
		has := m.placeholders()
		if name == "count" { // a form such as "one day" may leave it out
			has = placeholdersOf(m.forms[plural.Other])
		}
		if !slices.Contains(has, name) {
			f.problem(m.line, fmt.Sprintf("%s lacks {%s}", key, name), "the English text is: "+other.forms[plural.Other].source)
		}
	}
}

func placeholdersOf(f form) []string {
	return (&message{forms: map[plural.Form]form{plural.Other: f}}).placeholders()
}

func (f *file) checkFields(key string, m *message, known []string) {
	for _, name := range m.placeholders() {
		if !slices.Contains(known, name) {
			hint := "remove it"
			if len(known) > 0 {
				hint = "what there is to fill in: {" + strings.Join(known, "}, {") + "}"
			}
			f.problem(m.line, fmt.Sprintf("%s has {%s}, which nothing fills in", key, name), hint)
		}
	}
}
