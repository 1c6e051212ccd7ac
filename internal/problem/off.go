package problem

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/text"
)

// Off is what a file switches off by comments: in a line of their own for the whole
// file, behind other text for that line.
//
//	<!-- check-off: open-step, open-note -->
//	- [ ] **Announce** <!-- check-off: open-step -->
//	date: 2019-02-30 # check-off: bad-time
type Off struct {
	file    []Rule
	lines   map[int][]Rule
	unknown []Problem
}

var (
	offMark    = []byte("check-off:")
	offComment = regexp.MustCompile(`<!--[ \t]*check-off:([a-z0-9, \t-]+?)[ \t]*-->|#[ \t]*check-off:([a-z0-9, \t-]+)$`)
	fenceLine  = regexp.MustCompile("^ {0,3}(```+|~~~+)")
)

// ReadOff reads the comments of a file. A comment in a line of its own in a code block
// shows how it is written, and switches nothing off. It is nil for most files.
func ReadOff(file string, source []byte) *Off {
	if !bytes.Contains(source, offMark) {
		return nil
	}
	off, fence, number := &Off{lines: map[int][]Rule{}}, "", 0
	for line := range strings.Lines(string(source)) {
		number++
		line = strings.TrimRight(line, "\r\n")
		fence = fenceAfter(fence, line)
		m := offComment.FindStringSubmatchIndex(line)
		if m == nil {
			continue
		}
		alone := strings.TrimSpace(line[:m[0]]+line[m[1]:]) == ""
		if alone && fence != "" {
			continue
		}
		names := offComment.ReplaceAllString(line[m[0]:m[1]], "$1$2")
		off.take(file, number, alone, strings.FieldsFunc(names, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' }))
	}
	return off
}

// fenceAfter is the fence that a code block is open with behind a line, or "".
func fenceAfter(open, line string) string {
	m := fenceLine.FindStringSubmatch(line)
	switch {
	case m == nil:
		return open
	case open == "":
		return m[1]
	case strings.HasPrefix(m[1], open) && strings.TrimSpace(strings.TrimLeft(line, " `~")) == "":
		return ""
	}
	return open
}

func (o *Off) take(file string, line int, whole bool, names []string) {
	for _, name := range names {
		rule := Rule(name)
		if _, known := rule.About(); !known {
			o.unknown = append(o.unknown, UnknownRule.At(file, line, 0, fmt.Sprintf("there is no rule %q to switch off", name), NearRule(name)))
		} else if whole {
			o.file = append(o.file, rule)
		} else {
			o.lines[line] = append(o.lines[line], rule)
		}
	}
}

// Covers reports whether a problem of the file is switched off.
func (o *Off) Covers(p Problem) bool {
	return o != nil && (slices.Contains(o.file, p.Rule) || slices.Contains(o.lines[p.Line], p.Rule))
}

// Unknown are the problems with the comments themselves.
func (o *Off) Unknown() []Problem {
	if o == nil {
		return nil
	}
	return o.unknown
}

// NearRule is a hint for a name that is no rule's.
func NearRule(name string) string {
	if near := text.Nearest(name, RuleNames()); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "deploysite check --rules lists them"
}
