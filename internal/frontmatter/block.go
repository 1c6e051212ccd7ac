package frontmatter

import (
	"strings"

	"github.com/deploysite/deploysite/internal/text"
)

// Kind is the shape of a front matter value.
type Kind int

// The shapes of a value.
const (
	Null Kind = iota
	Scalar
	List
	Map
)

// Block is the metadata on top of a file.
type Block struct {
	Format string    // "yaml", "toml", "json", or "" where there is none
	Span   text.Span // the block with its delimiters
	Fields []Field
}

// Field is one entry of the front matter.
type Field struct {
	Name     string
	NameSpan text.Span
	Value    Value
}

// Value is the value of a key.
type Value struct {
	Kind  Kind
	Text  string    // Scalar: as written, without quotes: "no", "1.10", "010"
	Items []Value   // List
	Map   []Field   // Map, in order
	Span  text.Span // the value's bytes, with quotes

	Header text.Span // of a table below [[name]] in TOML: that name
}

// Plain is the value on one line: the parts of a list or map are joined by commas.
func (v Value) Plain() string {
	var items []string
	switch v.Kind {
	case List:
		for _, i := range v.Items {
			items = append(items, i.Plain())
		}
	case Map:
		for _, f := range v.Map {
			items = append(items, f.Name+": "+f.Value.Plain())
		}
	default:
		return v.Text
	}
	return strings.Join(items, ", ")
}

// Field finds a field by its name. Case does not matter.
func (m Block) Field(name string) (Field, bool) {
	for _, f := range m.Fields {
		if strings.EqualFold(f.Name, name) {
			return f, true
		}
	}
	return Field{}, false
}
