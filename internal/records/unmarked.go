package records

import (
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"
	"golang.org/x/net/html"

	"github.com/deploysite/deploysite/internal/text"
)

// unmarked finds the steps of a template without marks. It returns the offsets for
// open boxes in front of them. Sections of notes are left out, and so are sections to
// read, such as "Overview" or "Rollback". In every other section these are steps:
//
//   - list items, without items nested in them; if an item ends with a colon, the
//     items nested in it;
//   - the rows of a table that has an empty column for marks;
//   - lines that are numbered, that ask for yes or no, or that have a definition;
//   - if there are none of these, the section itself if its heading is numbered.
//
// If no section has such steps, they are the rows of all tables and the items in
// quotes, or else the sections with commands.
func unmarked(r *Record) []int {
	if r.Document.Root == nil || slices.ContainsFunc(r.Steps, func(s Step) bool { return r.isOpen(s) || isBox(r.written(s.Mark)) }) {
		return nil
	}
	stretches := stretchesOf(r)
	for _, find := range []func(*finder, stretch){(*finder).steps, (*finder).rowsAndQuotes, (*finder).commands} {
		f := &finder{r: r}
		for _, p := range stretches {
			find(f, p)
		}
		if len(f.at) > 0 {
			slices.Sort(f.at)
			return slices.Compact(f.at)
		}
	}
	return nil
}

// Unboxed lists the places of list items that would be steps if no other item had a
// box. A checklist that mixes both may mean them as steps, or not.
func Unboxed(checklist *Record) []int {
	if checklist.Document.Root == nil || len(checklist.inserted) > 0 || len(checklist.Steps) == 0 {
		return nil
	}
	f := &finder{r: checklist}
	for _, p := range stretchesOf(checklist) {
		for _, n := range p.blocks {
			f.unboxed(n)
		}
	}
	return f.at
}

// unboxed adds the items of a list that are no steps and hold none.
func (f *finder) unboxed(n ast.Node) {
	list, ok := n.(*ast.List)
	if !ok || leadsToText(n.PreviousSibling(), f.r.Source) {
		return
	}
	for _, item := range children(list) {
		if _, marked := cutFrom(item); marked {
			continue
		}
		if !f.hasSteps(stretch{blocks: children(item)}) {
			f.item(item.(*ast.ListItem))
			continue
		}
		for _, nested := range children(item) {
			f.unboxed(nested)
		}
	}
}

// stretch is a heading and the blocks up to the next one.
type stretch struct {
	heading *ast.Heading // nil above the first
	leaf    bool         // no heading of a lower level follows
	blocks  []ast.Node
}

// stretchesOf lists the stretches of a record that may have steps.
func stretchesOf(r *Record) (stretches []stretch) {
	at := stretch{}
	keep, aside := true, 0
	for n := r.Document.Root.FirstChild(); n != nil; n = n.NextSibling() {
		h, ok := n.(*ast.Heading)
		if !ok {
			at.blocks = append(at.blocks, n)
			continue
		}
		at.leaf = at.heading == nil || h.Level <= at.heading.Level
		if keep {
			stretches = append(stretches, at)
		}
		at = stretch{heading: h, leaf: true}
		switch {
		case isAside(r, h):
			if aside == 0 || h.Level < aside {
				aside = h.Level
			}
		case h.Level <= aside:
			aside = 0
		}
		keep = aside == 0 && kindBelow(r, h) == NoNote
	}
	if keep {
		stretches = append(stretches, at)
	}
	return stretches
}

// isAside tells whether a heading begins a section to read.
func isAside(r *Record, h *ast.Heading) bool {
	title := foldHeading(r.Plain(h))
	return h.Level > 1 && (beginsWithAny(title, asides) || tellsChanges(title) || tellsOfScript().MatchString(title))
}

// tellsOfScript matches "What the script does" and "How it works", but not "What the operator
// does".
var tellsOfScript = text.Pattern(`^(?:what (?:it|this|(?:the |this |each |our )?(?:\S+ )?(?:scripts?|commands?|jobs?|tools?|pipelines?|workflows?|programs?|playbooks?|automation)) (?:does|do)|how (?:it|this|(?:the|this|our) .+) works|was (?:es|(?:das|der|die|dieses|dieser) (?:skript|script|befehl|job|programm|werkzeug|pipeline)) (?:macht|tut)|ce que fait (?:le script|la commande))$`)

