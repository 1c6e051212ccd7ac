package frontmatter

import (
	"bytes"
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/deploysite/deploysite/internal/text"
)

// maxValues is how many values a block may have once its aliases are followed.
const maxValues = 10_000

// decodeYAML reads a mapping into v, a *decoded.
func decodeYAML(data []byte, v any) error {
	r := yamlReader{data: data, lines: yamlLines(data), out: v.(*decoded)}
	var document yaml.Node
	if err := yaml.Unmarshal(data, &document); err != nil {
		return r.located(err)
	}
	if document.Kind == 0 && len(bytes.TrimSpace(data)) == 0 {
		return nil
	}
	if len(document.Content) == 0 || document.Content[0].Kind != yaml.MappingNode {
		return errNoMapping
	}
	value, err := r.value(document.Content[0], frame{indent: -1})
	r.out.fields = value.Map
	return err
}

// yamlReader makes values with ranges of bytes of the library's nodes, which only
// know the line and the column where they begin.
type yamlReader struct {
	data   []byte
	lines  []int // offset of each line's begin
	out    *decoded
	values int
}

// frame is where a value stands.
type frame struct {
	indent int // columns of the collection around it
	after  int // offset behind the key's colon, where an empty value stands
	depth  int
}

// yamlBreaks are the characters that end a line in YAML 1.1.
const yamlBreaks = "\r\n\u0085\u2028\u2029"

// yamlLines are the offsets at which lines begin.
func yamlLines(data []byte) []int {
	starts := []int{len(data) - len(bytes.TrimPrefix(data, text.ByteOrderMark))}
	for i := starts[0]; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		i += n
		if crlf := r == '\r' && i < len(data) && data[i] == '\n'; !crlf && strings.ContainsRune(yamlBreaks, r) {
			starts = append(starts, i)
		}
	}
	return starts
}

// offset is that of a line and a column, both from 1.
func (r *yamlReader) offset(line, column int) int {
	if line < 1 || line > len(r.lines) {
		return 0
	}
	at := r.lines[line-1]
	for ; column > 1 && at < len(r.data); column-- {
		_, n := utf8.DecodeRune(r.data[at:])
		at += n
	}
	return at
}

// located adds the offset to an error of the library.
func (r *yamlReader) located(err error) error {
	var load *yaml.LoadError
	if errors.As(err, &load) {
		return Problem{Offset: r.offset(load.Mark.Line, load.Mark.Column), Message: load.Message}
	}
	return err
}

func (r *yamlReader) value(n *yaml.Node, f frame) (Value, error) {
	if r.values++; r.values > maxValues || f.depth > maxValueDepth {
		return Value{}, Problem{Offset: r.offset(n.Line, n.Column), Message: "it is nested too deeply, or its aliases repeat too much"}
	}
	start := r.skipProperties(r.offset(n.Line, n.Column))
	inside := frame{indent: n.Column - 1, depth: f.depth + 1}
	switch n.Kind {
	case yaml.MappingNode:
		return r.mapping(n, start, inside)
	case yaml.SequenceNode:
		return r.sequence(n, start, inside)
	case yaml.AliasNode:
		v, err := r.value(n.Alias, inside)
		v.Span = text.Span{Start: start, End: start + len("*") + len(n.Value)}
		return v, err
	}
	return r.scalar(n, start, f), nil
}

var properties = regexp.MustCompile(`^(?:[&!][^\s]*\s+)+`)

// skipProperties goes past a tag and an anchor.
func (r *yamlReader) skipProperties(at int) int {
	return at + len(properties.Find(r.data[at:]))
}

func (r *yamlReader) mapping(n *yaml.Node, start int, f frame) (Value, error) {
	v := Value{Kind: Map, Span: text.Span{Start: start, End: start}}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, err := r.value(n.Content[i], f)
		if err != nil {
			return v, err
		}
		f.after = r.behindColon(key.Span.End)
		value, err := r.value(n.Content[i+1], f)
		if err != nil {
			return v, err
		}
		v.Map = r.out.add(v.Map, Field{Name: key.Text, NameSpan: key.Span, Value: value})
		v.Span.End = max(v.Span.End, value.Span.End)
	}
	v.Span.End = r.flowEnd(n, v.Span, '}')
	return v, nil
}

