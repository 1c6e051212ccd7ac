package frontmatter

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"

	adrg "github.com/adrg/frontmatter"

	"github.com/deploysite/deploysite/internal/text"
)

// maxBlock is the longest block in bytes that is decoded.
const maxBlock = 64 << 10

// bounds are a front matter block that was found but not yet decoded.
type bounds struct {
	format string
	whole  text.Span // with the delimiters' lines
	inner  text.Span // what is decoded
	broken *Problem  // why it has no end
}

// decoded is a block's fields, and what is wrong with it.
type decoded struct {
	fields   []Field
	problems []Problem
}

// Problem is one thing that is wrong, with its offset.
type Problem struct {
	Offset  int
	Message string
	Hint    string
}

func (p Problem) Error() string { return p.Message }

// errNoMapping says that a block holds something other than keys and values.
var errNoMapping = errors.New("no keys and values")

// looksLikeKey matches the first line of front matter, but not that of a document
// which begins with a thematic break.
var looksLikeKey = regexp.MustCompile(`^\s*(?:[A-Za-z_"'][\w"' .-]*[:=](?:\s|$)|#|\[)`)

// Parse finds and decodes the block on top of source. body is the offset of what
// follows it. A document that merely begins with a thematic break has no block.
// All spans, and the offsets of problems, are offsets into source.
func Parse(source []byte) (m Block, body int, problems []Problem) {
	start := 0
	if bytes.HasPrefix(source, text.ByteOrderMark) {
		start = len(text.ByteOrderMark)
	}
	return parseAt(source, start)
}

// ParseLate finds a block behind blank lines and comments, where other tools do not
// look for one. The block has no format if there is none. Whether it is one, the caller
// has to judge: a document may have such lines between two thematic breaks.
func ParseLate(source []byte) (m Block, body int, problems []Problem) {
	at := len(source) - len(bytes.TrimLeft(bytes.TrimPrefix(source, text.ByteOrderMark), " \t\r\n"))
	for bytes.HasPrefix(source[at:], []byte("<!--")) {
		end := bytes.Index(source[at:], []byte("-->"))
		if end < 0 {
			return m, 0, nil
		}
		at += end + len("-->")
		at = len(source) - len(bytes.TrimLeft(source[at:], " \t\r\n"))
	}
	if at == 0 || source[at-1] != '\n' { // "---" begins no line
		return m, 0, nil
	}
	return parseAt(source, at)
}

func parseAt(source []byte, body int) (m Block, _ int, problems []Problem) {
	b, ok := findBlock(source, body)
	switch {
	case !ok:
		return m, body, nil
	case b.broken != nil:
		b.broken.Offset += body
		return m, body, []Problem{*b.broken}
	}
	inner := source[b.inner.Start:b.inner.End]
	if b.format == "yaml" && startsWithText(inner) {
		return m, body, nil
	}
	d, err := decode(b.format, inner)
	if errors.Is(err, errNoMapping) || err != nil && b.format != "json" && !looksLikeKey.Match(text.FirstLine(inner)) {
		return m, body, nil
	}
	if err != nil {
		at, _ := errors.AsType[Problem](err)
		problems = append(problems, Problem{at.Offset,
			fmt.Sprintf("the front matter is not valid %s: %s", formatNames[b.format], text.OneLine(err.Error(), 200)), "correct it; nothing of the block was read"})
	}
	problems = append(problems, d.problems...)
	for i := range problems {
		problems[i].Offset += b.inner.Start
	}
	shift(d.fields, b.inner.Start)
	return Block{Format: b.format, Span: b.whole, Fields: d.fields}, b.whole.End, problems
}

// startsWithText reports whether a block is text between two thematic breaks: after
// a blank line it holds something other than a key. "# Title" is a comment in YAML.
func startsWithText(inner []byte) bool {
	rest := bytes.TrimLeft(inner, " \t\r\n")
	return len(rest) > 0 && len(bytes.TrimSpace(text.FirstLine(inner))) == 0 && (rest[0] == '#' || !looksLikeKey.Match(text.FirstLine(rest)))
}

var formatNames = map[string]string{"yaml": "YAML", "toml": "TOML", "json": "JSON"}

// findBlock looks for a block that begins at start. ok is false if there is none;
// broken is set if it has no end.
func findBlock(source []byte, start int) (b bounds, ok bool) {
	first := text.FirstLine(source[start:])
	switch string(bytes.TrimRight(first, " \t\r\n")) {
	case "---":
		return fenced("yaml", source, start, start+len(first))
	case "+++":
		return fenced("toml", source, start, start+len(first))
	}
	if len(first) > 0 && first[0] == '{' {
		return findJSON(source, start)
	}
	return bounds{}, false
}

