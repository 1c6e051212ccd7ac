package records

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/deploysite/deploysite/internal/frontmatter"
	"github.com/deploysite/deploysite/internal/text"
)

// frontField is the field of the front matter that counts for a key: the key
// itself before its aliases, the first one before others.
func (r *Record) frontField(key string) (f frontmatter.Field, ok bool) {
	for _, field := range r.FrontMatter.Fields {
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

// setFront are the ways to give a key of the front matter a value: in the place
// of its old one, or else on a line of its own behind the field "after", or at
// the end. There is none where the record has no front matter. moment says that
// the value is a time.
func (r *Record) setFront(key, value, after string, moment bool) (ways [][]Edit) {
	if f, ok := r.frontField(key); ok {
		for _, text := range r.frontValues(f.Value, value, moment) {
			ways = append(ways, []Edit{{f.Value.Span, r.partedFromColon(f.Value.Span, text)}})
		}
		return ways
	}
	fields := r.FrontMatter.Fields
	for _, text := range r.frontValues(frontmatter.Value{}, value, moment) {
		if f, ok := r.frontField(after); ok {
			ways = append(ways, r.addBehind(f, key, text)...)
		}
		if len(fields) > 0 {
			ways = append(ways, r.addBehind(fields[len(fields)-1], key, text)...)
		}
		ways = append(ways, r.addOnTop(key, text)...)
	}
	return ways
}

// partedFromColon puts a blank between "status:" and a value that was not there.
func (r *Record) partedFromColon(at text.Span, text string) string {
	if at.Start == at.End && at.Start > 0 && strings.IndexByte(" \t", r.Source[at.Start-1]) < 0 {
		return " " + text
	}
	return text
}

// frontValues are the ways to write a value in the front matter's format.
func (r *Record) frontValues(old frontmatter.Value, value string, moment bool) []string {
	quoted, _ := json.Marshal(value)
	switch r.FrontMatter.Format {
	case "yaml":
		return []string{yamlMoment(value, moment)}
	case "toml":
		if moment && !bytes.HasPrefix(r.Source[old.Span.Start:old.Span.End], []byte(`"`)) {
			return []string{value, string(quoted)} // older readers know no local times
		}
		return []string{string(quoted)}
	case "json":
		return []string{string(quoted)}
	}
	return nil
}

// yamlMoment writes a time without the quotes that other texts with colons get.
func yamlMoment(value string, moment bool) string {
	if moment {
		return value
	}
	return frontmatter.YAMLText(value)
}

// addBehind are the ways to put a field behind another one: on a line of its
// own, with the same indentation, or on the same line.
func (r *Record) addBehind(f frontmatter.Field, key, text string) (ways [][]Edit) {
	end := f.Value.Span.End
	line := lineStart(r.Source, f.NameSpan.Start)
	indent := string(r.Source[line:f.NameSpan.Start])
	alone := strings.TrimSpace(indent) == ""
	switch format := r.FrontMatter.Format; {
	case format == "json" && alone:
		ways = append(ways, r.insertAt(end, ",\n"+indent+frontLine(format, key, text)))
	case format != "json" && alone:
		ways = append(ways, []Edit{r.insertLines(nextLine(r.Source, end), indent+frontLine(format, key, text)+"\n", false)})
	}
	if r.FrontMatter.Format == "toml" {
		return ways
	}
	return append(ways, r.insertAt(end, ", "+frontLine(r.FrontMatter.Format, key, text)))
}

func (r *Record) insertAt(at int, content string) []Edit {
	return []Edit{{text.Span{Start: at, End: at}, withLineEnds(content, r.Source)}}
}

// addOnTop puts a field before all others.
func (r *Record) addOnTop(key, text string) [][]Edit {
	format, block := r.FrontMatter.Format, r.FrontMatter.Span
	if format == "json" {
		return [][]Edit{r.insertAt(block.Start+1, frontLine(format, key, text)+r.commaBefore())}
	}
	return [][]Edit{{r.insertLines(nextLine(r.Source, block.Start), frontLine(format, key, text)+"\n", false)}}
}

func (r *Record) commaBefore() string {
	if len(r.FrontMatter.Fields) > 0 {
		return ", "
	}
	return ""
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

// removeFront are the ways to take a key and its aliases out of the front
// matter: with their lines, with a comma, or by an empty value.
func (r *Record) removeFront(key string) (ways [][]Edit) {
	var lines, commasAfter, commasBefore, empty []Edit
	fields := r.FrontMatter.Fields
	for i, f := range fields {
		if k := keyOf(f.Name); k == nil || k.name != key {
			continue
		}
		start, end := lineStart(r.Source, f.NameSpan.Start), nextLine(r.Source, f.Value.Span.End)
		lines = append(lines, Edit{text.Span{Start: start, End: end}, ""})
		if i+1 < len(fields) {
			commasAfter = append(commasAfter, Edit{text.Span{Start: f.NameSpan.Start, End: fields[i+1].NameSpan.Start}, ""})
		}
		if i > 0 {
			commasBefore = append(commasBefore, Edit{text.Span{Start: fields[i-1].Value.Span.End, End: f.Value.Span.End}, ""})
		}
		empty = append(empty, Edit{f.Value.Span, r.partedFromColon(f.Value.Span, "null")})
	}
	if r.FrontMatter.Format != "json" {
		ways = append(ways, lines)
	}
	if r.FrontMatter.Format != "toml" {
		ways = append(ways, commasAfter, commasBefore, empty)
	}
	return ways
}