func (r *yamlReader) sequence(n *yaml.Node, start int, f frame) (Value, error) {
	v := Value{Kind: List, Span: text.Span{Start: start, End: start}}
	for _, c := range n.Content {
		f.after = max(v.Span.End, r.offset(c.Line, c.Column))
		item, err := r.value(c, f)
		if err != nil {
			return v, err
		}
		v.Items = append(v.Items, item)
		v.Span.End = max(v.Span.End, item.Span.End)
	}
	v.Span.End = r.flowEnd(n, v.Span, ']')
	return v, nil
}

// behindColon is the offset after the colon that follows a key.
func (r *yamlReader) behindColon(at int) int {
	if i := bytes.IndexByte(r.data[at:], ':'); i >= 0 {
		return at + i + 1
	}
	return at
}

// flowEnd finds the bracket that closes a flow collection, behind the last
// value in it. The end of a block collection is that of its last value.
func (r *yamlReader) flowEnd(n *yaml.Node, inside text.Span, closer byte) int {
	if n.Style&yaml.FlowStyle == 0 {
		return inside.End
	}
	inComment := false
	for i := max(inside.End, inside.Start+1); i < len(r.data); i++ {
		switch c := r.data[i]; {
		case c == '\n':
			inComment = false
		case inComment:
		case c == '#':
			inComment = true
		case c == closer:
			return i + 1
		}
	}
	return inside.End
}

func (r *yamlReader) scalar(n *yaml.Node, start int, f frame) Value {
	v := Value{Kind: Scalar, Text: n.Value}
	switch {
	case n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0:
		v.Span = text.Span{Start: start, End: r.quoteEnd(start)}
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		v.Span = text.Span{Start: start, End: r.blockEnd(start, f.indent)}
	default:
		v.Span = text.Span{Start: start, End: r.plainEnd(start, n.Value)}
		if n.Value == "" {
			v.Span = text.Span{Start: f.after, End: f.after}
		}
		if n.Tag == "!!null" {
			v.Kind, v.Text = Null, ""
		}
	}
	return v
}

// quoteEnd is the offset behind the closing quote.
func (r *yamlReader) quoteEnd(start int) int {
	if start >= len(r.data) {
		return start
	}
	quote := r.data[start]
	for i := start + 1; i < len(r.data); i++ {
		switch {
		case quote == '"' && r.data[i] == '\\':
			i++
		case r.data[i] == quote && quote == '\'' && i+1 < len(r.data) && r.data[i+1] == quote:
			i++
		case r.data[i] == quote:
			return i + 1
		}
	}
	return len(r.data)
}

// blockEnd is the end of the last line of a block scalar: lines that are blank
// or indented deeper than the collection around it.
func (r *yamlReader) blockEnd(start, indent int) int {
	next, _ := slices.BinarySearch(r.lines, start+1)
	lines := append(slices.Clone(r.lines[next:]), len(r.data))
	end := start + len(bytes.TrimRight(r.data[start:lines[0]], " \t\r\n"))
	for i := range len(lines) - 1 {
		line := r.data[lines[i]:lines[i+1]]
		text := bytes.TrimRight(line, " \t"+yamlBreaks)
		if len(text) > 0 && len(text)-len(bytes.TrimLeft(text, " ")) <= max(indent, 0) {
			break
		}
		if len(text) > 0 {
			end = lines[i] + len(bytes.TrimRight(line, yamlBreaks))
		}
	}
	return end
}

// plainEnd follows a plain scalar through the text. The value is the text, but
// for line breaks, which are folded.
func (r *yamlReader) plainEnd(start int, value string) int {
	at := start
	for value != "" && at < len(r.data) {
		c, n := utf8.DecodeRune(r.data[at:])
		switch {
		case r.data[at] == value[0]:
			value, at = value[1:], at+1
		case strings.ContainsRune(" \t"+yamlBreaks, c):
			at += n
		case value[0] == ' ' || value[0] == '\n':
			value = value[1:]
		default:
			return at
		}
	}
	return at
}
