package records

import (
	"bytes"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/text"
)

// What looks like a box and is not read as one: it may mean something else, or
// nobody knows what. It is text then, and a warning says so, lest a step is lost.

const boxHint = "write [ ] for an open step, [x] for one that is done, [-] for one that was skipped"

var (
	// roundBox is "( )", "(x)", "{ }" and the like, and what wikis write for a tick: "(/)".
	roundBox = text.Pattern(`^(?:[(（][ \x{A0}\x{3000}xX✓✔✗✘/]?[)）]|\{[ xX]?\}|【[ \x{3000}xX✓✔]?】|!\[\((?:tick|cross|error)\)\])`)
	// markedUp is what may stand around a text that begins with a box.
	markedUp = text.Pattern(`^(?:\*{1,3}|_{1,3}|~{1,2})`)
	// linkAfter makes a link of a box, or its address.
	linkAfter = text.Pattern(`^(?:\((?:[^()\s]*|<[^>]*>)(?:\s+["'(].*)?\)|\[|:\s*\S*\s*$)`)
	// codeBox is a box in code.
	codeBox = text.Pattern("^`\\s*\\[[^`]{0,3}\\]\\s*`")
	// wordBox is "[done]", or a letter that stands for something.
	wordBox = text.Pattern(`^\\?\[\s*(\pL[\pL/ ]{0,15})\s*\\?\](?:[^(\[:]|$)`)
	// wordFirst is "DONE: …".
	wordFirst = text.Pattern(`^(\p{Lu}[\p{Lu}/]{1,15})(?::| [-–—] )`)
	// bothSigns is a box with several signs: "[✅❌]" in a form, of which one was to stay.
	bothSigns = text.Pattern(`^\\?\[[ /|]*(?:[✅❌✔✖☑☒✓✗✘❎⚠][\x{FE0F} /|]*){2,}\\?\]`)
	// lightSign is a sign that some teams mark steps with, and others priorities.
	lightSign = text.Pattern(`^(?:\[<\]|\((?:[!?+*-]|on|off|[yn])\)|[🟢🔴🟡🟠🔵⚪⚫⭕🆗🚫⛔🛑❎✳✴👍👎○●◯〇◎⬛■◼❏❑🟩🟥🗵⏸➖❓]|:(?:negative_squared_cross_mark|no_entry|no_entry_sign|ok|large_green_circle|green_circle|red_circle|yellow_circle|white_circle|check_mark|cross_mark|tick|cross):|&(?:#x?[0-9A-Fa-f]{3,6}|check|cross);)`)
)

// almostBoxes warns of the items of lists that begin with what is almost a box, and of
// rows without one in tables that have boxes.
func (p *parse) almostBoxes(n ast.Node) {
	switch n := n.(type) {
	case *ast.List:
		p.almostInList(n)
	case *extensionast.Table:
		p.almostInTable(n)
		return
	case *ast.Paragraph, *ast.TextBlock:
		p.almostInLines(n)
		return
	case *ast.LinkReferenceDefinition:
		if at, ok := p.definedBox(n); ok {
			p.almost(at)
		}
		return
	}
	for c := n.FirstChild(); c != nil && c.Type() == ast.TypeBlock; c = c.NextSibling() {
		p.almostBoxes(c)
	}
}

func (p *parse) almostInList(list *ast.List) {
	var sure, maybe, behind []text.Span
	items, marked := 0, false
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		items++
		if isMarked(item) {
			marked = true
			continue
		}
		first := item.FirstChild()
		if first == nil || first.Type() != ast.TypeBlock || first.Lines().Len() == 0 {
			continue
		}
		line := textOf(first.Lines().At(0), p.text)
		begin := string(p.text[line.Start:min(line.Stop, line.Start+60)])
		if _, start, ok := endMark(string(p.text[line.Start:line.Stop])); ok && p.part == noFacts {
			behind = append(behind, text.Span{Start: line.Start + start, End: line.Stop})
		}
		if n := almostBox(begin); n > 0 {
			sure = append(sure, text.Span{Start: line.Start, End: line.Start + n})
		} else if n := maybeBox(begin); n > 0 {
			maybe = append(maybe, text.Span{Start: line.Start, End: line.Start + n})
		}
	}
	if marked || len(sure) > 0 || items > 1 && len(maybe) == items { // among steps, or all alike
		sure = append(sure, maybe...)
	}
	if len(sure) == 0 && items > 1 && len(behind) == items && !p.tells() { // "- Backup: ✅"
		sure = behind[:1]
	}
	for _, at := range sure {
		p.almost(at)
	}
}

