package tty

import (
	"fmt"
	"strings"

	"github.com/deploysite/deploysite/internal/text"
)

// A Table has a column of labels and a column of wrapped text.
type Table struct {
	strings.Builder
	Labels int // width of the first column
}

// Add writes lines beside a label. Without lines it writes nothing.
func (t *Table) Add(label string, lines ...string) {
	for _, line := range lines {
		line = text.Visible(strings.ReplaceAll(line, "\n", " "))
		indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
		for i, part := range Wrap(strings.Join(strings.Fields(line), " "), usual-1-t.Labels-len(indent)) {
			if i == 1 {
				indent += "  "
			}
			fmt.Fprintf(t, "%-*s%s%s\n", t.Labels, label, indent, part)
			label = ""
		}
	}
}
