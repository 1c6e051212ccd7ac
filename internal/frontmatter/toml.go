package frontmatter

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/deploysite/deploysite/internal/text"
)

// decodeTOML reads a document into v, a *decoded. A line that the library
// refuses, such as one with an impossible date, is reported and left out.
func decodeTOML(data []byte, v any) error {
	out := v.(*decoded)
	if deep := tooDeepTOML(data); deep != nil {
		return *deep
	}
	data = withoutMark(data)
	for range 10 {
		var table map[string]any
		_, err := toml.Decode(string(data), &table)
		if err == nil {
			break
		}
		at, why := tomlError(err)
		line := text.LineAt(data, at)
		if len(bytes.TrimSpace(data[line.Start:line.End])) == 0 || len(out.problems) == 9 {
			return Problem{Offset: at, Message: why}
		}
		out.problems = append(out.problems, Problem{at, "this line of the front matter is not valid TOML: " + why, "correct it"})
		for i := line.Start; i < line.End; i++ {
			data[i] = ' '
		}
	}
	s := tomlScanner{data: data, out: out}
	s.document()
	return nil
}

func tomlError(err error) (offset int, text string) {
	var parse toml.ParseError
	if errors.As(err, &parse) {
		return parse.Position.Start, parse.Message
	}
	return 0, err.Error()
}

// maxKeyParts is more than any dotted key has.
const maxKeyParts = 200

// tooDeepTOML refuses nesting before the library recurses into it, and keys of so many
// parts that it takes minutes. It does not look for strings: in one it counts too much,
// and nobody writes so many brackets or dots between two commas.
func tooDeepTOML(data []byte) *Problem {
	depth, dots := 0, 0
	for i, c := range data {
		switch c {
		case '[', '{':
			depth++
		case ']', '}':
			depth = max(0, depth-1)
		case '.':
			dots++
		case '\n', '=', ',':
			dots = 0
		}
		if depth > maxValueDepth || dots > maxKeyParts {
			return &Problem{i, fmt.Sprintf("it is nested more than %d deep", maxValueDepth), "write it with fewer levels"}
		}
	}
	return nil
}

// tomlScanner finds the places of keys and values, which the library does not give.
// It reads only what the library has accepted, so it does not check the syntax.
type tomlScanner struct {
	data []byte
	at   int
	out  *decoded
}

// withoutMark is a copy with blanks for a byte order mark, which the library passes over.
func withoutMark(data []byte) []byte {
	data = bytes.Clone(data)
	if bytes.HasPrefix(data, text.ByteOrderMark) {
		copy(data, "   ")
	}
	return data
}

// DecodeTOML reads a document, such as a configuration, and the places of its keys.
// wrong is nil unless the document is not valid.
func DecodeTOML(source []byte) (table map[string]any, keys []Field, wrong *Problem) {
	if text.IsUTF16(source) { // the library passes over its mark, and reads what follows
		return nil, nil, &Problem{0, "written in UTF-16", "save it as UTF-8"}
	}
	if deep := tooDeepTOML(source); deep != nil {
		return nil, nil, deep
	}
	source = withoutMark(source)
	if _, err := toml.Decode(string(source), &table); err != nil {
		at, text := tomlError(err)
		hint := "see https://toml.io for how to write it"
		if strings.Contains(text, "has already been defined") {
			hint = "remove one of the two"
		}
		return nil, nil, &Problem{at, "not valid TOML: " + text, hint}
	}
	var d decoded
	s := tomlScanner{data: source, out: &d}
	s.document()
	return table, d.fields, nil
}

// part is one part of a dotted key.
type part struct {
	name string
	span text.Span
}

func (s *tomlScanner) document() {
	var table []part
	for s.skip(" \t\r\n"); s.at < len(s.data); s.skip(" \t\r\n") {
		if s.data[s.at] == '[' {
			if bytes.HasPrefix(s.data[s.at:], []byte("[[")) {
				table = s.header()
				s.out.fields = s.addTable(s.out.fields, table)
				continue
			}
			table = s.header()
			if known, _ := s.tableIn(s.out.fields, table[0].name); known == nil { // it may stay empty
				s.out.fields = s.insert(s.out.fields, table, Value{Kind: Map, Span: text.Span{Start: s.at, End: s.at}})
			}
			continue
		}
		key := s.key()
		s.at++ // "="
		value := s.value()
		path := append(append([]part{}, table...), key...)
		s.out.fields = s.insert(s.out.fields, path, value)
	}
}

// skip goes past the given characters and past comments.
func (s *tomlScanner) skip(set string) {
	for s.at < len(s.data) {
		switch c := s.data[s.at]; {
		case c == '#':
			s.at += len(bytes.TrimRight(text.FirstLine(s.data[s.at:]), "\r\n"))
		case strings.IndexByte(set, c) >= 0:
			s.at++
		default:
			return
		}
	}
}

// header reads "[a.b]" or "[[a.b]]".
func (s *tomlScanner) header() []part {
	for s.at < len(s.data) && s.data[s.at] == '[' {
		s.at++
	}
	path := s.key()
	for s.at < len(s.data) && s.data[s.at] == ']' {
		s.at++
	}
	return path
}

