package work

import (
	"cmp"
	"strings"

	"github.com/deploysite/deploysite/internal/recall"
	"github.com/deploysite/deploysite/internal/text"
)

// maxHeadline is the longest headline in characters.
const maxHeadline = 160

// Headline is the first line of a log that says what went wrong, or else its
// first line, in code.
func Headline(log string) string {
	first := ""
	for line := range strings.Lines(log) {
		line = strings.TrimSpace(strings.Map(printable, line))
		first = cmp.Or(first, line)
		if recall.Complains(line) {
			first = line
			break
		}
	}
	first = text.Cut(first, maxHeadline)
	fence := "`"
	for strings.Contains(first, fence) {
		fence += "`"
	}
	if len(fence) > 1 {
		return fence + " " + first + " " + fence
	}
	return fence + first + fence
}

// IsHeadline tells a message that its headline shows whole.
func IsHeadline(log string) bool {
	log = strings.TrimSpace(log)
	return !strings.Contains(log, "\n") && len(log) <= maxHeadline
}

func printable(r rune) rune {
	if r < ' ' || r == 0x7f {
		return ' '
	}
	return r
}
