package site

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/render"
	"github.com/deploysite/deploysite/internal/secrets"
	"github.com/deploysite/deploysite/internal/text"
)

// maxWarnings is how many warnings about its HTML and links one file gets.
const maxWarnings = 100

// warnings collects what is wrong with the HTML and the links of one file.
type warnings struct {
	record   *records.Record
	lines    *text.Lines // of the file; a checklist's record may have another text
	problems []problem.Problem
	count    int
}

func newWarnings(r *records.Record, file []byte) *warnings {
	return &warnings{record: r, lines: text.NewLines(file)}
}

// layOut returns a file as HTML for its page, or its source if it cannot be laid out.
// The bytes are good until the body's next document.
func layOut(b *render.Body, r *records.Record, source []byte, w *warnings, at render.Place) []byte {
	if r.Document.Root != nil {
		at.Warn = w.warn
		h, err := b.Document(r, at)
		if err == nil {
			return secrets.MarkUp(h)
		}
		w.warn(problem.TooCostly, -1, "the text could not be laid out: "+err.Error(), "it is shown as source")
	}
	return secrets.MarkUp(asSource(string(source)))
}

// asSource is a text as a block of its own.
func asSource(text string) []byte {
	return []byte(`<pre class="source" tabindex="0">` + template.HTMLEscapeString(strings.ToValidUTF8(text, "\ufffd")) + "</pre>")
}

// warn takes a warning about an offset in the record; -1 stands for the whole file.
func (w *warnings) warn(rule problem.Rule, offset int, message, hint string) {
	if w.record.Imported() != "" { // nobody is asked to mend what was written long ago
		return
	}
	line, column := 0, 0
	if offset >= 0 {
		line, column = w.lines.Position(w.record.InFile(offset))
	}
	switch w.count++; {
	case w.count == maxWarnings+1:
		rule, message, hint = problem.ManyWarnings, fmt.Sprintf("more than %d warnings; those from here on are left out", maxWarnings), "mend the first ones"
	case w.count > maxWarnings:
		return
	}
	w.problems = append(w.problems, rule.At(w.record.File, line, column, message, hint))
}
