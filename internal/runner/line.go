package runner

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// A line of the screen is made of pieces, so that it can be measured and cut
// before there is an escape sequence in it.
type line []piece

type piece struct {
	text  string
	style style
}

// style is what a piece looks like. Colours are the terminal's own sixteen, which
// suit its background. A colour never says anything that words do not say as well.
type style uint8

const (
	bold style = 1 << iota
	dim
	red
	green
	cyan

	plain style = 0
)

// inStyle is a line in one style.
func inStyle(text string, s style) line { return line{{text, s}} }

// String is the line without its styles.
func (l line) String() string {
	var b strings.Builder
	for _, p := range l {
		b.WriteString(p.text)
	}
	return b.String()
}

// styled is the line for a terminal.
func (l line) styled() string {
	var b strings.Builder
	for _, p := range l {
		b.WriteString(p.style.ansi().Styled(p.text))
	}
	return b.String()
}

func (s style) ansi() (a ansi.Style) {
	if s&bold != 0 {
		a = a.Bold()
	}
	if s&dim != 0 {
		a = a.Faint()
	}
	for of, color := range map[style]ansi.Color{red: ansi.Red, green: ansi.Green, cyan: ansi.Cyan} {
		if s&of != 0 {
			a = a.ForegroundColor(color)
		}
	}
	return a
}

// width is how many columns a text takes. It is the sum of its characters', which
// is what terminals agree on: [shown] leaves none that another one changes.
func width(s string) (n int) {
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

func runeWidth(r rune) int {
	if r < 0x80 {
		return 1 // there are no control characters
	}
	return ansi.WcWidth.StringWidth(string(r))
}

func (l line) width() (n int) {
	for _, p := range l {
		n += width(p.text)
	}
	return n
}

// head is as much of a text as fits into n columns.
func head(s string, n int) string {
	for i, r := range s {
		if n -= runeWidth(r); n < 0 {
			return s[:i]
		}
	}
	return s
}

// cut is the line in at most n columns; “…” stands for what is left out.
func (l line) cut(n int) line {
	if l.width() <= n {
		return l
	}
	var out line
	for _, p := range l {
		if w := width(p.text); w < n {
			out, n = append(out, p), n-w
			continue
		}
		if n > 0 {
			out = append(out, piece{head(p.text, n-1) + "…", p.style})
		}
		break
	}
	return out
}

// withRight puts another line at the right end of n columns. It is whole as long
// as there is room; the line at the left is cut.
func (l line) withRight(right line, n int) line {
	if len(right) == 0 {
		return l.cut(n)
	}
	right = right.cut(n)
	l = l.cut(max(0, n-right.width()-2))
	gap := max(0, n-l.width()-right.width())
	return append(append(append(line{}, l...), piece{text: strings.Repeat(" ", gap)}), right...)
}

// wrap breaks a line at blanks into lines of at most n columns. A word that is
// longer is broken where the line ends.
func (l line) wrap(n int) (lines []line) {
	n = max(n, 2) // no character is wider
	var at line
	used := 0
	for _, word := range l.words() {
		w := word.width()
		if used > 0 && used+1+w > n {
			lines, at, used = append(lines, at), nil, 0
		}
		if used > 0 {
			at, used = append(at, piece{" ", plain}), used+1
		}
		for _, p := range word {
			for used+width(p.text) > n {
				first := head(p.text, n-used)
				if first == "" && used == 0 {
					break // it fits nowhere
				}
				at = append(at, piece{first, p.style})
				lines, at, used = append(lines, at), nil, 0
				p.text = p.text[len(first):]
			}
			at, used = append(at, p), used+width(p.text)
		}
	}
	if len(at) > 0 || len(lines) == 0 {
		lines = append(lines, at)
	}
	return lines
}

// words splits the line at blanks.
func (l line) words() (words []line) {
	var word line
	end := func() {
		if len(word) > 0 {
			words, word = append(words, word), nil
		}
	}
	for _, p := range l {
		for i, part := range strings.Split(p.text, " ") {
			if i > 0 {
				end()
			}
			if part != "" {
				word = append(word, piece{part, p.style})
			}
		}
	}
	end()
	return words
}

// indented puts something before the first of some lines, and blanks before the
// others.
func indented(first piece, lines []line) []line {
	out := make([]line, 0, len(lines))
	for i, l := range lines {
		if i == 1 {
			first = piece{text: strings.Repeat(" ", width(first.text))}
		}
		out = append(out, append(line{first}, l...))
	}
	return out
}