// definedBox tells "[x]: Migrate", which Markdown takes for the address of a link, and shows
// nowhere, from one that has an address.
func (p *parse) definedBox(n ast.Node) (text.Span, bool) {
	d, ok := n.(*ast.LinkReferenceDefinition)
	if !ok || d.Lines().Len() == 0 {
		return text.Span{}, false
	}
	line := textOf(d.Lines().At(0), p.text)
	m := boxDefined().FindSubmatchIndex(p.text[line.Start:line.Stop])
	if m == nil {
		return text.Span{}, false
	}
	return text.Span{Start: line.Start + m[2], End: line.Start + m[3]}, true
}

// boxDefined matches a box that defines a link to a word.
var boxDefined = text.Pattern(`^\s*(\[[xXvV✓✔✅❌]\x{FE0F}?\]):\s*[^\s./:#<>]+\s*$`)

var (
	// boxAtEnd is a box behind the text of a line.
	boxAtEnd = text.Pattern(`[^\s\x60(\[].*?[\s:](\\?\[[ xX✓✔]?\\?\]|[☐☑☒□⬜🔲])\x{FE0F}?\s*$`)
	// wikiMark begins a line in a wiki that has a mark.
	wikiMark = text.Pattern(`^\([/x !?-]\)\s`)
	// stepBefore is what stands before the box of "Step 1: [ ] Migrate".
	stepBefore = text.Pattern(`^(?i:step|schritt|étape|etapa|paso|passo|stap|шаг|手順|ステップ|步骤|단계) ?\d{1,3} ?[:：.)–-] *(\\?\[[ xX✓✔]?\\?\])`)
)

// almostInLines warns of boxes in the lines of a text that is no step: at the end of a
// line, in bold, several in a line, or behind "Step 1:".
func (p *parse) almostInLines(n ast.Node) {
	if item, ok := n.Parent().(*ast.ListItem); ok && isMarked(item) {
		return
	}
	lines := n.Lines()
	if at := p.signsInLines(n); !at.IsZero() {
		p.almost(at)
		p.r.almost[len(p.r.almost)-1].Hint = "write “- ” in front of each line, and a blank line before the first"
		return
	}
	for i := range lines.Len() {
		line := textOf(lines.At(i), p.text)
		written := string(p.text[line.Start:line.Stop])
		if _, ok := n.Parent().(*ast.ListItem); !ok && p.isWikiMark(line.Start) {
			p.almost(text.Span{Start: line.Start, End: line.Start + len("(/)")})
			continue
		}
		if !strings.ContainsAny(written, "[☐☑☒□⬜🔲") || len(written) > 400 {
			continue
		}
		if at := boxesForStates(written); at.End > 0 && !(p.part != noFacts && strings.HasSuffix(strings.TrimSpace(written[:at.Start]), ":")) {
			p.almost(text.Span{Start: line.Start + at.Start, End: line.Start + at.End})
			continue
		}
		if m := boxAtEnd().FindStringSubmatchIndex(written); m != nil && strings.Count(written[:m[2]], "`")%2 == 0 {
			p.almost(text.Span{Start: line.Start + m[2], End: line.Start + m[3]})
			continue
		}
		if m := stepBefore().FindStringSubmatchIndex(written); m != nil {
			p.almost(text.Span{Start: line.Start + m[2], End: line.Start + m[3]})
			continue
		}
		if n.Kind() != ast.KindParagraph {
			continue // almostInList looks at its begin
		}
		around := len(markedUp().FindString(written))
		if _, n, ok := boxAt(written[around:]); ok && (around > 0 || holdsBox(written[n:])) {
			p.almost(text.Span{Start: line.Start, End: line.Start + around + n})
		}
	}
}

// isWikiMark reports whether there is a mark as wikis have it, in a record that has one for a tick.
func (p *parse) isWikiMark(at int) bool {
	return wikiMark().Match(p.text[at:]) && bytes.Contains(p.text, []byte("(/)"))
}

// signsInLines is the first of the signs that all lines of a paragraph begin with: Markdown makes
// one text of them.
func (p *parse) signsInLines(n ast.Node) (first text.Span) {
	lines := n.Lines()
	if n.Kind() != ast.KindParagraph || n.Parent().Kind() != ast.KindDocument || lines.Len() < 2 || p.tells() {
		return first
	}
	for i := range lines.Len() {
		line := textOf(lines.At(i), p.text)
		written := string(p.text[line.Start:line.Stop])
		_, size, ok := parseSign(written)
		if !ok {
			size = len(lightSign().FindString(written))
		}
		if size == 0 {
			return text.Span{}
		}
		if i == 0 {
			first = text.Span{Start: line.Start, End: line.Start + size}
		}
	}
	return first
}

// tells reports whether lists are read here, and nothing is done: what was wrong, what changed.
func (p *parse) tells() bool {
	return p.trouble > 0 || len(p.open) > 0 && p.open[len(p.open)-1].tells
}

