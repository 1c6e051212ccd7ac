package records

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/deploysite/deploysite/internal/frontmatter"
	"github.com/deploysite/deploysite/internal/text"
)

// front makes edits of a record's front matter.
type front struct{ layout }

// field is the field of the front matter that sets a key. The key itself takes
// precedence over its aliases, and the first field over later ones.
func (w front) field(key string) (f frontmatter.Field, ok bool) {
	for _, field := range w.FrontMatter.Fields {
		if k := keyOf(field.Name); k == nil || k.name != key {
			continue
		}
		if field.Name == key {
			return field, true
		}
		if !ok {
			f, ok = field, true
		}
	}
	return f, ok
}

// set are the ways to set a key of the front matter: in place of its old value,
// or else on a new line behind the field "after", or at the end. There are none if
// the record has no front matter. moment says that the value is a time.
func (w front) set(key, value, after string, moment bool) (ways [][]Edit) {
	if f, ok := w.field(key); ok {
		for _, text := range w.values(f.Value, value, moment) {
			ways = append(ways, []Edit{{f.Value.Span, w.partedFromColon(f.Value.Span, text)}})
		}
		return ways
	}
	fields := w.FrontMatter.Fields
	for _, text := range w.values(frontmatter.Value{}, value, moment) {
		if f, ok := w.field(after); ok {
			ways = append(ways, w.addBehind(f, key, text)...)
		}
		if len(fields) > 0 {
			ways = append(ways, w.addBehind(fields[len(fields)-1], key, text)...)
		}
		ways = append(ways, w.addOnTop(key, text)...)
	}
	return ways
}

// partedFromColon puts a blank between the colon of an empty "status:" and the value.
func (w front) partedFromColon(at text.Span, text string) string {
	if at.Start == at.End && at.Start > 0 && strings.IndexByte(" \t", w.Source[at.Start-1]) < 0 {
		return " " + text
	}
	return text
}

// values are the ways to write a value in the front matter's format.
func (w front) values(old frontmatter.Value, value string, moment bool) []string {
	quoted, _ := json.Marshal(value)
	switch w.FrontMatter.Format {
	case "yaml":
		if moment { // which needs no quotes, as other texts with colons do
			return []string{value}
		}
		return []string{frontmatter.YAMLText(value)}
	case "toml":
		if moment && !bytes.HasPrefix(w.Source[old.Span.Start:old.Span.End], []byte(`"`)) {
			return []string{value, string(quoted)} // older readers know no local times
		}
		return []string{string(quoted)}
	case "json":
		return []string{string(quoted)}
	}
	return nil
}

// addBehind are the ways to add a field behind another one: on a new line with the
// same indentation, or on the same line.
func (w front) addBehind(f frontmatter.Field, key, text string) (ways [][]Edit) {
	end := f.Value.Span.End
	line := lineStart(w.Source, f.NameSpan.Start)
	indent := string(w.Source[line:f.NameSpan.Start])
	alone := strings.TrimSpace(indent) == ""
	switch format := w.FrontMatter.Format; {
	case format == "json" && alone:
		ways = append(ways, w.insertAt(end, ",\n"+indent+frontLine(format, key, text)))
	case format != "json" && alone:
		ways = append(ways, []Edit{w.insertLines(nextLine(w.Source, end), indent+frontLine(format, key, text)+"\n", false)})
	}
	if w.FrontMatter.Format == "toml" {
		return ways
	}
	return append(ways, w.insertAt(end, ", "+frontLine(w.FrontMatter.Format, key, text)))
}

func (w front) insertAt(at int, content string) []Edit {
	return []Edit{{text.Span{Start: at, End: at}, withLineEnds(content, w.Source)}}
}

// addOnTop puts a field before all others.
func (w front) addOnTop(key, text string) [][]Edit {
	format, block := w.FrontMatter.Format, w.FrontMatter.Span
	if format == "json" {
		comma := ""
		if len(w.FrontMatter.Fields) > 0 {
			comma = ", "
		}
		return [][]Edit{w.insertAt(block.Start+1, frontLine(format, key, text)+comma)}
	}
	return [][]Edit{{w.insertLines(nextLine(w.Source, block.Start), frontLine(format, key, text)+"\n", false)}}
}

// frontLine is a key with its value.
func frontLine(format, key, text string) string {
	switch format {
	case "toml":
		return key + " = " + text
	case "json":
		return `"` + key + `": ` + text
	}
	return key + ": " + text
}

// remove are the ways to remove a key and its aliases from the front matter:
// with their lines, with a comma, or by an empty value.
func (w front) remove(key string) (ways [][]Edit) {
	var lines, commasAfter, commasBefore, empty []Edit
	fields := w.FrontMatter.Fields
	for i, f := range fields {
		if k := keyOf(f.Name); k == nil || k.name != key {
			continue
		}
		start, end := lineStart(w.Source, f.NameSpan.Start), nextLine(w.Source, f.Value.Span.End)
		lines = append(lines, Edit{text.Span{Start: start, End: end}, ""})
		if i+1 < len(fields) {
			commasAfter = append(commasAfter, Edit{text.Span{Start: f.NameSpan.Start, End: fields[i+1].NameSpan.Start}, ""})
		}
		if i > 0 {
			commasBefore = append(commasBefore, Edit{text.Span{Start: fields[i-1].Value.Span.End, End: f.Value.Span.End}, ""})
		}
		empty = append(empty, Edit{f.Value.Span, w.partedFromColon(f.Value.Span, "null")})
	}
	if w.FrontMatter.Format != "json" {
		ways = append(ways, lines)
	}
	if w.FrontMatter.Format != "toml" {
		ways = append(ways, commasAfter, commasBefore, empty)
	}
	return ways
}
