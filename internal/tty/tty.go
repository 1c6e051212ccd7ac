// Package tty breaks what people read into lines that their terminal has
// room for, at blanks, so that no word, path or address is cut in two:
//
//	fmt.Fprintln(w, tty.Fit("deploysite.toml:3:1: error: …", tty.Width(w)))
//
// Output that does not go to a terminal stays as it is: programs want whole lines.
package tty

import (
	"errors"
	"io"
	"os"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/term"
)

const (
	usual  = 80 // columns to assume if a terminal does not say how many it has
	narrow = 20 // columns to use at least
)

// Is reports whether a stream is a terminal.
func Is(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Width is how many columns a line for w may have: one less than the terminal
// has, since some break a line that is full. It is 0 where w is no terminal.
func Width(w io.Writer) int {
	if !Is(w) {
		return 0
	}
	columns, _, err := term.GetSize(int(w.(*os.File).Fd()))
	if err != nil || columns == 0 {
		columns = usual
	}
	return max(columns, narrow) - 1
}

// Fit breaks the lines of a text that are longer than width columns. The rest of a
// line is indented by two more than the line. A width of 0 means no limit.
func Fit(text string, width int) string {
	if width <= 0 {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		rest := strings.TrimLeft(line, " ")
		indent := line[:len(line)-len(rest)]
		lines[i] = indent + strings.Join(Wrap(rest, max(width-len(indent), narrow)), "\n"+indent+"  ")
	}
	return strings.Join(lines, "\n")
}

// Command breaks a shell command so that it can still be copied: with a backslash at
// each break. A comment, which begins with " #", goes to a line of its own. A command
// with quotes is not broken.
func Command(line string, width int) string {
	command, comment, _ := strings.Cut(line, " #")
	command = strings.TrimRight(command, " ")
	if width <= 0 || ansi.WcWidth.StringWidth(line) <= width || strings.ContainsAny(command, `'"`) {
		return line
	}
	broken := strings.ReplaceAll(Fit(command, width-2), "\n", " \\\n")
	if comment == "" {
		return broken
	}
	indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
	return broken + "\n" + Fit(indent+"  #"+comment, width)
}

// Wrap breaks a line at blanks into lines of at most width columns, and two
// fewer for those after the first, which want an indent. A word that is longer
// has a line of its own: a path must stay in one piece to be copied. Several
// blanks within a line stay.
func Wrap(line string, width int) (lines []string) {
	rest := strings.TrimRight(line, " ")
	for ansi.WcWidth.StringWidth(rest) > width {
		end := lineEnd(rest, width)
		if end == len(rest) {
			break
		}
		lines = append(lines, strings.TrimRight(rest[:end], " "))
		rest = strings.TrimLeft(rest[end:], " ")
		if len(lines) == 1 {
			width -= 2
		}
	}
	return append(lines, rest)
}

// lineEnd is the last blank at which a line fits, else the first there is, else
// the line's end.
func lineEnd(line string, width int) int {
	end := len(line)
	for at := range line {
		if at == 0 || line[at] != ' ' || line[at-1] == ' ' {
			continue
		}
		if ansi.WcWidth.StringWidth(line[:at]) > width {
			return min(end, at)
		}
		end = at
	}
	return end
}

// Key waits for a key of a terminal, and drops what was typed before. key is "" for
// all that is no letter or sign, such as Enter. asked is called in between.
func Key(in *os.File, asked func(dropped bool)) (key string, err error) {
	state, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, term.Restore(int(in.Fd()), state)) }()
	asked(DropInput(in))
	var typed [64]byte // a key with a name comes as several bytes
	n, err := in.Read(typed[:])
	if n == 1 && typed[0] > ' ' && typed[0] < 0x7f {
		key = string(typed[:1])
	}
	return key, err
}
