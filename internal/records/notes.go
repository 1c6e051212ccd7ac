package records

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"

	"github.com/deploysite/deploysite/internal/text"
)

// foldHeading folds a heading, without a number at the beginning and without a remark
// in parentheses at the end.
func foldHeading(title string) string {
	if i := strings.IndexByte(title, '('); i > 0 {
		title = title[:i]
	}
	return text.Fold(strings.TrimLeftFunc(title, func(r rune) bool { return !unicode.IsLetter(r) }))
}

// kindOfHeading is the kind of notes that a folded heading names.
func kindOfHeading(heading string) NoteKind {
	if more := moreOf().FindString(heading); more != "" {
		heading = heading[len(more):]
	}
	switch {
	case strings.HasPrefix(heading, "action items"):
		return Tips
	case strings.HasPrefix(heading, "lessons learned"), strings.HasPrefix(heading, "lessons learnt"):
		return Lessons
	}
	kind := headingKinds[heading]
	if kind != NoNote || !slices.ContainsFunc(issueHeadings(), func(h string) bool { return strings.HasPrefix(heading, h) }) {
		return kind // without the expression, which takes long
	}
	if headingKinds[remedyTail().ReplaceAllString(heading, "")] == Issues {
		return Issues
	}
	return NoNote
}

// kindOfFolded is the kind of notes that stand below a folded heading, also where it says of
// which time they are: "post-deploy issue and fix", "Probleme nach dem Deployment".
func kindOfFolded(heading string) NoteKind {
	kind := kindOfHeading(heading)
	if kind != NoNote || !slices.ContainsFunc(noteStems, func(stem string) bool { return strings.Contains(heading, stem) }) {
		return kind
	}
	rest := whenNoted().ReplaceAllString(heading, "")
	if kind = kindOfHeading(strings.TrimSpace(oneNote.Replace(rest + " "))); rest == heading || kind == Tips || kind == Metrics {
		return NoNote
	}
	return kind
}

// noteStems are in the headings that whenNoted is for.
var noteStems = []string{"issue", "problem", "lesson", "learn", "went ", "probleme", "erkenntnis", "problème", "leçon", "leccion", "lição", "lições", "lezion", "問題", "教訓", "问题", "教训", "문제", "교훈", "проблем", "урок", "wniosk"}

// whenNoted matches of which time a heading's notes are.
var whenNoted = text.Pattern(`^(?:(?:post|pre|after|during) ?(?:deploy(?:ment)?|production|prod|release|rollout|launch|go ?live)|deploy(?:ment)?|rollout|go live|deployment|リリース[後中時]の?|デプロイ[後中時]?の?|(?:部署|发布|上线)(?:之?后|过程中|期间|中)?的?|배포 ?(?:[후중] ?)?) ?` +
	`| (?:(?:(?:found|encountered|seen|learned|learnt) )?(?:during|after|following|from|while) (?:the |this |that |our )?(?:production )?(?:deploy(?:ment|ing)?|release|rollout|go live|launch)` +
	`|(?:bei|während|nach|aus|beim) (?:dem |der |des |diesem |dieser )?(?:deployments?|einspielung|ausrollung|bereitstellung|releases?|rollouts?)` +
	`|(?:après|pendant|lors|durant) (?:du |le |la |de la |ce )?(?:déploiement|mise en production|livraison)` +
	`|(?:durante|después|despues|tras|posteriores|após|depois|dopo) (?:al |del |de la |el |la |da |do |a |o |il |este |esta )?(?:despliegue|publicación|implantação|publicação|deploy|deployment|rilascio)` +
	`|(?:tijdens|na) (?:de |het )?(?:deployment|uitrol|release)` +
	`|(?:во время|при|после) (?:деплоя|деплое|релиза|релизе|развёртывания|развертывания|выкладки)|(?:podczas|po) (?:wdrożenia|wdrożeniu))$`)

