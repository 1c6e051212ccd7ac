package runner

import (
	"slices"
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"github.com/deploysite/deploysite/internal/text"
)

// input is a line of text that is being written, with the keys that shells have
// for it. It is small enough to need no library of widgets.
type input struct {
	text []rune
	at   int // where the cursor is
}

// insert puts a text in front of the cursor. Line breaks become blanks; what
// would steer a terminal is left out, as it is from the record.
func (in *input) insert(s string) {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case text.Visible(string(r)) != string(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	added := []rune(s)
	in.text = slices.Insert(in.text, in.at, added...)
	in.at += len(added)
}

// key handles a key.
func (in *input) key(k tea.KeyPressMsg) {
	switch k.String() {
	case "left", "ctrl+b":
		in.at = in.step(-1)
	case "right", "ctrl+f":
		in.at = in.step(1)
	case "home", "ctrl+a":
		in.at = 0
	case "end", "ctrl+e":
		in.at = len(in.text)
	case "ctrl+left", "alt+left", "alt+b":
		in.at = in.word(-1)
	case "ctrl+right", "alt+right", "alt+f":
		in.at = in.word(1)
	case "backspace", "ctrl+h", "shift+backspace":
		in.remove(in.step(-1))
	case "delete", "ctrl+d":
		in.remove(in.step(1))
	case "ctrl+w", "alt+backspace":
		in.remove(in.word(-1))
	case "alt+d":
		in.remove(in.word(1))
	case "ctrl+u":
		in.remove(0)
	case "ctrl+k":
		in.remove(len(in.text))
	default:
		in.insert(k.Text)
	}
}

// step is the place one character to the left or right. What belongs to one,
// such as an accent, is not parted from it.
func (in *input) step(by int) int {
	at := in.at + by
	for at > 0 && at < len(in.text) && (unicode.IsMark(in.text[at]) || joins(in.text[at])) {
		at += by
	}
	return max(0, min(at, len(in.text)))
}

// word is the place one word to the left or right.
func (in *input) word(by int) int {
	at := in.at
	next := func() int { return at + min(by, 0) } // the character that is passed
	inside := func() bool { return next() >= 0 && next() < len(in.text) }
	for inside() && in.text[next()] == ' ' {
		at += by
	}
	for inside() && in.text[next()] != ' ' {
		at += by
	}
	return at
}

// remove removes what stands between the cursor and another place.
func (in *input) remove(to int) {
	from := min(in.at, to)
	in.text = slices.Delete(in.text, from, max(in.at, to))
	in.at = from
}

func (in *input) String() string { return strings.TrimSpace(string(in.text)) }

// visible is the part of the text around the cursor that fits into n columns, and
// the cursor's column in it. It looks at no more than that part: what was pasted
// may be long.
func (in *input) visible(n int) (s string, cursor int) {
	n = max(n, 1)
	from := in.at
	for columns := 0; from > 0 && in.at-from < n; from-- {
		if columns += width(string(in.text[from-1])); columns >= n {
			break
		}
	}
	until := min(len(in.text), from+2*n)
	return head(string(in.text[from:until]), n), width(string(in.text[from:in.at]))
}
