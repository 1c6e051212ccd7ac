package render

import (
	"bytes"
	"fmt"
	"html"
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"

	east "github.com/yuin/goldmark/extension/ast"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// heading keeps the outline without gaps: a page has one h1, its title, and a
// level never jumps by more than one, as readers of outlines expect.
func (b *Body) heading(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*ast.Heading)
	if n == b.skip {
		return ast.WalkSkipChildren, nil
	}
	switch {
	case b.excerpt && entering:
		w.WriteString("<strong>")
		return ast.WalkContinue, nil
	case b.excerpt:
		w.WriteString("</strong>")
		return ast.WalkContinue, nil
	case entering:
		b.level = min(max(n.Level, 2), b.level+1)
	}
	s, ok := b.sections[n]
	step := b.steps[n]
	if !entering && step != nil {
		b.write(b.stampHTML(step))
	}
	level := strconv.Itoa(b.level)
	switch {
	case entering:
		b.write("<h", level)
		if ok {
			b.write(` id="`, html.EscapeString(s.ID), `"`)
		}
		if step == nil && s.Kind != records.NoNote && bare(n) {
			b.write(` class="bare"`)
		}
		b.stepBegin(n, step, true)
	case ok && s.Title != "":
		b.write(` <a class="anchor" href="#`, html.EscapeString(s.ID), `" aria-label="`, b.words.HTML("record.link-here"), `">#</a></h`, level, ">\n")
	default:
		b.write("</h", level, ">\n")
	}
	return ast.WalkContinue, nil
}

// bare reports whether a heading has nothing but empty items. Most records have some
// that were never filled in, and these take little room on the page.
func bare(h *ast.Heading) bool {
	for n := h.NextSibling(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Heading:
			return n.Level <= h.Level
		case *ast.List:
			for item := n.FirstChild(); item != nil; item = item.NextSibling() {
				if item.HasChildren() {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

func (b *Body) list(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*ast.List)
	name := "ul"
	if n.IsOrdered() {
		name = "ol"
	}
	if !entering {
		fmt.Fprintf(w, "</%s>\n", name)
		return ast.WalkContinue, nil
	}
	w.WriteString("<" + name)
	if n.IsOrdered() && n.Start != 1 {
		fmt.Fprintf(w, ` start="%d"`, n.Start)
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if b.steps[c] != nil {
			w.WriteString(` class="steps"`)
			break
		}
	}
	w.WriteString(">\n")
	return ast.WalkContinue, nil
}

func (b *Body) listItem(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		w.WriteString("</li>\n")
		return ast.WalkContinue, nil
	}
	w.WriteString("<li")
	step := b.steps[node]
	if id := b.ids[node]; step == nil && id != "" && !b.excerpt {
		b.write(` id="`, html.EscapeString(id), `"`)
	}
	b.stepBegin(node, step, false)
	return ast.WalkContinue, nil
}

// stepBegin ends the start tag of an element, and writes the state of its step. An
// element without an id gets the step's. A mark that makes no step, such as one in
// the notes, is written as it is.
func (b *Body) stepBegin(node ast.Node, step *records.Step, hasID bool) {
	if step == nil {
		b.write(">")
		if state, raw, marked := records.MarkOf(node); marked {
			mark := string(b.source[raw.Start:raw.End])
			failed := mark[0] == '[' && state == records.StepFailed // perhaps by a second mark, as in "[x] backup ❌"
			first, _ := utf8.DecodeRuneInString(mark)
			isSign := unicode.IsSymbol(first) && first != '<' || mark == ":warning:" // "⚠️" is more than "❌" says, or less
			if node.Kind() == ast.KindListItem && !isSign || mark[0] == '<' || failed {
				mark = state.Mark()
			}
			b.write(html.EscapeString(mark), " ")
		}
		return
	}
	b.write(` class="step `, string(step.State))
	if b.late[step] && !b.excerpt {
		b.write(" gap")
	}
	b.write(`"`)
	if !b.excerpt && !hasID {
		b.write(` id="`, html.EscapeString(step.ID), `"`)
	}
	b.write(">")
	if !b.excerpt && hasID {
		b.write(`<span id="`, html.EscapeString(step.ID), `"></span>`)
	}
	b.write(b.stateWord(step), " ")
}

// stateWord is the state in a word. For done and open only screen readers read it:
// everybody knows their marks.
func (b *Body) stateWord(step *records.Step) string {
	class := "word"
	if step.State == records.Done || step.State == records.Pending {
		class = "vh"
	}
	return `<span class="` + class + `">` + string(b.words.HTML("state."+string(step.State))) + "</span>"
}

func (b *Body) textBlock(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		b.stamp(w, node)
		if node.NextSibling() != nil {
			w.WriteByte('\n')
		}
	}
	return ast.WalkContinue, nil
}

func (b *Body) paragraph(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		b.stamp(w, node)
		w.WriteString("</p>\n")
		return ast.WalkContinue, nil
	}
	w.WriteString("<p>")
	return ast.WalkContinue, nil
}