// oneNote puts a heading of one note into the words of those of several.
var oneNote = strings.NewReplacer("issue ", "issues ", "problem ", "problems ", "lesson ", "lessons ")

// moreOf begins a heading of notes that go on: "additional action items".
var moreOf = text.Pattern(`^(?:(?:additional|further|more|other|weitere|zusätzliche|sonstige|autres|d autres|supplémentaires|otros|otras|más|outros|outras|altri|altre|ulteriori|andere|overige|другие|дополнительные|ещё) |追加の?|その他の|其他|其它|更多|추가 ?|기타 ?)`)

// issueHeadings are the headings of issues.
var issueHeadings = sync.OnceValue(func() (all []string) {
	for heading, kind := range headingKinds {
		if kind == Issues {
			all = append(all, heading)
		}
	}
	return all
})

// remedyTail ends a heading of issues that names the remedies as well: "issues
// encountered and resolutions".
var remedyTail = text.Pattern(`(?:(?: and| und| et| y| e| en| и)? (?:(?:the|their|die|deren|les|leurs|las|sus|as) )?(?:resolutions?|solutions?|fix|fixes|workarounds?|mitigations?|remedies|lösungen|lösung|behebung|soluciones|soluções|soluzioni|oplossingen|решения|решение)(?: log)?| ?(?:と|与|與|和|及|및|ㆍ) ?(?:対応|対処|解決策|解決|解决方案|解决办法|解决|處理|处理|해결|대응)(?:内容|策)?)$`)

// heading begins a section, which may be a notes section or an issue.
func (p *parse) heading(h *ast.Heading) {
	p.closeIssue()
	p.bold = NoNote
	title := plain(h, p.text)
	if (p.kind == Issues || p.kind == Lessons) && p.openIssue(h, title) {
		p.part = noFacts
		p.addSection(h, title)
		return
	}
	folded := foldHeading(title)
	p.openNotes(h, folded)
	if h.Level <= p.trouble {
		p.trouble = 0
	}
	if p.trouble == 0 && (beginsWithAny(folded, troubles) || isCriteria(folded)) {
		p.trouble = h.Level
	}
	switch {
	case legends[folded]:
		p.legend = h.Level
	case h.Level <= p.legend:
		p.legend = 0
	}
	p.openPart(h, folded)
	p.headingStep(h)
	if h.Lines().Len() > 0 && p.isWikiMark(h.Lines().At(0).Start) { // "# (/) Backup" is an item there
		p.almost(text.Span{Start: h.Lines().At(0).Start, End: h.Lines().At(0).Start + len("(/)")})
	}
	p.addSection(h, title)
	p.section = len(p.r.Sections)
}

// leadsToCriteria reports whether the paragraph before a list says that the list has what
// would stop a deployment: "Rollback triggers:". A sign there is no result.
func (p *parse) leadsToCriteria(list ast.Node) bool {
	before := list.PreviousSibling()
	if before == nil || before.Kind() != ast.KindParagraph {
		return false
	}
	said := plain(before, p.text)
	return leadsOn().MatchString(said) && isCriteria(said)
}

// leadsToText reports whether a block ends in a label that is all there is of its line, and
// says that a list below it tells something and is nothing to do: "**Impact**:".
func leadsToText(n ast.Node, source []byte) bool {
	if n == nil || n.Kind() != ast.KindParagraph && n.Kind() != ast.KindTextBlock || n.Lines().Len() == 0 {
		return false
	}
	line := string(bytes.TrimSpace(lineAt(n.Lines(), n.Lines().Len()-1, source)))
	bare := strings.Trim(line, "*_:： ")
	return bare != line && textLabels[text.Fold(bare)]
}

func isCriteria(said string) bool {
	const longest = 200 // bytes of a heading
	return len(said) <= longest && criteria().MatchString(text.Fold(said))
}

// noteSection is a section of notes.
type noteSection struct {
	kind  NoteKind
	level int // of the heading that began it
}

