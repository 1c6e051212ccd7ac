package records

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	gtext "github.com/yuin/goldmark/text"

	"github.com/deploysite/deploysite/internal/text"
)

// Some steps are not list items: lines, headings and cells with a box. Their marks
// are taken out while Markdown is parsed, like those of list items, so that pages,
// steps and edits use the same tree.

// lineTransformer makes a list of the lines of a paragraph that begin with a box.
// Markdown would join them, which not everybody knows:
//
//	☐ Take a backup
//	☐ Switch the traffic
//
// A line without a box continues the item above it. A line with two boxes, such as
// "[ ] yes [ ] no", is a question and not a step.
type lineTransformer struct{}

func (lineTransformer) Transform(node *ast.Paragraph, reader gtext.Reader, pc parser.Context) {
	parent, lines, source := node.Parent(), node.Lines(), reader.Source()
	if m := meterOf(pc); m.underlined == node {
		m.underlined = nil
		return
	}
	if _, ok := parent.(*ast.ListItem); ok && node.PreviousSibling() == nil {
		return // its mark is the item's
	}
	if !listLines(node, 0, source, meterOf(pc)) {
		return
	}
	if lines.Len() == 0 {
		parent.RemoveChild(parent, node)
		return
	}
	last := lines.At(lines.Len() - 1)
	lines.Set(lines.Len()-1, last.TrimRightSpace(source))
}

// listLines makes a list of the lines of a paragraph, from the first one on, of
// those from i on, that begins with a box. It stands behind the paragraph, which
// keeps the others.
func listLines(node *ast.Paragraph, i int, source []byte, m *meter) bool {
	lines := node.Lines()
	first := nextBoxLine(lines, i, source)
	if first >= lines.Len() {
		return false
	}
	list := ast.NewList('-')
	list.SetPos(textOf(lines.At(first), source).Start)
	for from := first; from < lines.Len(); {
		to := nextBoxLine(lines, from+1, source)
		m.addNodes(2 * blockNodes)
		list.AppendChild(list, lineItem(lines, from, to, source))
		from = to
	}
	node.Parent().InsertAfter(node.Parent(), node, list)
	lines.SetSliced(0, first)
	return true
}

// nextBoxLine is the index of the first line, of those from i on, that begins
// with a box, or the number of lines.
func nextBoxLine(lines *gtext.Segments, i int, source []byte) int {
	for ; i < lines.Len(); i++ {
		if beginsWithBox(lineAt(lines, i, source)) {
			break
		}
	}
	return i
}

func lineAt(lines *gtext.Segments, i int, source []byte) []byte {
	line := textOf(lines.At(i), source)
	return source[line.Start:line.Stop]
}

// textOf is a line's segment without the blanks around it.
func textOf(line gtext.Segment, source []byte) gtext.Segment {
	line = line.TrimLeftSpace(source)
	return line.TrimRightSpace(source)
}

func beginsWithBox(line []byte) bool {
	line = line[bulletBeforeBox(line):]
	_, n, ok := boxAt(markText(line))
	return ok && n < len(line) && !holdsBox(string(line[n:]))
}

// lineBullet is what people put in front of a box: a bullet of Markdown, without
// the blank that it needs; one of an office program; a number.
var lineBullet = text.Pattern(`^(?:[-+•·‣▪▫◦●■►▶▸→⇒➜➤✦★»–—①-⑳]|\d{1,3}(?:\.\d{1,3}){0,3}[.)、．）]?|[一二三四五六七八九十]{1,3}、|（\d{1,3}）|(?:[A-Za-z]|[ivx]{2,4}|[IVX]{2,4})[.)]|\((?:\d{1,3}|[A-Za-z])\))[ \t]*|^\*(?:[ \t]+|\[)`)