// fenced looks for the line that closes a block, at column 1: an indented "---"
// is text in a block scalar, a "+++" may stand in a string of several lines.
func fenced(format string, content []byte, start, inner int) (bounds, bool) {
	inString := ""
	for at := inner; at < len(content); {
		line := text.FirstLine(content[at:])
		bare := string(bytes.TrimRight(line, " \t\r\n"))
		closes := format == "yaml" && (bare == "---" || bare == "...") ||
			format == "toml" && bare == "+++" && inString == ""
		if closes {
			return bounds{format: format, whole: text.Span{Start: start, End: at + len(line)}, inner: text.Span{Start: inner, End: at}}, true
		}
		if format == "toml" {
			inString = stringAfter(line, inString)
		}
		at += len(line)
	}
	if !looksLikeKey.Match(text.FirstLine(content[inner:])) {
		return bounds{}, false
	}
	fence := string(bytes.TrimSpace(text.FirstLine(content[start:])))
	return bounds{format: format, broken: &Problem{0, "the front matter is not closed", "end it with a line " + fence}}, true
}

// stringAfter is the delimiter of the multi-line TOML string that is still open at
// the end of a line. open is the one at its beginning.
func stringAfter(line []byte, open string) string {
	for len(line) > 0 {
		if open != "" {
			i := bytes.Index(line, []byte(open))
			if i < 0 {
				return open
			}
			line, open = line[i+3:], ""
			continue
		}
		i := bytes.IndexAny(line, `"'#`)
		if i < 0 || line[i] == '#' {
			return ""
		}
		line, open = afterQuote(line[i:])
	}
	return open
}

// afterQuote is the rest of a line behind the string that it begins with. If the
// string goes on in the next line, open is its delimiter.
func afterQuote(line []byte) (rest []byte, open string) {
	for _, long := range []string{`"""`, `'''`} {
		if rest, ok := bytes.CutPrefix(line, []byte(long)); ok {
			return rest, long
		}
	}
	for i := 1; i < len(line); i++ {
		if line[0] == '"' && line[i] == '\\' {
			i++
		} else if line[i] == line[0] {
			return line[i+1:], ""
		}
	}
	return nil, ""
}

// findJSON looks for an object whose closing brace ends a line.
func findJSON(content []byte, start int) (bounds, bool) {
	head := bytes.TrimLeft(content[start+1:], " \t\r\n")
	if len(head) == 0 || head[0] != '"' && head[0] != '}' {
		return bounds{}, false
	}
	dec := json.NewDecoder(bytes.NewReader(content[start:min(len(content), start+maxBlock+1)]))
	var object json.RawMessage
	if err := dec.Decode(&object); err != nil {
		at := int(dec.InputOffset())
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			at = int(syntax.Offset) - 1
		}
		return bounds{format: "json", broken: &Problem{at, "the front matter is not valid JSON: " + err.Error(), "correct it; nothing of it was read"}}, true
	}
	end := start + int(dec.InputOffset())
	rest := text.FirstLine(content[end:])
	if len(bytes.TrimSpace(rest)) > 0 {
		return bounds{}, false
	}
	return bounds{format: "json", whole: text.Span{Start: start, End: end + len(rest)}, inner: text.Span{Start: start, End: end}}, true
}

// decode reads the inside of a block. The library looks for delimiters by rules of
// its own, which would cut a block scalar. So it gets delimiters with a NUL, which
// no text holds: the parser of records has replaced them.
func decode(format string, inner []byte) (d decoded, err error) {
	if len(inner) > maxBlock {
		return d, Problem{Message: "it has more than 64 KiB"}
	}
	defer func() {
		if v := recover(); v != nil { // a bug in a library must not end the work on the other records
			err = Problem{Message: fmt.Sprintf("it cannot be read (%v)", v)}
		}
	}()
	const begin, end = "\x00begin", "\x00end"
	input := append(append([]byte(begin+"\n"), inner...), "\n"+end+"\n"...)
	unmarshal := map[string]adrg.UnmarshalFunc{"yaml": decodeYAML, "toml": decodeTOML, "json": decodeJSON}[format]
	_, err = adrg.Parse(bytes.NewReader(input), &d, adrg.NewFormat(begin, end, unmarshal))
	return d, err
}

// shift moves all spans from the block to the file.
func shift(fields []Field, by int) {
	for i := range fields {
		move(&fields[i].NameSpan, by)
		shiftValue(&fields[i].Value, by)
	}
}

func shiftValue(v *Value, by int) {
	move(&v.Span, by)
	if !v.Header.IsZero() {
		move(&v.Header, by)
	}
	for i := range v.Items {
		shiftValue(&v.Items[i], by)
	}
	shift(v.Map, by)
}

func move(s *text.Span, by int) { s.Start, s.End = s.Start+by, s.End+by }