func kindBelow(r *Record, h *ast.Heading) NoteKind {
	for _, s := range r.Sections {
		if s.Node == h {
			return s.Kind
		}
	}
	return NoNote
}

// finder collects places for boxes.
type finder struct {
	r  *Record
	at []int
}

func (f *finder) add(at int) { f.at = append(f.at, at) }

// steps finds list items, rows, lines, or the numbered heading of a stretch.
func (f *finder) steps(p stretch) {
	before := len(f.at)
	for _, n := range p.blocks {
		f.block(n)
	}
	if len(f.at) == before && p.leaf && !f.hasSteps(p) && p.heading != nil && p.heading.Level > 1 && p.heading.Lines().Len() > 0 &&
		isNumbered(f.r.Plain(p.heading), true) {
		f.add(p.heading.Lines().At(0).Start)
	}
}

// hasSteps reports whether a stretch has steps with marks.
func (f *finder) hasSteps(p stretch) bool {
	if len(p.blocks) == 0 {
		return false
	}
	from, to := blockStart(p.blocks[0]), f.r.BlockSpan(p.blocks[len(p.blocks)-1]).End
	return slices.ContainsFunc(f.r.Steps, func(s Step) bool { return from <= s.Span.Start && s.Span.Start < to })
}

func (f *finder) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.List:
		if leadsToText(n.PreviousSibling(), f.r.Source) {
			return
		}
		for _, item := range children(n) {
			f.item(item.(*ast.ListItem))
		}
	case *extensionast.Table:
		if column := f.markColumn(n); column >= 0 {
			f.rows(n, column)
		}
	case *ast.Paragraph:
		f.lines(n)
	case *ast.HTMLBlock:
		f.html(n)
	}
}

// item adds a list item, or those below it. An item with only a link, or with a fact
// such as the version, is not a step.
func (f *finder) item(item *ast.ListItem) {
	if isMarked(item) {
		return // with a sign: it is a step as it is
	}
	text := item.FirstChild()
	if text == nil || text.Kind() != ast.KindParagraph && text.Kind() != ast.KindTextBlock || text.Lines().Len() == 0 {
		return
	}
	words := f.r.Plain(text)
	if f.isFact(item) || IsPlaceholder(words) || isLink(text) || leadsToText(text, f.r.Source) {
		return
	}
	if strings.HasSuffix(words, ":") || strings.HasSuffix(words, "：") {
		before := len(f.at)
		for c := text.NextSibling(); c != nil; c = c.NextSibling() {
			if list, ok := c.(*ast.List); ok {
				f.block(list)
			}
		}
		if len(f.at) > before {
			return
		}
	}
	f.add(textOf(text.Lines().At(0), f.r.Source).Start)
}

// isFact reports whether an item is read as metadata.
func (f *finder) isFact(item ast.Node) bool {
	if item.ChildCount() > 1 {
		return false
	}
	span := f.r.BlockSpan(item)
	return slices.ContainsFunc(f.r.Metrics, func(m Metric) bool { return span.Start <= m.Span.Start && m.Span.Start < span.End })
}

func isLink(text ast.Node) bool {
	first := text.FirstChild()
	return first != nil && first.Kind() == ast.KindLink && first.NextSibling() == nil
}

// markColumn is the index of a table's column for marks, or -1. Its cells are empty,
// or say that nothing is done yet.
func (f *finder) markColumn(table *extensionast.Table) int {
	header := table.FirstChild()
	if header == nil || header.NextSibling() == nil || header.ChildCount() > maxColumns {
		return -1
	}
	for column, head := range children(header) {
		if isStatusHead(head, f.r.Source) && f.isOpenColumn(table, column) {
			return column
		}
	}
	return -1
}

func (f *finder) isOpenColumn(table *extensionast.Table, column int) bool {
	for _, row := range children(table)[1:] {
		cell := cellAt(row, column)
		if cell == nil || cell.Lines().Len() == 0 || isMarked(cell) {
			return false
		}
		if text := f.r.Plain(cell); !IsPlaceholder(text) && !isIn(stateWords, text) {
			return false
		}
	}
	return true
}

func cellAt(row ast.Node, column int) ast.Node {
	if cells := children(row); column < len(cells) {
		return cells[column]
	}
	return nil
}