// openNotes begins a section of notes, or goes on with the one around it where one
// within it ends.
func (p *parse) openNotes(h *ast.Heading, folded string) {
	for p.kind != NoNote && h.Level <= p.level {
		p.noteSection = noteSection{}
		if last := len(p.around) - 1; last >= 0 {
			p.noteSection, p.around = p.around[last], p.around[:last]
		}
	}
	if kind := kindOfFolded(folded); kind != NoNote {
		if p.kind != NoNote {
			p.around = append(p.around, p.noteSection)
		}
		p.noteSection = noteSection{kind, h.Level}
	}
}

// boldNotes reads a line in bold that is called like a section of notes, "**Lessons
// learned:**", and items of a list that are: what stands below or behind them are notes.
// It returns false for a block that is to be read like others.
func (p *parse) boldNotes(n ast.Node) bool {
	if p.issue != nil {
		return false
	}
	switch n := n.(type) {
	case *ast.Paragraph:
		l := p.boldLabel(n)
		if name, _ := factOf(l.name); l.alone || name != "" {
			p.bold = NoNote
		}
		if l.kind != NoNote && l.alone {
			below := n.NextSibling()
			if below == nil || below.Kind() == ast.KindHeading || hasBoxes(below, p.text) {
				return false
			}
			p.bold = l.kind
			return true
		}
		if l.kind != NoNote && p.kind == NoNote {
			p.addNote(l.kind, n, []ast.Node{n})
			return true
		}
	case *ast.List:
		return p.kind == NoNote && p.bold == NoNote && !hasBoxes(n, p.text) && p.boldItems(n)
	case *ast.ThematicBreak:
		p.bold = NoNote
	}
	return false
}

// boldItems reads the items of a list that have such a label. Others are text.
func (p *parse) boldItems(list *ast.List) (found bool) {
	for _, item := range children(list) {
		l := p.boldLabel(item.FirstChild())
		if l.kind == NoNote {
			l = p.plainLabel(item)
		}
		if l.kind == NoNote {
			continue
		}
		found = true
		switch below := children(item)[1:]; {
		case !l.alone:
			p.addNote(l.kind, item, children(item))
		case len(below) == 0 && item.NextSibling() == nil:
			p.bold = l.kind
		default:
			p.kind = l.kind
			for _, n := range below {
				p.notes(n)
			}
			p.kind = NoNote
		}
	}
	return found
}

// boldLabel is a label in bold at the beginning of a block, the kind of notes that it
// names, and whether it is all there is.
type boldLabel struct {
	name  string
	kind  NoteKind
	alone bool
}

// boldLabel reads one. What stands behind it in its line is a note where the label is
// more than a word: "**Issues**: #12" names tickets.
func (p *parse) boldLabel(n ast.Node) (l boldLabel) {
	if n == nil || n.Type() != ast.TypeBlock || n.FirstChild() == nil || n.Kind() == ast.KindList {
		return l
	}
	strong, ok := n.FirstChild().(*ast.Emphasis)
	if !ok || strong.Level != 2 {
		return l
	}
	name, all := plain(strong, p.text), plain(n, p.text)
	rest := strings.TrimSpace(strings.TrimPrefix(all, name))
	value := strings.TrimLeft(rest, ":： ")
	l.name, l.alone = strings.TrimRight(name, ":： "), value == ""
	labelled := value != rest || l.name != name
	folded := foldHeading(l.name)
	l.kind = kindOfFolded(folded)
	if l.kind == Metrics || !l.alone && (!labelled || !strings.Contains(folded, " ") || IsPlaceholder(value) || strings.Contains(string(n.Lines().Value(p.text)), "\n**")) {
		l.kind = NoNote
	}
	return l
}