// bulletBeforeBox is the length of the bullet of "- [ ] …". It is a part of a line
// only where it begins no list: without a blank behind it, or where a line above
// began none, as in the blocks of MkDocs.
func bulletBeforeBox(line []byte) int {
	if len(line) == 0 || line[0] == '[' || line[0] >= 'A' && line[0] < utf8.RuneSelf && !bytes.ContainsAny(line[:min(len(line), 6)], ".)") {
		return 0 // most are done with here
	}
	n := len(lineBullet().Find(line))
	if n > 0 && line[n-1] == '[' { // "*[ ] a", but not "*[ ] a*", which is all in italics
		if n--; bytes.HasSuffix(bytes.TrimRight(line, " \t\r\n"), []byte("*")) {
			return 0
		}
	}
	return n
}

// lineItem makes a list item of some lines.
func lineItem(lines *gtext.Segments, from, to int, source []byte) *ast.ListItem {
	item, block := ast.NewListItem(0), ast.NewTextBlock()
	for i := from; i < to; i++ {
		line := lines.At(i)
		line = line.TrimLeftSpace(source)
		if i == to-1 {
			line = line.TrimRightSpace(source)
		}
		block.Lines().Append(line)
	}
	first := block.Lines().At(0)
	item.SetPos(first.Start)
	bullet := bulletBeforeBox(source[first.Start:first.Stop])
	block.Lines().Set(0, first.WithStart(first.Start+bullet))
	block.SetPos(item.Pos())
	item.AppendChild(item, block)
	cutInto(item, block.Lines(), source, boxAt)
	onlyBoxes(item)
	return item
}

// isLine reports whether [lineTransformer] made an item of a line.
func isLine(item *ast.ListItem) bool {
	m, ok := cutFrom(item)
	return ok && m.boxed
}

// cutHeading takes the box from a heading such as "### [ ] Step 3: Migrate". Of the
// boxes that are one character only open ones are read: a ☑ in a heading is mostly
// decoration.
func cutHeading(h *ast.Heading, source []byte) {
	if h.Parent() == nil || h.Parent().Kind() != ast.KindDocument || h.Lines().Len() == 0 {
		return
	}
	line := h.Lines().At(0)
	if !beginsWithBox(source[line.Start:line.Stop]) {
		return
	}
	if cutInto(h, h.Lines(), source, headingBox) {
		onlyBoxes(h)
	}
}

func headingBox(s string) (state State, length int, ok bool) {
	state, length, ok = boxAt(s)
	return state, length, ok && (state == Pending || !isBallot(s[:length]))
}

// cutCells takes the marks from a table's cells: a box in any column, and a sign in a
// column with a heading such as "Status" or "Done". In other columns a ✅ may mean that
// something is required, or supported.
//
// A marked cell costs as much of the budget as a list item, see [meter].
func cutCells(table *extensionast.Table, source []byte, m *meter) {
	var inStatus, eastern []bool // by column
	for i, row := range children(table) {
		for column, c := range children(row) {
			if i == 0 {
				inStatus = append(inStatus, isStatusHead(c, source))
				eastern = append(eastern, inStatus[column] && isEastern(c.Lines().Value(source)))
				continue
			}
			cell, ok := c.(*extensionast.TableCell)
			if !ok {
				continue
			}
			if column < len(eastern) && eastern[column] && cutCircle(cell, source) {
				m.addNodes(2 * blockNodes)
			} else if cutCell(cell, column < len(inStatus) && inStatus[column], column == 0, source) {
				m.addNodes(2 * blockNodes)
			}
		}
	}
}

// cutCircle takes the sign from a cell of a column with an East Asian head, in which
// people write ○ for yes and × for no. Elsewhere a circle may be an empty one.
func cutCircle(cell *extensionast.TableCell, source []byte) bool {
	state, ok := circles[strings.TrimSpace(string(cell.Lines().Value(source)))]
	return ok && cutInto(cell, cell.Lines(), source, func(s string) (State, int, bool) { return state, len(strings.TrimSpace(s)), true })
}

var circles = map[string]State{"○": Done, "◯": Done, "〇": Done, "◎": Done, "×": StepFailed, "✕": StepFailed}

// isEastern reports whether a text has a letter of a script of East Asia.
func isEastern(s []byte) bool {
	return bytes.ContainsFunc(s, func(r rune) bool {
		return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
	})
}