// rows adds each row that has words: with the box in the column for marks, or in front
// of the first words.
func (f *finder) rows(table *extensionast.Table, column int) {
	heads := tableHeads(table, f.r.Source)
	for _, n := range children(table)[1:] {
		row := tableRow{rowCells(n, f.r.Source), heads}
		if len(row.marked()) > 0 || len(row.cells) == 0 {
			continue
		}
		cell := row.cells[row.label(0)].node
		if f.r.Plain(cell) == "" || cell.Lines().Len() == 0 {
			continue
		}
		if column >= 0 {
			cell = cellAt(n, column)
		}
		f.add(cell.Lines().At(0).Start)
	}
}

// lines adds the lines of a paragraph that are steps.
func (f *finder) lines(n *ast.Paragraph) {
	lines := n.Lines()
	for i := range lines.Len() {
		line := string(lineAt(lines, i, f.r.Source))
		defined := i+1 < lines.Len() && strings.HasPrefix(string(lineAt(lines, i+1, f.r.Source)), ": ")
		if defined || isNumbered(plainLine(line), false) || asks().MatchString(line) {
			f.add(textOf(lines.At(i), f.r.Source).Start)
		}
	}
}

// html adds the list items of a block of HTML.
func (f *finder) html(n *ast.HTMLBlock) {
	raw, offsets := htmlOf(n, f.r.Source)
	item := -1 // where the text of an item may begin
	eachToken(raw, func(kind html.TokenType, token, name string, at int) {
		switch {
		case kind == html.StartTagToken && name == "li":
			item = at + len(token)
		case kind == html.TextToken && item >= 0 && strings.TrimSpace(token) != "":
			if item == at {
				item += len(token) - len(strings.TrimLeft(token, " \t\r\n"))
			}
			f.add(offsets.at(item))
			item = -1
		}
	})
}

// rowsAndQuotes finds rows of tables and items in quotes.
func (f *finder) rowsAndQuotes(p stretch) {
	for _, n := range p.blocks {
		switch n := n.(type) {
		case *extensionast.Table:
			f.rows(n, -1)
		case *ast.Blockquote:
			for _, c := range children(n) {
				f.block(c)
			}
		}
	}
}

// commands finds sections with code blocks.
func (f *finder) commands(p stretch) {
	if p.heading == nil || !p.leaf || p.heading.Level < 2 || p.heading.Lines().Len() == 0 {
		return
	}
	if slices.ContainsFunc(p.blocks, func(n ast.Node) bool { return n.Kind() == ast.KindFencedCodeBlock || n.Kind() == ast.KindCodeBlock }) {
		f.add(p.heading.Lines().At(0).Start)
	}
}

var (
	// stepWord is "Step 3" in some languages.
	stepWord = text.Pattern(`^(?i:step|phase|stage|task|schritt|aufgabe|étape|etape|phase|paso|fase|passo|etapa|stap|steg|krok|шаг|этап|adım|bước|langkah|الخطوة|步骤|步驟|手順|ステップ|단계)\s*[.#:№]?\s*[\d一二三四五六七八九十]`)
	// ordinal is "第三步", "三、", "③", "3️⃣".
	ordinal = text.Pattern(`^(?:第[\d一二三四五六七八九十]+[步章阶階]|[一二三四五六七八九十]{1,3}、|[①-⑳]|\d[\x{FE0F}\x{20E3}]+)`)
	// headingNumber is "3. Migrate", "2.1 Migrate".
	headingNumber = text.Pattern(`^\d{1,2}(?:\.\d{1,2})*\s*[.)．、:：–—-]?\s+\S|^\d{1,2}[.)．、:：]\S`)
	// lineNumber is the same at the begin of a line, where "1.5 GB" is no number.
	lineNumber = text.Pattern(`^\d{1,2}(?:[.)]\s|[．、）]|\s*[:：]\s)`)
	// asks is a line that asks for yes or no.
	asks = text.Pattern(`(?i)[(\[\s](?:y\s*/\s*n|yes\s*/\s*no|j\s*/\s*n|ja\s*/\s*nein|o\s*/\s*n|oui\s*/\s*non|s[íi]?\s*/\s*no?|да\s*/\s*нет|はい\s*/\s*いいえ|是\s*/\s*否)[)\]:_.\s]*$`)
)

// isNumbered reports whether a heading or a line begins with its number.
func isNumbered(text string, heading bool) bool {
	bare := strings.TrimLeftFunc(text, func(r rune) bool { return !isWordRune(r) && (r < '①' || r > '⑳') })
	if stepWord().MatchString(bare) || ordinal().MatchString(bare) {
		return true
	}
	if heading {
		return headingNumber().MatchString(bare)
	}
	return lineNumber().MatchString(text)
}
