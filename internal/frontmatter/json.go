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
		v.Text, v.Kind = "", List
		if t == '{' {
			v.Kind = Map
		}
		err = r.inside(&v, depth+1)
		v.Span.End = int(r.dec.InputOffset())
	}
	return v, err
}

// inside reads what is in a list or a map, up to its end.
func (r *jsonReader) inside(v *Value, depth int) (err error) {
	for r.dec.More() {
		var name json.Token
		var at text.Span
		if v.Kind == Map {
			if name, at, err = r.token(); err != nil {
				return err
			}
		}
		one, err := r.value(depth)
		if err != nil {
			return err
		}
		if v.Kind == List {
			v.Items = append(v.Items, one)
			continue
		}
		key, _ := name.(string)
		v.Map = r.out.add(v.Map, Field{Name: key, NameSpan: at, Value: one})
	}
	_, _, err = r.token()
	return err
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