// key reads a dotted key up to "=" or "]".
func (s *tomlScanner) key() (path []part) {
	for s.at < len(s.data) {
		s.skip(" \t")
		start := s.at
		if start >= len(s.data) {
			break
		}
		if c := s.data[start]; c == '"' || c == '\'' {
			s.quoted()
		} else {
			for s.at < len(s.data) && strings.IndexByte(" \t\r\n.=]", s.data[s.at]) < 0 {
				s.at++
			}
		}
		span := text.Span{Start: start, End: s.at}
		path = append(path, part{tomlString(s.data[start:s.at]), span})
		s.skip(" \t")
		if s.at >= len(s.data) || s.data[s.at] != '.' {
			return path
		}
		s.at++
	}
	return path
}

func (s *tomlScanner) value() Value {
	s.skip(" \t")
	start := s.at
	if start >= len(s.data) {
		return Value{Span: text.Span{Start: start, End: start}}
	}
	v := Value{Kind: Scalar}
	switch s.data[start] {
	case '"', '\'':
		s.quoted()
		v.Text = tomlString(s.data[start:s.at])
	case '[':
		v.Kind, v.Items = List, s.array()
	case '{':
		v.Kind, v.Map = Map, s.inlineTable()
	default:
		for s.at < len(s.data) && strings.IndexByte("\r\n,]}#", s.data[s.at]) < 0 {
			s.at++
		}
		s.at = start + len(bytes.TrimRight(s.data[start:s.at], " \t"))
		v.Text = string(s.data[start:s.at])
	}
	v.Span = text.Span{Start: start, End: s.at}
	return v
}

// quoted goes past a string in one of the four notations.
func (s *tomlScanner) quoted() {
	quote := s.data[s.at : s.at+1]
	long := bytes.Repeat(quote, 3)
	if bytes.HasPrefix(s.data[s.at:], long) {
		quote = long
	}
	for s.at += len(quote); s.at < len(s.data); s.at++ {
		if quote[0] == '"' && s.data[s.at] == '\\' {
			s.at++
		} else if bytes.HasPrefix(s.data[s.at:], quote) {
			s.at += len(quote)
			for len(quote) == 3 && s.at < len(s.data) && s.data[s.at] == quote[0] {
				s.at++ // up to two quotes may stand before the closing three
			}
			return
		}
	}
	s.at = min(s.at, len(s.data))
}

func (s *tomlScanner) array() (items []Value) {
	s.at++
	for s.skip(" \t\r\n,"); s.at < len(s.data) && s.data[s.at] != ']'; s.skip(" \t\r\n,") {
		items = append(items, s.value())
	}
	s.at = min(s.at+1, len(s.data))
	return items
}

func (s *tomlScanner) inlineTable() (fields []Field) {
	s.at++
	for s.skip(" \t\r\n,"); s.at < len(s.data) && s.data[s.at] != '}'; s.skip(" \t\r\n,") {
		key := s.key()
		s.at++
		fields = s.insert(fields, key, s.value())
	}
	s.at = min(s.at+1, len(s.data))
	return fields
}

// insert puts a value below a path, into the maps that are there already.
func (s *tomlScanner) insert(fields []Field, path []part, value Value) []Field {
	first := Field{Name: path[0].name, NameSpan: path[0].span, Value: value}
	if len(path) == 1 {
		return s.out.add(fields, first)
	}
	if v, list := s.tableIn(fields, first.Name); v != nil {
		if v.Span.Start == v.Span.End {
			v.Span.Start = path[1].span.Start // "[[path]]" is not part of the table
		}
		if list.Span.Start == list.Span.End {
			list.Span.Start = v.Span.Start
		}
		v.Map = s.insert(v.Map, path[1:], value)
		v.Span.End = max(v.Span.End, value.Span.End)
		list.Span.End = max(list.Span.End, value.Span.End)
		return fields
	}
	first.Value = Value{Kind: Map, Map: s.insert(nil, path[1:], value), Span: text.Span{Start: path[1].span.Start, End: value.Span.End}}
	return append(fields, first)
}

// tableIn is the table with a name, or the last one of an array of tables. list is
// the value of the name itself.
func (s *tomlScanner) tableIn(fields []Field, name string) (table, list *Value) {
	for i := range fields {
		v := &fields[i].Value
		table = v
		if v.Kind == List && len(v.Items) > 0 {
			table = &v.Items[len(v.Items)-1]
		}
		if fields[i].Name == name && table.Kind == Map {
			return table, v
		}
	}
	return nil, nil
}

// addTable adds a table to an array of tables, as "[[path]]" does.
func (s *tomlScanner) addTable(fields []Field, path []part) []Field {
	first, here := path[0], text.Span{Start: s.at, End: s.at}
	table, list := s.tableIn(fields, first.name)
	switch {
	case len(path) > 1 && table != nil:
		table.Map = s.addTable(table.Map, path[1:])
		return fields
	case len(path) > 1:
		return append(fields, Field{Name: first.name, NameSpan: first.span,
			Value: Value{Kind: Map, Map: s.addTable(nil, path[1:]), Span: here}})
	case table != nil && list != table:
		list.Items = append(list.Items, Value{Kind: Map, Span: here, Header: first.span})
		return fields
	}
	value := Value{Kind: List, Items: []Value{{Kind: Map, Span: here, Header: first.span}}, Span: here}
	return append(fields, Field{Name: first.name, NameSpan: first.span, Value: value})
}

// tomlString is the text of a string or key as written.
func tomlString(raw []byte) string {
	if len(raw) == 0 || raw[0] != '"' && raw[0] != '\'' {
		return string(raw)
	}
	var doc struct{ V string }
	if _, err := toml.Decode("V = "+string(raw), &doc); err != nil {
		return strings.Trim(string(raw), `"'`)
	}
	return doc.V
}
