package text

import (
	"bytes"
	"fmt"
	"strings"
)

// Conflict is a merge conflict that nobody has solved: the lines that git leaves
// between both versions, by their offsets.
type Conflict struct {
	Markers []int    // offsets of the lines
	kinds   []string // what each line begins with
}

// Start is the offset of the first marker.
func (c Conflict) Start() int { return c.Markers[0] }

// Describe names the markers with their lines in a source: "<<<<<<< in line 3, …".
func (c Conflict) Describe(source []byte) string {
	told := make([]string, len(c.Markers))
	for i, at := range c.Markers {
		line, _ := Position(source, at)
		told[i] = fmt.Sprintf("%s in line %d", c.kinds[i], line)
	}
	return strings.Join(told, ", ")
}

// Conflicts finds the merge conflicts of a Markdown or TOML text. A line that begins
// with seven “<” is one; so are the other markers without it, if a line of seven “=”
// and one that begins with seven “>” are left. Marks that all stand in one code block
// are an example, and an underline is a heading's. A block within a list is no such
// place: git begins its lines at the left, which ends the list.
func Conflicts(source []byte) (found []Conflict) {
	if !bytes.Contains(source, []byte(conflictStart)) && !bytes.Contains(source, []byte(conflictMiddle)) { // nearly all of them
		return nil
	}
	f := conflictFinder{}
	offset := 0
	for offset < len(source) {
		line := FirstLine(source[offset:])
		f.line(offset, string(bytes.TrimRight(bytes.TrimPrefix(line, ByteOrderMark), "\r\n")))
		offset += len(line)
	}
	f.end()
	return f.found
}

type conflictFinder struct {
	found []Conflict
	open  Conflict // the markers since the last “<”, or since the last that ended a conflict
	fence string   // what closes the current code block, "" outside of one
	block int      // number of the current code block
	in    []int    // for each marker of open the number of its block, 0 outside of one
	quote bool     // the line before is a quote
}

func (f *conflictFinder) line(offset int, line string) {
	kind := markerOf(line)
	switch {
	case kind == "":
		f.fences(line)
	case kind == conflictStart:
		f.end()
		f.add(offset, kind)
	case kind == conflictEnd && (len(f.open.Markers) == 0 || f.quote):
	case kind == conflictEnd:
		f.add(offset, kind)
		f.end()
	case len(f.open.Markers) > 0 || kind == conflictMiddle:
		f.add(offset, kind)
	}
	f.quote = strings.HasPrefix(line, ">") && kind == ""
}

func (f *conflictFinder) add(offset int, kind string) {
	at := 0
	if f.fence != "" {
		at = f.block
	}
	f.open.Markers, f.open.kinds, f.in = append(f.open.Markers, offset), append(f.open.kinds, kind), append(f.in, at)
}

// end decides on the markers so far.
func (f *conflictFinder) end() {
	c, in := f.open, f.in
	f.open, f.in = Conflict{}, nil
	if len(c.Markers) == 0 {
		return
	}
	example := in[0] != 0
	for _, block := range in {
		example = example && block == in[0]
	}
	// Without its start, what is left of a conflict ends with both other markers.
	n := len(c.kinds)
	whole := c.kinds[0] == conflictStart || n > 1 && c.kinds[n-1] == conflictEnd && c.kinds[n-2] == conflictMiddle
	if whole && !example {
		f.found = append(f.found, c)
	}
}

const (
	conflictStart  = "<<<<<<<"
	conflictBase   = "|||||||"
	conflictMiddle = "======="
	conflictEnd    = ">>>>>>>"
)

// markerOf is the marker that a line is, or "". A label may follow.
func markerOf(line string) string {
	for _, marker := range []string{conflictStart, conflictBase, conflictMiddle, conflictEnd} {
		if rest, ok := strings.CutPrefix(line, marker); ok && (rest == "" || rest[0] == ' ') {
			return marker
		}
	}
	return ""
}

// fences follows the code blocks.
func (f *conflictFinder) fences(line string) {
	run := len(line) - len(strings.TrimLeft(line, "`"))
	if run == 0 {
		run = len(line) - len(strings.TrimLeft(line, "~"))
	}
	switch {
	case run < 3:
	case f.fence == "" && !strings.Contains(line[run:], "`"):
		f.fence = line[:run]
		f.block++
	case f.fence != "" && strings.HasPrefix(line, f.fence) && strings.TrimSpace(line[run:]) == "":
		f.fence = ""
	}
}
