package site

import (
	"fmt"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// maxWarnings is how many warnings about its HTML and links one file gets.
const maxWarnings = 100

// warnings collects what is wrong with the HTML and the links of one file.
type warnings struct {
	record   *records.Record
	lines    *text.Lines // of the file, which a checklist's record differs from
	problems []problem.Problem
	count    int
}

func newWarnings(r *records.Record, file []byte) *warnings {
	return &warnings{record: r, lines: text.NewLines(file)}
}

// warn takes a warning about an offset in the record; -1 stands for the whole file.
func (w *warnings) warn(offset int, message, hint string) {
	if w.record.Imported() != "" { // nobody is asked to mend what was written long ago
		return
	}
	p := problem.Problem{File: w.record.File, Severity: problem.Warning, Message: message, Hint: hint}
	if offset >= 0 {
		p.Line, p.Column = w.lines.Position(w.record.InFile(offset))
	}
	switch w.count++; {
	case w.count == maxWarnings+1:
		p.Message, p.Hint = fmt.Sprintf("more than %d warnings; those from here on are left out", maxWarnings), "mend the first ones"
	case w.count > maxWarnings:
		return
	}
	w.problems = append(w.problems, p)
}