// plainLabel reads an item with a list below it that says no more than what such a section is
// called, in words that mean nothing else: "- What went well".
func (p *parse) plainLabel(item ast.Node) boldLabel {
	first := item.FirstChild()
	if first == nil || first.NextSibling() == nil || first.NextSibling().Kind() != ast.KindList {
		return boldLabel{}
	}
	folded := foldHeading(strings.TrimRight(plain(first, p.text), ":： "))
	if kind := headingKinds[folded]; kind != Metrics && strings.Contains(folded, " ") {
		return boldLabel{folded, kind, true}
	}
	return boldLabel{}
}

// hasBoxes reports whether there is a box in a block.
func hasBoxes(block ast.Node, source []byte) (found bool) {
	_ = ast.Walk(block, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if _, mark, ok := MarkOf(n); ok && entering && isBox(string(source[mark.Start:mark.End])) {
			found = true
			return ast.WalkStop, nil
		}
		return ast.WalkContinue, nil
	})
	return found
}

func (p *parse) addSection(h *ast.Heading, title string) {
	p.r.Sections = append(p.r.Sections, Section{
		Level: h.Level, Title: title, ID: p.ids.Next("s-", title), Span: p.r.BlockSpan(h), Kind: p.kind, Node: h,
	})
}

// nestedHeadings adds headings inside of quotes and lists. They are listed in the
// contents but do not begin a section.
func (p *parse) nestedHeadings(n ast.Node) {
	for c := n.FirstChild(); c != nil && c.Type() == ast.TypeBlock; c = c.NextSibling() {
		if h, ok := c.(*ast.Heading); ok {
			p.addSection(h, plain(h, p.text))
		}
		p.nestedHeadings(c)
	}
}

func (p *parse) sectionTitle(section int) string {
	if section == 0 {
		return ""
	}
	return p.r.Sections[section-1].Title
}

// sectionSlug is what a section adds to its steps' keys. A heading of level 1 adds
// nothing: it is the record's title, and the keys must be the same in all records.
func (p *parse) sectionSlug(section int) string {
	if section == 0 || p.r.Sections[section-1].Level == 1 {
		return ""
	}
	if p.sluggedSection != section {
		p.sluggedSection, p.slug = section, ""
		if title := p.r.Sections[section-1].Title; title != "" {
			p.slug = text.WholeSlug(title)
		}
	}
	return p.slug
}

// notes collects the notes in a block of a notes section: one for each list
// item and each paragraph, and for each row of a table that the section begins with, or that says how far they are.
// Anything else, such as a code block, belongs to the note before it.
func (p *parse) notes(n ast.Node) {
	if p.legend > 0 && n.Kind() != extensionast.KindTable || p.isFoot(n) {
		return
	}
	switch n := n.(type) {
	case *ast.List:
		for item := n.FirstChild(); item != nil; item = item.NextSibling() {
			if len(p.opt.Hints) == 0 || !p.opt.Hints[exampleItem+plain(item, p.text)] {
				p.addNote(p.kind, item, children(item))
			}
		}
	case *ast.Paragraph, *ast.TextBlock:
		if !p.isNoNote(n) {
			p.addNote(p.kind, n, []ast.Node{n})
		}
	case *ast.HTMLBlock, *ast.ThematicBreak, *ast.LinkReferenceDefinition:
	case *extensionast.Table:
		if before := n.PreviousSibling(); before.Kind() != ast.KindHeading && !p.isNoNote(before) && !p.listsActions(n) || !listsNotes(n, p.text) {
			p.continueNote(n)
			return
		}
		for row := n.FirstChild().NextSibling(); row != nil; row = row.NextSibling() {
			p.addNote(p.kind, row, []ast.Node{row})
		}
	default:
		p.continueNote(n)
	}
}

// isFoot tells the last block of a record, below a rule, that is no note: a quote, what
// the document says of itself, "Last updated: 2024-08-31", or facts.
func (p *parse) isFoot(n ast.Node) bool {
	if p.isSignature(n) {
		return true
	}
	rule := n.PreviousSibling()
	if n.NextSibling() != nil || rule == nil || rule.Kind() != ast.KindThematicBreak || rule.PreviousSibling() == nil || rule.PreviousSibling().Kind() == ast.KindHeading {
		return false
	}
	return n.Kind() == ast.KindBlockquote || slices.ContainsFunc(labelledIn(n, p.text, never), func(l LabelledLine) bool { return documentLabels[text.Fold(l.Label)] || knownLabel(l.Label) })
}