// stamp writes who marked a step or wrote a note, and when, behind its own text.
func (b *Body) stamp(w util.BufWriter, block ast.Node) {
	if block.PreviousSibling() != nil {
		return
	}
	if step := b.steps[block.Parent()]; step != nil {
		b.write(b.stampHTML(step))
	} else if stamp, ok := records.StampOf(block.Parent()); ok {
		b.write(b.when(stamp.At, text.Join(", ", stamp.By, b.stepName(stamp))))
	}
}

func (b *Body) stampHTML(step *records.Step) string {
	return b.sinceStart(step) + b.when(step.At, step.By)
}

// when is a time, and what is said beside it.
func (b *Body) when(at time.Time, by string) string {
	if at.IsZero() && by == "" {
		return ""
	}
	stamp := ` <span class="stamp">`
	if !at.IsZero() {
		stamp += `<time datetime="` + at.Format(time.RFC3339) + `">` + html.EscapeString(b.words.Date("clock", at)) + "</time>"
	}
	if by != "" {
		stamp += " " + html.EscapeString(by)
	}
	return stamp + "</span>"
}

// lateSteps are those marked ten minutes or more after the one before: a gap in the log.
func lateSteps(steps []records.Step) map[*records.Step]bool {
	late := map[*records.Step]bool{}
	var last time.Time
	for i := range steps {
		at := steps[i].At
		if at.IsZero() {
			continue
		}
		late[&steps[i]] = !last.IsZero() && at.Sub(last) >= 10*time.Minute
		last = at
	}
	return late
}

// sinceStart is how long after the start a step was marked, hours and minutes, for the
// margin; "" where that is not known, or says nothing.
func (b *Body) sinceStart(step *records.Step) string {
	since := step.At.Sub(b.started.Time)
	if b.excerpt || step.At.IsZero() || b.started.IsZero() || b.started.DateOnly || since < 0 || since >= 100*time.Hour {
		return ""
	}
	return fmt.Sprintf(`<span class="at" aria-hidden="true">+%d:%02d</span>`, int(since.Hours()), int(since.Minutes())%60)
}

func (b *Body) table(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	// The wrapper scrolls, not the page; whoever uses the keyboard must reach it.
	if entering {
		b.write(`<div class="scroll" tabindex="0" role="group" aria-label="`, b.words.HTML("record.table"), `"><table>`, "\n")
	} else {
		w.WriteString("</table></div>\n")
	}
	return ast.WalkContinue, nil
}

func (b *Body) tableCell(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*east.TableCell)
	name := "td"
	if n.Parent().Kind() == east.KindTableHeader && n.HasChildren() {
		name = "th" // an empty cell is the heading of nothing
	}
	step := b.steps[n]
	if !entering {
		if step != nil {
			b.write(b.stampHTML(step))
		}
		w.WriteString("</" + name + ">\n")
		return ast.WalkContinue, nil
	}
	b.warnLost(n)
	w.WriteString("<" + name)
	if step == nil && (n.Alignment == east.AlignRight || n.Alignment == east.AlignCenter) {
		fmt.Fprintf(w, ` class="%s"`, n.Alignment) // the policy allows no style attribute
	}
	b.stepBegin(n, step, false)
	return ast.WalkContinue, nil
}

// warnLost warns of what stands behind the last column of a table's row: Markdown leaves
// it out. Cells that are empty are no loss.
func (b *Body) warnLost(last *east.TableCell) {
	if b.excerpt || last.NextSibling() != nil || last.Lines().Len() == 0 {
		return
	}
	line := last.Lines().At(0)
	at := line.Stop
	end := at + len(text.FirstLine(b.source[at:]))
	for at < end && (b.source[at] != '|' || at > line.Start && b.source[at-1] == '\\') {
		at++ // what was cut from the cell, such as a stamp
	}
	behind := b.source[at:end]
	lost := bytes.TrimLeft(behind, "| \t\r\n")
	if said := bytes.TrimRight(lost, "| \t\r\n"); len(said) > 0 {
		b.at.Warn(problem.LostCells, at+len(behind)-len(lost), fmt.Sprintf("the row has more cells than the table has columns; “%s” is not shown", text.OneLine(string(said), 60)),
			`write \| for a | inside a cell, in code as well, or add a column to the table's head`)
	}
}
