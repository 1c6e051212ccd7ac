package records

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// mark is one way to write a state.
type mark struct {
	text  string
	state State
}

// boxes are the marks in square brackets that are not emoji. A sign at the end may
// change the state of a box, see [endMark].
var boxes = []mark{
	{"[x]", Done}, {"[X]", Done}, {"[~]", StepRunning}, {"[-]", Skipped}, {"[ ]", Pending}, {"[]", Pending},
}

// signs are the marks that may also stand inside brackets. The emoji are
// written without the variation selector, which may follow each of them.
var signs = []mark{
	{"✅", Done}, {"☑", Done}, {"☒", Done}, {"✔", Done}, {"✓", Done},
	{":white_check_mark:", Done}, {":heavy_check_mark:", Done},
	{"❌", StepFailed}, {"✖", StepFailed}, {"✗", StepFailed}, {"✘", StepFailed}, {"⚠", StepFailed}, {":x:", StepFailed},
	{"🔄", StepRunning}, {"⏳", StepRunning}, {"🚧", StepRunning}, {":arrows_counterclockwise:", StepRunning},
	{"⏭", Skipped}, {"⏩", Skipped}, {":next_track_button:", Skipped}, {":fast_forward:", Skipped},
	{"⬜", Pending}, {"☐", Pending}, {"□", Pending}, {"◻", Pending}, {"◽", Pending}, {"▢", Pending},
}

// inputBox is a tick box in HTML.
var inputBox = regexp.MustCompile(`(?i)^<input\s[^<>\n]*?\btype\s*=\s*["']?checkbox["']?[^<>\n]*>`)

// maxMark is the length in bytes of the longest mark that is read.
const maxMark = 200

// selectors are the variation selectors for emoji and for text presentation.
var selectors = []string{"\ufe0f", "\ufe0e"}

// Mark is how the state is written: "✅", "❌", "🔄", "⏭️" or "[ ]".
func (s State) Mark() string {
	switch s {
	case Done:
		return "✅"
	case StepFailed:
		return "❌"
	case StepRunning:
		return "🔄"
	case Skipped:
		return "⏭️"
	}
	return "[ ]"
}

// ParseMark reads the mark that s begins with. length is that of the mark in
// bytes, with brackets and variation selector, without the blanks that follow.
// "[x](address)" and "[x]: address" are links, not marks.
func ParseMark(s string) (state State, length int, ok bool) {
	switch {
	case strings.HasPrefix(s, "<"):
		return parseInput(s)
	case !strings.HasPrefix(s, "["):
		return parseSign(s)
	}
	if state, length, ok = parseBox(s); !ok {
		return "", 0, false
	}
	if rest := s[length:]; rest != "" && strings.ContainsRune("([:", rune(rest[0])) {
		return "", 0, false
	}
	return state, length, true
}

func parseBox(s string) (State, int, bool) {
	for _, m := range boxes {
		if strings.HasPrefix(s, m.text) {
			return m.state, len(m.text), true
		}
	}
	inner := strings.TrimLeft(s[1:], " ")
	state, n, ok := parseSign(inner)
	if !ok {
		return "", 0, false
	}
	rest := strings.TrimLeft(inner[n:], " ")
	if !strings.HasPrefix(rest, "]") {
		return "", 0, false
	}
	return state, len(s) - len(rest) + 1, true
}

func parseInput(s string) (State, int, bool) {
	if len(s) < 6 || !strings.EqualFold(s[:6], "<input") {
		return "", 0, false
	}
	tag := inputBox.FindString(s)
	if tag == "" {
		return "", 0, false
	}
	if isChecked(tag) {
		return Done, len(tag), true
	}
	return Pending, len(tag), true
}

// isBox reports whether a mark is a tick box. A box always makes a step. A sign such
// as ✅ may also mean "yes", or decorate a heading.
func isBox(mark string) bool {
	return mark != "" && (mark[0] == '[' || mark[0] == '<' || isBallot(mark))
}

// isBallot reports whether a box is one character.
func isBallot(mark string) bool {
	switch r, _ := utf8.DecodeRuneInString(mark); r {
	case '☐', '☑', '☒', '□', '◻', '◽', '▢', '⬜':
		return true
	}
	return false
}

// boxAt reads a box that s begins with.
func boxAt(s string) (state State, length int, ok bool) {
	if s == "" || s[0] != '[' && s[0] != '<' && s[0] < utf8.RuneSelf {
		return "", 0, false
	}
	state, length, ok = ParseMark(s)
	return state, length, ok && isBox(s[:length])
}

// holdsBox reports whether there is a box in a text, such as the second one of the
// question "[ ] yes [ ] no".
func holdsBox(s string) bool {
	for i := range len(s) {
		if c := s[i]; c == '[' || c == '<' || utf8.RuneStart(c) && c >= utf8.RuneSelf {
			if _, _, ok := boxAt(s[i:min(len(s), i+maxMark)]); ok {
				return true
			}
		}
	}
	return false
}

func parseSign(s string) (State, int, bool) {
	if s == "" || s[0] != ':' && s[0] < utf8.RuneSelf {
		return "", 0, false
	}
	for _, m := range signs {
		rest, ok := strings.CutPrefix(s, m.text)
		if !ok {
			continue
		}
		for _, v := range selectors {
			rest = strings.TrimPrefix(rest, v)
		}
		return m.state, len(s) - len(rest), true
	}
	return "", 0, false
}

// endMark reads the sign that s ends with, as in "[x] smoke tests ✅"; start is
// where it begins.
func endMark(s string) (state State, start int, ok bool) {
	bare := s
	for _, v := range selectors {
		bare = strings.TrimSuffix(bare, v)
	}
	for _, m := range signs {
		if before, ok := strings.CutSuffix(bare, m.text); ok {
			return m.state, len(before), true
		}
	}
	return "", 0, false
}