// HintsOf are the paragraphs in a checklist's sections of notes, which tell people what to
// write there: "What should the next one know?", and the examples below one of them. Any
// other item of a list may be a note that somebody keeps there.
func HintsOf(checklist *Record) map[string]bool {
	hints := map[string]bool{}
	for _, n := range checklist.Notes {
		if n.Issue == nil && len(n.Nodes) > 0 && n.Nodes[0].Kind() == ast.KindParagraph && n.Nodes[0].Parent().Kind() == ast.KindDocument {
			said := checklist.Plain(n.Nodes[0])
			hints[said] = true
			if list, ok := n.Nodes[0].NextSibling().(*ast.List); ok && forExample().MatchString(said) {
				for _, item := range children(list) {
					hints[exampleItem+checklist.Plain(item)] = true
				}
			}
		}
	}
	return hints
}

// exampleItem begins a hint that is an item of a list: a paragraph in its words is none.
const exampleItem = "- "

// forExample ends a paragraph with examples below.
var forExample = text.Pattern(`(?i)(?:for example|for instance|e\. ?g\.|such as|examples?|zum beispiel|beispielsweise|z\. ?B\.|beispiele?|par exemple|exemples?|por ejemplo|ejemplos?|por exemplo|exemplos?|ad esempio|esempi|bijvoorbeeld|voorbeelden|例えば|たとえば|例|例如|比如|예를 들어|예|например|примеры?)\s*[.,:：、，…]*\s*$`)

// isNoNote reports whether a paragraph is no note itself: it is the checklist's, or
// leads from a heading to a table of notes.
func (p *parse) isNoNote(n ast.Node) bool {
	if p.isHint(plain(n, p.text)) {
		return true
	}
	table, ok := n.NextSibling().(*extensionast.Table)
	return ok && n.PreviousSibling().Kind() == ast.KindHeading && listsNotes(table, p.text) && leadsOn().MatchString(plain(n, p.text))
}

// hintBegin is how long the beginning of a checklist's paragraph is, in bytes, that is
// still that paragraph: people leave out its "For example,".
const hintBegin = 40

// isHint reports whether a paragraph is one of the checklist's, or the beginning of it.
func (p *parse) isHint(said string) bool {
	if p.opt.Hints[said] || len(said) < hintBegin {
		return p.opt.Hints[said]
	}
	for hint := range p.opt.Hints {
		if strings.HasPrefix(hint, said) {
			return true
		}
	}
	return false
}

// leadsOn matches a text that goes on in what stands below it.
var leadsOn = text.Pattern(`[:：]\s*$`)

// listsNotes reports whether the rows of a table are notes of their own: it has several
// columns, and not a label and its value in each row.
func listsNotes(table *extensionast.Table, source []byte) bool {
	head := table.FirstChild()
	if head == nil || head.ChildCount() > maxColumns {
		return false
	}
	return head.ChildCount() != 2 || !isIn(valueHeads, plain(head.LastChild(), source))
}

// listsActions reports whether a table says of several things to do how far each is. Such a
// table belongs to no note before it.
func (p *parse) listsActions(table *extensionast.Table) bool {
	head := table.FirstChild()
	return p.kind == Tips && head != nil && head.ChildCount() >= 3 && slices.ContainsFunc(children(head), func(cell ast.Node) bool { return isStatusHead(cell, p.text) })
}

