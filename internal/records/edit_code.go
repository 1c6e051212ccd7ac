package records

import (
	"fmt"
	"strings"

	"github.com/deploysite/deploysite/internal/text"
)

// escapes are the control sequences of a terminal: colours and cursor (CSI), titles
// and links (OSC), character sets.
var escapes = text.Pattern("\x1b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\x07\x1b]*(?:\x07|\x1b\\\\)|[PX^_][^\x1b]*\x1b\\\\|[ -/]+[0-~]|[0-Z\\\\^-~])|\u009b[0-?]*[ -/]*[@-~]")

// maxCode is how many lines of a message are kept: the first and the last ones.
const (
	maxCode     = 400
	maxCodeLine = 2000 // bytes
)

// CleanCode prepares a pasted message or log for a code block. It takes out control
// characters and shortens what is too long. Of a line that was overwritten, such as a
// progress bar, the last version is kept.
func CleanCode(s string) string {
	s = escapes().ReplaceAllString(strings.ReplaceAll(s, "\r\n", "\n"), "")
	lines := strings.Split(strings.Trim(s, "\n"), "\n") // a last line has an end as well
	for i, line := range lines {
		line = strings.TrimRight(line, "\r")
		line = strings.TrimRight(printable(line[strings.LastIndexByte(line, '\r')+1:]), " \t")
		if len(line) > maxCodeLine {
			line = strings.ToValidUTF8(line[:maxCodeLine], "") + "…"
		}
		lines[i] = line
	}
	if more := len(lines) - maxCode; more > 0 {
		left := fmt.Sprintf("[… %d lines left out …]", more+1)
		lines = append(append(lines[:maxCode/4:maxCode/4], left), lines[len(lines)-maxCode*3/4+1:]...)
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}