// boxesForStates is the first of several boxes in a line of which each is for a state: "☒ done
// ☐ not done" behind the name of a step.
func boxesForStates(line string) (first text.Span) {
	boxes, from := 0, 0 // from is behind the last box
	for i := 0; i < len(line); {
		_, n, ok := boxAt(line[i:min(len(line), i+maxMark)])
		if !ok {
			i++
			continue
		}
		if said := line[from:i]; boxes > 0 && !isStateOrEmpty(said) {
			return text.Span{}
		}
		if boxes++; boxes == 1 {
			first = text.Span{Start: i, End: i + n}
		}
		i += n
		from = i
	}
	if boxes < 2 || first.Start == 0 || !isStateOrEmpty(line[from:]) {
		return text.Span{}
	}
	return first
}

func isStateOrEmpty(s string) bool {
	s = strings.Trim(s, " \t\u3000/|,;.)")
	return s == "" || isIn(stateWords, s)
}

// almostInTable looks into the columns in which other rows have their marks, and into those
// that have a head for marks and nothing but words for them.
func (p *parse) almostInTable(table *extensionast.Table) {
	rows, columns := children(table), map[int]bool{}
	for _, row := range rows {
		for i, cell := range children(row) {
			columns[i] = columns[i] || isMarked(cell)
		}
	}
	for i, head := range children(rows[0]) {
		if at := p.firstTick(rows, i); !columns[i] && !at.IsZero() && isStatusHead(head, p.text) {
			p.almost(at) // once: it is the way that they are written
		}
	}
	for _, row := range rows[1:] {
		cells := children(row)
		if slices.ContainsFunc(cells, isMarked) {
			continue
		}
		for i, cell := range cells {
			if at := spanOfCell(cell); columns[i] && saysStep(string(p.text[at.Start:at.End])) {
				p.almost(at)
				break
			}
		}
	}
}

// firstTick is the first cell in a column that has nothing but "x", "yes" and the like, none
// if there is none.
func (p *parse) firstTick(rows []ast.Node, column int) (first text.Span) {
	if len(children(rows[0])) > maxColumns {
		return first
	}
	for _, row := range rows[1:] {
		cell := cellAt(row, column)
		if cell == nil {
			continue
		}
		at := spanOfCell(cell)
		said := strings.TrimSpace(string(p.text[at.Start:at.End]))
		folded := text.Fold(said)
		pair := boxesForStates(" " + said)
		switch {
		case said == "" || said == "-":
		case folded != "x" && folded != "х" && successWords[folded] == "" && almostBox(said) == 0 && pair.IsZero():
			return text.Span{}
		case first.IsZero():
			first = at
		}
	}
	return first
}

// saysStep reports whether a cell without a mark says how far a step is.
func saysStep(s string) bool {
	if _, n, ok := ParseMark(s); ok && n > 0 { // with words that leave it open what it means
		return true
	}
	return almostBox(s) > 0 || maybeBox(s) > 0 || isIn(stateWords, s) || text.Fold(s) == "x"
}

// almost keeps a warning; whether a checklist has it depends on how its steps are found.
func (p *parse) almost(at text.Span) {
	line, column := text.Position(p.r.Source, at.Start)
	p.r.almostAt = append(p.r.almostAt, at)
	p.r.almost = append(p.r.almost, problem.UnclearBox.At(p.r.File, line, column,
		"“"+text.OneLine(strings.ToValidUTF8(string(p.text[at.Start:at.End]), "?"), 20)+"” is not read as a box, so this is no step", boxHint))
}

// almostBox is the length of what is meant as a box wherever it stands.
func almostBox(s string) int {
	if n := max(len(roundBox().FindString(s)), len(bothSigns().FindString(s))); n > 0 {
		return n
	}
	around := len(markedUp().FindString(s))
	if _, n, ok := boxAt(s[around:]); ok && around > 0 {
		return around + n
	}
	return 0
}

// maybeBox is the length of what is meant as a box only among steps.
func maybeBox(s string) int {
	if _, n, ok := parseBox(s); ok && !linkAfter().MatchString(s[n:]) { // "[x](see below)"
		return n
	}
	if n := len(codeBox().FindString(s)); n > 0 {
		return n
	}
	around := len(markedUp().FindString(s))
	if _, n, ok := parseSign(s[around:]); ok && around > 0 { // "**✅ Done**"
		return around + n
	}
	if m := wordBox().FindStringSubmatch(s); m != nil && (len(m[1]) == 1 || saysState(m[1])) {
		return strings.IndexByte(s, ']') + 1
	}
	if m := wordFirst().FindStringSubmatch(s); m != nil && saysState(m[1]) {
		return len(m[1])
	}
	return len(lightSign().FindString(s))
}

func saysState(word string) bool {
	_, ok := ParseState(strings.ToLower(strings.TrimSpace(word)))
	return ok || isIn(stateWords, word)
}
