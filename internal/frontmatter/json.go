package frontmatter

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/deploysite/deploysite/internal/text"
)

// maxValueDepth is how deep lists and maps of the front matter may be nested.
const maxValueDepth = 32

// decodeJSON reads an object into v, a *decoded.
func decodeJSON(data []byte, v any) error {
	r := jsonReader{data: data, dec: json.NewDecoder(bytes.NewReader(data)), out: v.(*decoded)}
	r.dec.UseNumber()
	value, err := r.value(0)
	if err != nil {
		return Problem{Offset: int(r.dec.InputOffset()), Message: err.Error()}
	}
	r.out.fields = value.Map
	return nil
}

type jsonReader struct {
	data []byte
	dec  *json.Decoder
	out  *decoded
}

// token reads the next token and its range.
func (r *jsonReader) token() (json.Token, text.Span, error) {
	before := int(r.dec.InputOffset())
	token, err := r.dec.Token()
	end := int(r.dec.InputOffset())
	skipped := len(r.data[before:end]) - len(bytes.TrimLeft(r.data[before:end], " \t\r\n,:"))
	return token, text.Span{Start: before + skipped, End: end}, err
}

func (r *jsonReader) value(depth int) (Value, error) {
	token, span, err := r.token()
	if err != nil {
		return Value{}, err
	}
	if depth > maxValueDepth {
		return Value{}, fmt.Errorf("it is nested more than %d deep", maxValueDepth)
	}
	v := Value{Kind: Scalar, Span: span, Text: string(r.data[span.Start:span.End])}
	switch t := token.(type) {
	case nil:
		return Value{Kind: Null, Span: span}, nil
	case string:
		v.Text = t
	case json.Delim:
		v.Text = ""
		if t == '{' {
			v.Kind, v.Map, err = r.object(depth)
		} else {
			v.Kind, v.Items, err = r.array(depth)
		}
		v.Span.End = int(r.dec.InputOffset())
	}
	return v, err
}

func (r *jsonReader) array(depth int) (kind Kind, items []Value, err error) {
	for r.dec.More() {
		v, err := r.value(depth + 1)
		if err != nil {
			return List, nil, err
		}
		items = append(items, v)
	}
	_, _, err = r.token()
	return List, items, err
}

func (r *jsonReader) object(depth int) (kind Kind, fields []Field, err error) {
	for r.dec.More() {
		token, span, err := r.token()
		if err != nil {
			return Map, nil, err
		}
		v, err := r.value(depth + 1)
		if err != nil {
			return Map, nil, err
		}
		name, _ := token.(string)
		fields = r.out.add(fields, Field{Name: name, NameSpan: span, Value: v})
	}
	_, _, err = r.token()
	return Map, fields, err
}

// add keeps a field, unless its key is there already.
func (d *decoded) add(fields []Field, f Field) []Field {
	for _, other := range fields {
		if other.Name == f.Name {
			d.problems = append(d.problems, Problem{f.NameSpan.Start,
				fmt.Sprintf("the key %s is written twice; the first one counts", strings.TrimSpace(f.Name)), "remove one of them"})
			return fields
		}
	}
	return append(fields, f)
}
