package records

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/deploysite/deploysite/internal/text"
)

// mark is one way to write a state.
type mark struct {
	text  string
	state State
}

// ticks are what stands in a box besides signs, and what it says. Keyboards and
// editors have several characters for the cross and for the dash.
var ticks = []mark{
	{"x", Done}, {"X", Done}, {"×", Done}, {"х", Done}, {"Х", Done}, {"ｘ", Done}, {"Ｘ", Done}, // Cyrillic and wide ones
	{"v", Done}, {"V", Done}, {"√", Done},
	{"~", StepRunning}, {"/", StepRunning}, {"～", StepRunning}, {"／", StepRunning},
	{"-", Skipped}, {"–", Skipped}, {"—", Skipped}, {"－", Skipped},
}

// boxBlanks may stand in an open box, and around what ticks it. Of those that
// blank forms have, "[__]", none is a line of its own.
const boxBlanks = " \t_\u00a0\u3000"

// signs are the marks that may also stand inside brackets. The emoji are
// written without the variation selector, which may follow each of them.
var signs = []mark{
	{"✅", Done}, {"☑", Done}, {"☒", Done}, {"✔", Done}, {"✓", Done}, {"🗹", Done}, {"🗸", Done},
	{":white_check_mark:", Done}, {":heavy_check_mark:", Done}, {":ballot_box_with_check:", Done},
	{"❌", StepFailed}, {"✖", StepFailed}, {"✗", StepFailed}, {"✘", StepFailed}, {"⚠", StepFailed},
	{":x:", StepFailed}, {":heavy_multiplication_x:", StepFailed}, {":warning:", StepFailed},
	{"🔄", StepRunning}, {"⏳", StepRunning}, {"⌛", StepRunning}, {"🚧", StepRunning}, {":arrows_counterclockwise:", StepRunning},
	{":hourglass:", StepRunning}, {":hourglass_flowing_sand:", StepRunning}, {":construction:", StepRunning},
	{"⏭", Skipped}, {"⏩", Skipped}, {":next_track_button:", Skipped}, {":fast_forward:", Skipped},
	{"⬜", Pending}, {"☐", Pending}, {"□", Pending}, {"◻", Pending}, {"◽", Pending}, {"▢", Pending},
	{"🔲", Pending}, {"🔳", Pending}, {"🞎", Pending},
	{":white_large_square:", Pending}, {":black_square_button:", Pending}, {":white_square_button:", Pending},
}

// inputBox is a tick box in HTML.
var inputBox = text.Pattern(`(?i)^<input\s[^<>\n]*?\btype\s*=\s*["']?checkbox["']?[^<>\n]*>`)

// maxMark is the length in bytes of the longest mark that is read.
const maxMark = 200

// selectors are the variation selectors for emoji and for text presentation.
var selectors = []string{"\ufe0f", "\ufe0e"}

var stateMarks = map[State]string{Done: "✅", StepFailed: "❌", StepRunning: "🔄", Skipped: "⏭️"}

// Mark is how the state is written: "✅", "❌", "🔄", "⏭️" or "[ ]".
func (s State) Mark() string { return cmp.Or(stateMarks[s], "[ ]") }

// ParseMark reads the mark that s begins with. length is that of the mark in
// bytes, with brackets and variation selector, without the blanks that follow.
// A box may be bold, or have its brackets escaped, as some editors write it:
// "\[ \]". One with a sign in it that says nothing known, "[?]", is open; see
// [isUnclear]. "[x](address)" and "[x]: address" are links, not marks.
func ParseMark(s string) (state State, length int, ok bool) {
	if s == "" {
		return "", 0, false
	}
	switch s[0] {
	case '<':
		return parseInput(s)
	case '*', '_':
		return parseBoldBox(s)
	}
	if state, length, ok = parseSign(s); ok {
		return state, length, true
	}
	if state, length, ok = parseBox(s); !ok {
		return "", 0, false
	}
	rest := s[length:] // which may make a link of the box
	if rest != "" && (rest[0] == '(' || rest[0] == '[' || rest[0] == ':' && inBox(s[:length]) != "") {
		return "", 0, false
	}
	return state, length, true
}

func parseBox(s string) (State, int, bool) {
	rest, ok := cutBracket(s, "[", "［")
	if !ok {
		return "", 0, false
	}
	rest = strings.TrimLeft(rest, boxBlanks)
	state, n := parseTick(rest)
	rest, ok = cutBracket(strings.TrimLeft(rest[n:], boxBlanks), "]", "］")
	if !ok {
		return "", 0, false
	}
	return state, len(s) - len(rest), true
}