func cutCell(cell *extensionast.TableCell, inStatus, first bool, source []byte) bool {
	if cell.Lines().Len() == 0 {
		return false
	}
	segment := cell.Lines().At(0)
	written := source[segment.Start:segment.Stop]
	_, n, ok := ParseMark(markText(written))
	if !ok || holdsBox(string(written[n:])) {
		return false
	}
	if !isBox(string(written[:n])) && !(inStatus && (saysNoMore(written[n:]) || !first && agreesWithMark(string(written)))) {
		return false
	}
	cutInto(cell, cell.Lines(), source, ParseMark)
	m, _ := cutFrom(cell)
	if word := stateWordIn(cell.Lines(), source); m.end.IsZero() && !word.IsZero() {
		m.end, m.stateWord, m.own.End = word, true, m.own.Start
	}
	m.boxed = !inStatus || m.own.End > m.own.Start
	cell.SetAttributeString(markAttribute, m)
	return true
}

// saysNoMore reports whether a sign in a cell is followed by nothing but a word for
// the state, or a stamp. "❌ at first, ✅ after a minute" is a remark.
func saysNoMore(rest []byte) bool {
	text := strings.TrimSpace(comment().ReplaceAllString(string(rest), ""))
	return text == "" || isIn(stateWords, text)
}

// agreesWithMark reports whether the words behind a sign in a cell are a remark that goes
// with it: "✅ 152 tests", "❌ timeout", but not "✅ ready next week" or "✅ mostly". What a ⚠ with
// words means, nobody knows.
func agreesWithMark(written string) bool {
	state, n, _ := ParseMark(written)
	said := strings.ReplaceAll(ratio().ReplaceAllString(plainLine(written[n:]), "$1 of $2"), "/", " ")
	words, status := strings.Fields(text.Fold(said)), markStatus[state]
	if status != Succeeded {
		words = withoutNots(words)
	}
	if status == Succeeded && len(words) == 1 && nones[words[0]] {
		return true
	}
	isPlan := status == Succeeded && slices.ContainsFunc(words, func(word string) bool { return plans[word] })
	return status != "" && !strings.HasPrefix(written, "⚠") && !isPlan && !saysOther(words, status) && !isDoubtful(said, status)
}

// nones say by themselves how many there were, as "none" does: "✅ zero".
var nones = text.Set(`zero, keine, aucun, aucune, ninguna, nenhum, nenhuma, nessuna, geen, brak`)

// withoutNots leaves out what words say was not, as a failure has it, "not installed" and
// "not yet done". What did not fail, or was not needed, stays: it contradicts.
func withoutNots(words []string) (rest []string) {
	for i := 0; i < len(words); i++ {
		if !noes[words[i]] {
			rest = append(rest, words[i])
			continue
		}
		next := i + 1
		for next < len(words) && yets[words[next]] {
			next++
		}
		status, n := firstStatus(words[min(next, len(words)):])
		switch {
		case n > 0 && status == Succeeded:
			i = next + n - 1
		case n > 0, next < len(words) && needs[words[next]]:
			rest = append(rest, words[i])
		}
	}
	return rest
}

// yets stand between a no and what was not, and needs are what is skipped rather than missed.
var (
	yets  = text.Set(`yet, been, be, fully, quite, was, is, noch, encore, été, aún, todavía, ainda, foi, ancora, stato, nog, ещё, еще, был, была, было`)
	needs = text.Set(`needed, required, necessary, applicable, relevant, nötig, erforderlich, notwendig, relevante, requis, requise, nécessaire, necesario, necesaria, necessário, necessária, aplica, aplicável, aplicable, necessario, nodig, нужно, требуется, fail`)
)

// ratio matches "12/14".
var ratio = text.Pattern(`(\d+) ?/ ?(\d+)`)

// stateWordIn is the word of a cell such as "⬜ Pending". It belongs to the mark: it would
// be wrong as soon as that changes. It stays in the cell, since not each cell is a step's.
func stateWordIn(lines *gtext.Segments, source []byte) text.Span {
	rest := textOf(lines.At(0), source)
	if rest.Len() == 0 || !isIn(stateWords, string(source[rest.Start:rest.Stop])) {
		return text.Span{}
	}
	return text.Span{Start: rest.Start, End: rest.Stop}
}