// rowText is what the cells of a row say, without a number in front, and with or without
// the words of its marks, as in "✅ Done".
func rowText(row ast.Node, source []byte, stateWords bool) string {
	var said []string
	open := false // what is to be done is not written yet
	for _, cell := range children(row) {
		content := strings.TrimSpace(plain(cell, source))
		if m, _ := cutFrom(cell); IsPlaceholder(content) || m.stateWord && !stateWords {
			open = open || len(said) == 0 && strings.ContainsFunc(content, unicode.IsLetter)
			continue
		}
		if len(said) == 0 && (isNumber(content) || !strings.ContainsFunc(content, unicode.IsLetter)) {
			continue
		}
		said = append(said, content)
	}
	if open && len(said) == 1 && !strings.Contains(said[0], " ") {
		return "" // whose it is, and not what
	}
	return strings.Join(said, " · ")
}

func (p *parse) addNote(kind NoteKind, n ast.Node, nodes []ast.Node) {
	text := plain(n, p.text)
	named := text // what its ID is made of, which must not change with its state
	if n.Kind() == extensionast.KindTableRow {
		text, named = rowText(n, p.text, true), rowText(n, p.text, false)
	}
	if isLeftOpen(text) {
		p.r.Unfilled = append(p.r.Unfilled, p.r.BlockSpan(n))
	}
	if IsPlaceholder(text) || kind != Well && saysNone(text) {
		return
	}
	stamp, _ := StampOf(n)
	p.r.Notes = append(p.r.Notes, Note{
		Kind: kind, ID: p.noteID(kind, named), Text: text, Span: p.r.BlockSpan(n), Stamp: stamp, Nodes: nodes,
		Done: kind == Tips && p.saysDone(n), said: p.beforeCode(n),
	})
}

// beforeCode is the text of a list item in front of its first code block, "" without one.
func (p *parse) beforeCode(n ast.Node) string {
	var said []string
	for c := n.FirstChild(); c != nil && n.Kind() == ast.KindListItem; c = c.NextSibling() {
		if c.Kind() == ast.KindFencedCodeBlock || c.Kind() == ast.KindCodeBlock {
			return strings.Join(said, " ")
		}
		said = append(said, plain(c, p.text))
	}
	return ""
}

// inPart matches words for a thing of which a part is done.
var inPart = text.Pattern(`(?i)(?:^|[^\pL])(?:only|nur|seulement|uniquement|solo|solamente|apenas|somente|soltanto|alleen|только|лишь)(?:[^\pL]|$)|のみ|だけ|仅|僅|只有|만(?:[^\pL]|$)`)

// saysDone reports whether a list item is ticked, or the status in a row of a table is
// one of success: "Done (1c2d3e4)".
func (p *parse) saysDone(n ast.Node) bool {
	if m, ok := cutFrom(n); ok {
		return m.state == Done
	}
	row, ok := n.(*extensionast.TableRow)
	if !ok {
		return false
	}
	heads := children(row.Parent().FirstChild())
	for i, cell := range children(row) {
		if i < len(heads) && isStatusHead(heads[i], p.text) && strings.TrimSpace(plain(heads[i], p.text)) != "" {
			said := plain(cell, p.text)
			if m, ok := cutFrom(cell); ok {
				said = m.state.Mark() + " " + said
			}
			status, ok := ParseOutcome(said)
			return ok && status == Succeeded && !inPart().MatchString(said)
		}
	}
	return false
}

var notePrefixes = map[NoteKind]string{Well: "well-", Issues: "issue-", Lessons: "lesson-", Tips: "tip-"}

func (p *parse) noteID(kind NoteKind, content string) string {
	return p.ids.Next(notePrefixes[kind], text.FirstWords(content, 6))
}

// maxNoteText is the length of a note's text, in bytes, from which on code blocks and
// tables are not added to it. They are only in its Nodes.
const maxNoteText = 16 << 10