// cutBracket takes a bracket, perhaps an escaped one, or one of the width of
// Chinese characters.
func cutBracket(s, half, full string) (rest string, ok bool) {
	if rest, ok = strings.CutPrefix(s, full); ok {
		return rest, true
	}
	return strings.CutPrefix(strings.TrimPrefix(s, `\`), half)
}

// parseTick reads what stands in a box; nothing, or a single sign that is not
// known, is open.
func parseTick(s string) (State, int) {
	if state, n, ok := parseSign(s); ok {
		return state, n
	}
	for _, m := range ticks {
		if strings.HasPrefix(s, m.text) {
			return m.state, len(m.text)
		}
	}
	if r, n := utf8.DecodeRuneInString(s); n > 0 && isUnclearTick(r) {
		return Pending, n + len(s[n:]) - len(trimSelectors(s[n:]))
	}
	return Pending, 0
}

// isUnclearTick tells signs and punctuation that people tick boxes with and that
// have no one meaning. A letter or a number in brackets is more often a reference.
func isUnclearTick(r rune) bool {
	return (unicode.IsPunct(r) || unicode.IsSymbol(r)) && !strings.ContainsRune("\\[]［］`^|<…", r)
}

// isUnclear tells a box with a sign in it that says nothing known.
func isUnclear(mark string) bool {
	inner := inBox(mark)
	state, n := parseTick(inner)
	if n == 0 || state != Pending {
		return false
	}
	_, _, known := parseSign(inner)
	return !known
}

// inBox is what stands in a box: "x" of "[ x ]". It is "" for marks without
// brackets.
func inBox(mark string) string {
	open := strings.IndexAny(mark, "[［")
	if open < 0 {
		return ""
	}
	_, n := utf8.DecodeRuneInString(mark[open:])
	inner := mark[open+n:]
	if end := strings.LastIndexAny(inner, "]］"); end >= 0 {
		inner = inner[:end]
	}
	return strings.Trim(strings.TrimSuffix(inner, `\`), boxBlanks)
}

// isTicked tells a box with a cross or the like in it.
func isTicked(written string) bool {
	inner := inBox(written)
	return slices.ContainsFunc(ticks, func(m mark) bool { return m.state == Done && m.text == inner })
}

// struck is a text that is struck out as a whole, perhaps with a word on why.
var struck = text.Pattern(`^\s*(~~?)[^~\s](?:[^~]*[^~\s])?(~~?)\s*(.*)$`)

// isStruckOut tells an open box before a text that is struck out: people who write
// "- [ ] ~~Announce~~" mean that it does not apply. A sign is a state by itself.
func isStruckOut(mark, content string) bool {
	m := struck().FindStringSubmatch(strings.TrimSpace(content))
	if m == nil || m[1] != m[2] || !strings.ContainsAny(mark, "[［") || inBox(mark) != "" {
		return false
	}
	why := strings.Trim(m[3], "()-–—: ")
	return why == "" || why != m[3] && strings.HasPrefix(m[3], "(") || isIn(stateWords, why)
}

// parseBoldBox reads "**[x]**".
func parseBoldBox(s string) (State, int, bool) {
	inner := strings.TrimLeft(s, s[:1])
	around := s[:len(s)-len(inner)]
	state, n, ok := parseBox(inner)
	if !ok || len(around) > 3 || !strings.HasPrefix(inner[n:], around) {
		return "", 0, false
	}
	return state, 2*len(around) + n, true
}

func parseInput(s string) (State, int, bool) {
	if len(s) < 6 || !strings.EqualFold(s[:6], "<input") {
		return "", 0, false
	}
	tag := inputBox().FindString(s)
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
	return mark != "" && (strings.IndexByte(`[<\*_`, mark[0]) >= 0 || strings.HasPrefix(mark, "［") || isBallot(mark))
}

// isBallot reports whether a box is one character.
func isBallot(mark string) bool {
	switch r, _ := utf8.DecodeRuneInString(mark); r {
	case '☐', '☑', '☒', '□', '◻', '◽', '▢', '⬜', '🔲', '🔳', '🗹', '🞎':
		return true
	}
	return false
}

// boxAt reads a box that s begins with.
func boxAt(s string) (state State, length int, ok bool) {
	if !mayBeBox(s) {
		return "", 0, false
	}
	state, length, ok = ParseMark(s)
	return state, length, ok && isBox(s[:length]) && !isUnclear(s[:length])
}

// mayBeBox spares most texts a closer look.
func mayBeBox(s string) bool {
	return s != "" && (s[0] >= utf8.RuneSelf || strings.IndexByte(`[<\*_`, s[0]) >= 0)
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
		return m.state, len(s) - len(trimSelectors(rest)), true
	}
	return "", 0, false
}

func trimSelectors(s string) string {
	for _, v := range selectors {
		s = strings.TrimPrefix(s, v)
	}
	return s
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