// continueNote adds a block to the last note of this section, or makes it one.
func (p *parse) continueNote(n ast.Node) {
	notes := p.r.Notes
	span := p.r.BlockSpan(n)
	if len(notes) == 0 || !p.inSection(notes[len(notes)-1].Span) {
		p.addNote(p.kind, n, []ast.Node{n})
		return
	}
	last := &notes[len(notes)-1]
	last.Nodes = append(last.Nodes, n)
	last.Span.End = span.End
	if len(last.Text) < maxNoteText {
		last.Text = strings.TrimSpace(last.Text + " " + plain(n, p.text))
	}
}

// inSection reports whether a range is below the last heading.
func (p *parse) inSection(s text.Span) bool {
	sections := p.r.Sections
	return len(sections) == 0 || s.Start >= sections[len(sections)-1].Span.Start
}

// issueHeading matches "Issue #3: title" and "Tentative 3: title".
var issueHeading = text.Pattern(`(?i)^[^\pL\pN]*(?:issue|problem|problema|problème|probleem|attempt|versuch|tentative|tentativa|tentativo|intento|poging|проблема|попытка|問題|问题|문제)\s*(?:#|nr\.?|n°|№)?\s*(\d+)\s*[-:：.)–—]*\s*(.*)$`)

// numberedHeading matches "2. A migration waits for a lock", also with a number in a box.
var numberedHeading = text.Pattern(`^[^\pL\pN]*(\d{1,2})(?:[.):、．]|\x{fe0f}?\x{20e3})\s*(?:[-–—:]\s+)?(\pL.*|\pP.*\pL.*)$`)

// openIssue begins an issue with a structure, or a lesson below a heading of its own.
func (p *parse) openIssue(h *ast.Heading, title string) bool {
	m := issueHeading().FindStringSubmatch(title)
	if p.kind != Issues || m == nil {
		if m = numberedHeading().FindStringSubmatch(title); m == nil || h.Level <= p.level || kindOfFolded(foldHeading(title)) != NoNote || !p.tellsOne(h) {
			return false
		}
	}
	p.issue = &Note{Kind: p.kind, Span: p.r.BlockSpan(h), Issue: &Issue{Number: m[1], Title: strings.TrimSpace(m[2])}}
	return true
}

// tellsOne reports whether what stands below a heading is about one thing: it is no mere list
// of several.
func (p *parse) tellsOne(h *ast.Heading) bool {
	for n := h.NextSibling(); n != nil && n.Kind() != ast.KindHeading; n = n.NextSibling() {
		switch list, ok := n.(*ast.List); {
		case n.Kind() == ast.KindThematicBreak || n.Kind() == ast.KindHTMLBlock:
		case !ok || len(labelledIn(list, p.text, never)) == list.ChildCount():
			return n.Kind() != extensionast.KindTable
		default:
			return false
		}
	}
	return false
}

// addToIssue reads the labelled bullets and lines of a block.
func (p *parse) addToIssue(n ast.Node) {
	p.issue.Nodes = append(p.issue.Nodes, n)
	p.issue.Span.End = p.r.BlockSpan(n).End
	fields := &p.issue.Issue.Fields
	found := labelledIn(n, p.text, always)
	for _, l := range found {
		value := l.Value
		if isUnfilled(value) {
			value = ""
		}
		*fields = append(*fields, IssueField{Label: l.Label, Value: value})
	}
	if last := len(*fields) - 1; len(found) == 0 && last >= 0 && (*fields)[last].Value == "" {
		(*fields)[last].Value = plain(n, p.text) // "**Error**:" and a code block
	}
}

// closeIssue adds the issue that was being read, unless it is empty.
func (p *parse) closeIssue() {
	note := p.issue
	p.issue = nil
	if note == nil {
		return
	}
	words := []string{note.Issue.Title}
	empty := IsPlaceholder(note.Issue.Title)
	for _, f := range note.Issue.Fields {
		empty = empty && f.Value == ""
		if f.Value != "" {
			words = append(words, f.Label+": "+f.Value)
		}
	}
	if len(note.Issue.Fields) == 0 {
		for _, n := range note.Nodes {
			if said := plain(n, p.text); !IsPlaceholder(said) {
				words, empty = append(words, said), false
			}
		}
	}
	if empty {
		return
	}
	note.Text = strings.TrimSpace(strings.Join(words, "\n"))
	note.ID = p.noteID(note.Kind, cmp.Or(note.Issue.Title, "issue "+note.Issue.Number))
	p.r.Notes = append(p.r.Notes, *note)
}

var (
	bracketed = text.Pattern(`(?i)^\[\s*(?:pending|auto|tbd|tba|todo|to be|to do|fill|none|n/a|…|\.\.\.)[^\]]*\]$`)
	// variable is what a form has for a value: "${VERSION}", "{{ env }}", "vX.Y.Z", "YYYY-MM-DD".
	variable = text.Pattern(`^(?:\$\{[^{}]*\}|\$[A-Z_]+|\{\{.*\}\}|v?[XN]\.[YN](?:\.[ZN])?|Y{2,4}[-./]M{2}[-./]D{2}(?:[ T]H{2}:?M{2}.*)?)$`)
	unfilled = text.Set(`tbd, tba, todo, pending, auto filled, to be filled, to be filled in, to be determined, to be done, to be added`)
	nothing  = text.Set(`none, n a, na, none yet, nothing, unknown, nobody, not known, not applicable
		unbekannt, keine, keiner, niemand, entfällt, inconnu, inconnue, aucun, aucune, desconocido, desconocida, ninguno, ninguna, desconhecido, desconhecida, nenhum, nenhuma
		sconosciuto, sconosciuta, nessuno, nessuna, onbekend, geen, 不明, なし, 未定, 未知, 无, 없음, 모름, 미정, неизвестно, нет данных`)
)

// isUnfilled reports whether a text is a template's placeholder.
func isUnfilled(text string) bool {
	text = strings.TrimSpace(text)
	return strings.Trim(text, "-–—_.…*[]()?？ \t") == "" || variable().MatchString(text) || strings.HasPrefix(text, "[") && bracketed().MatchString(text) || isIn(unfilled, text)
}

// isLeftOpen reports whether a text says in words that something is still to be
// written. A dash, or "none", may be all that there is to say.
func isLeftOpen(text string) bool {
	text = strings.TrimSpace(text)
	return isIn(unfilled, text) || bracketed().MatchString(text) && !isIn(nothing, text)
}

// isIn reports whether a text is one of some folded phrases.
func isIn(phrases map[string]bool, content string) bool {
	const maxPhrase = 100
	return len(content) <= maxPhrase && phrases[text.Fold(content)]
}

// IsPlaceholder reports whether a text says nothing: it is a template's placeholder
// such as "TBD", or a word such as "none".
func IsPlaceholder(text string) bool { return isUnfilled(text) || isIn(nothing, text) }

// saysNone reports whether a text says that there is nothing to note: "No issues so far".
// "No alerts" may be what was wrong.
func saysNone(s string) bool {
	const sentence = 100
	if len(s) > sentence {
		return false
	}
	if m := remarkInBrackets().FindStringSubmatch(s); m != nil && !isDoubt(strings.Fields(text.Fold(m[2]))) {
		s = m[1]
	}
	if noneAtAll().MatchString(s) {
		return true
	}
	none, ofWhat := false, false
	for word := range strings.FieldsSeq(text.Fold(s)) {
		none, ofWhat = none || noneOf[word] || noneWords[word] || noes[word], ofWhat || noneWords[word] || noteworthy[word]
		if !noneOf[word] && !noneWords[word] && !noteworthy[word] && !besideNone[word] {
			return false
		}
	}
	return none && ofWhat
}

// Code is the message or log below a note, with its lines.
func (r *Record) Code(n Note) string {
	var lines strings.Builder
	for _, node := range n.Nodes {
		if block, ok := node.(*ast.FencedCodeBlock); ok {
			lines.Write(block.Lines().Value(r.Source))
		}
	}
	return lines.String()
}
