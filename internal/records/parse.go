package records

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/text"
)

// Parse reads one record. file is its slash-separated path relative to the project's
// root; its name gives the ID, and the start if that is not written elsewhere. Parse
// never fails: what it cannot read is in the record's Problems, and the rest is read.
// All spans, and the segments of the tree in Document.Root, are offsets into source.
func Parse(file string, source []byte, opt Options) (r *Record) {
	defer guard(&r, file, source, opt)
	return read(file, source, opt)
}

func read(file string, source []byte, opt Options) *Record {
	p := newParse(file, source, opt)
	p.name()
	switch {
	case p.isPointer("record"):
	case !p.encoding() || p.conflicted():
	default:
		p.frontMatter()
		p.body()
	}
	p.r.claims = p.facts.claims
	if opt.checklist {
		p.facts = facts{} // what a checklist says of itself is not the deployment's
	}
	p.settle()
	if opt.checklist {
		p.r.reportResults()
		p.r.openSteps()
	} else {
		p.r.Problems = append(p.r.Problems, p.r.almost...)
		if _, _, isRecord := ParsePath(p.r.Name); isRecord && p.r.Started.IsZero() {
			p.r.Problems = append(p.r.Problems, problem.NoStart.In(file, "nothing tells when it was started", "write a date into the front matter"))
		}
	}
	p.r.forgive()
	problem.Sort(p.r.Problems)
	return p.r
}

// parse is the state of parsing one record.
type parse struct {
	r    *Record
	opt  Options
	loc  *time.Location
	text []byte // the source with a "?" for each byte that is no text, so that offsets stay
	ids  text.IDs

	named   Moment // the start by the file's name
	facts   facts  // what the body says of the deployment
	open    []openHeading
	part    part   // of the current heading
	agreed  bool   // that is of an approval
	section int    // index of the current section plus one
	slug    string // of the section at sluggedSection
	noteSection
	around  []noteSection // those that it is in, the outermost first
	bold    NoteKind      // of a line in bold that notes stand below, as below a heading
	legend  int           // level of the heading of a legend, 0 outside of one
	trouble int           // the same of a section that tells what was wrong
	issue   *Note         // the structured issue that is being read

	sluggedSection int
	wide           bool   // a table was too wide to be read
	document       bool   // it is no record: its front matter tells nothing of a deployment
	badStatus      string // what the front matter has as a status and is none
}

func newParse(file string, source []byte, opt Options) *parse {
	return &parse{
		r:    &Record{File: file, Source: source, Document: Document{Body: text.Span{Start: 0, End: len(source)}}, opt: opt},
		opt:  opt,
		loc:  cmp.Or(opt.Location, time.UTC),
		text: source,
		ids:  text.IDs{},
	}
}

// report adds a problem at an offset of the source.
func (r *Record) report(offset int, rule problem.Rule, hint, format string, args ...any) {
	line, column := text.Position(r.Source, offset)
	r.Problems = append(r.Problems, rule.At(r.File, line, column, fmt.Sprintf(format, args...), hint))
}

func (p *parse) name() {
	p.r.Name = below(p.opt.Dir, p.r.File)
	name := path.Base(p.r.File)
	id, named, ok := ParsePath(p.r.Name)
	if !ok {
		p.r.ID = strings.TrimSuffix(name, path.Ext(name))
		return
	}
	p.r.ID = id
	if named.IsZero() { // a name in the team's own form is no problem
		p.r.Problems = append(p.r.Problems, problem.BadName.In(p.r.File, fmt.Sprintf("the name %s holds an impossible date", name),
			"rename it to the time of the deployment, such as 2024-08-31-14-30"+NameSuffix))
	}
	if named.Local {
		named.Time = onClock(named.Time, p.loc)
	}
	p.named = named
}

// costHint is what to do about a text that is too costly to lay out.
const costHint = "look for very long paragraphs, deep nesting, or pasted output outside of a code block"

// tree parses the body's Markdown. It returns false if that cannot be laid out.
func (p *parse) tree(what string) bool {
	root, why := parseMarkdown(p.text, p.r.Document.Body)
	if p.r.Document.Root = root; root == nil {
		p.r.report(p.r.Document.Body.Start, problem.TooCostly, costHint, "%s; the %s is shown as source", why, what)
	}
	return root != nil
}

// body parses the body and collects steps, notes and facts.
func (p *parse) body() {
	if !p.tree("record") {
		return
	}
	p.part = head // until a heading says otherwise
	for n := p.r.Document.Root.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Heading:
			p.heading(n)
		case *extensionast.FootnoteList: // it is in no section
		default:
			p.block(n)
		}
	}
	p.closeIssue()
	p.footer()
	p.r.nameSteps()
	p.r.checkCrosses()
}

// checkCrosses warns of "[×]" beside "[√]", where it may say that a step failed.
func (r *Record) checkCrosses() {
	isHooked := func(s Step) bool { return strings.ContainsAny(r.written(s.Mark), "√✓✔") }
	if !slices.ContainsFunc(r.Steps, isHooked) {
		return
	}
	for _, s := range r.Steps {
		if mark := r.written(s.Mark); strings.Contains(mark, "×") && isBox(mark) && s.State == Done {
			r.report(s.Mark.Start, problem.UnclearBox, "write [❌] where it failed, and [x] where it is done", "“%s” is taken for done; beside [√] it may say that it failed", mark)
		}
	}
}

// footer reads labelled lines below the last rule of the record as a sign-off, if one of
// them is said of a deployment: "Deployed by". Others are of the document. It does not matter
// which section is the last, or whether there is any.
func (p *parse) footer() {
	if p.part == details || p.part == closing || p.part == head && len(p.r.Steps) == 0 {
		return // they are read already
	}
	last := p.r.Document.Root.LastChild()
	if p.isSignature(last) {
		p.part, p.agreed, p.kind = closing, false, NoNote
		p.tellFacts(last)
		return
	}
	if imprint := last; imprint != nil && imprint.Lines().Len() <= 4 && len(labelledIn(imprint, p.text, never)) == 0 {
		if rule := imprint.PreviousSibling(); imprint.Kind() == ast.KindParagraph && rule != nil && rule.Kind() == ast.KindThematicBreak {
			last = rule.PreviousSibling() // below a rule of its own: who wrote this, and for whom
		}
	}
	var blocks []ast.Node
	var places []LabelledLine // that say where to, as no document does of itself
	own := false
	for n := last; n != nil && n.Kind() != ast.KindThematicBreak; n = n.PreviousSibling() {
		found := labelledIn(n, p.text, never)
		if len(found) == 0 || len(found) < n.Lines().Len()-p.statements(n) || n.PreviousSibling() == nil {
			return
		}
		for _, l := range found {
			name, _ := factOf(l.Label)
			own = own || name != "" && ofDeployment().MatchString(text.Fold(l.Label)) || name == factDeployer && whoDidIt().MatchString(text.Fold(l.Label))
			if name == factEnvironment {
				places = append(places, l)
			}
		}
		blocks = append(blocks, n)
	}
	p.part, p.agreed, p.kind = closing, false, NoNote
	if !own {
		p.tellLines(places)
		return
	}
	for _, n := range slices.Backward(blocks) {
		p.tellFacts(n)
	}
}

// statements counts the lines of a foot that are emphasised as a whole, with or without a
// mark: "**Deployment validated** ✅". They say nothing that is read, and hide nothing.
func (p *parse) statements(n ast.Node) (count int) {
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		said := trimMarks(strings.TrimSpace(string(line.Value(p.text))))
		if inEmphasis().MatchString(said) && !strings.ContainsAny(said, ":：") && !beginsWithAny(text.Fold(said), aboutOthers) {
			count++
		}
	}
	return count
}

// isSignature tells a record's last paragraph, without a rule above it, that says who
// deployed and has nothing but labels of facts. In a section of something else it is of that, unless it ends the
// steps there.
func (p *parse) isSignature(n ast.Node) bool {
	if n == nil || n.Kind() != ast.KindParagraph || n.NextSibling() != nil || n.PreviousSibling() == nil {
		return false
	}
	aside := slices.ContainsFunc(p.open, func(above openHeading) bool { return above.aside && !above.ofNotes })
	if last := len(p.r.Steps) - 1; aside && (last < 0 || p.r.Steps[last].Section != p.sectionTitle(p.section)) {
		return false
	}
	if before := n.PreviousSibling().Kind(); before == ast.KindHeading || before == ast.KindThematicBreak {
		return false
	}
	found, own := labelledIn(n, p.text, never), false
	for _, l := range found {
		name, _ := factOf(l.Label)
		if name == "" {
			return false
		}
		folded := text.Fold(l.Label)
		own = own || name == factDeployer && (ofDeployment().MatchString(folded) || !aside && whoDidIt().MatchString(folded) && p.isOfAll())
	}
	return own && len(found) >= n.Lines().Len()
}

// whoDidIt matches a label of who did something, which may be a part of the deployment.
var whoDidIt = text.Pattern(`^(?:performed|executed|carried out) by$|^(?:durch|aus)geführt von$|^(?:exécuté|réalisé|effectué) par$|^(?:ejecutado|realizado|executado) por$|^eseguito da$|^uitgevoerd door$|^(?:実施者|作業者|执行人|操作人|작업자|выполнил|исполнитель|wykonał|wykonała|wykonane przez)$`)

// isOfAll reports whether what the record ends with is of all of it: the last section is one
// of notes, or has all steps that there are.
func (p *parse) isOfAll() bool {
	return p.kind != NoNote || !slices.ContainsFunc(p.r.Steps, func(s Step) bool { return s.Section != p.sectionTitle(p.section) })
}

// ofDeployment matches a label that no document has of itself.
var ofDeployment = text.Pattern(`deploy|déploy|release date|released by|rolled out|ausgerollt|bereit(?:stell|gestellt)|eingespielt|desplieg|desplegad|déploi|mise? en production|implanta|publicad[oa] (?:por|em)|distribuit|uitgerold|デプロイ|部署|发布|上线|배포|развёрт|разверт|деплой|wdroż`)

// block reads a block that is not a heading, by the kind of its section.
func (p *parse) block(n ast.Node) {
	p.nestedHeadings(n)
	if p.boldNotes(n) {
		return
	}
	if p.bold != NoNote {
		defer func(outer NoteKind) { p.kind = outer }(p.kind)
		p.kind = p.bold
	}
	switch {
	case p.issue != nil:
		p.addToIssue(n)
	case p.kind == Metrics:
		p.metrics(n)
	case p.kind != NoNote:
		p.notes(n)
	case p.legend > 0:
	default:
		if !p.isFactTable(n) {
			outer := p.trouble
			if outer == 0 && n.Kind() == ast.KindList && (p.tells() || p.leadsToCriteria(n) || leadsToText(n.PreviousSibling(), p.text)) {
				p.trouble = 1
			}
			p.steps(n, 0)
			p.trouble = outer
			p.almostBoxes(n)
		}
		p.tellFacts(n)
	}
}

// settle takes what is not in the front matter from the body, the file's name and the
// configuration, and checks that they agree.
func (p *parse) settle() {
	r := p.r
	p.facts.fill(p)
	if r.Started.IsZero() {
		r.Started = p.named
	}
	p.refineStart()
	p.settleClock(&r.Started, time.Time{})
	p.facts.fillEnd(p)
	p.settleClock(&r.Finished, r.Started.Time)
	if len(r.Services) == 0 && p.opt.Service != "" {
		r.Services = []Text{{Value: p.opt.Service, From: FromConfig}}
	}
	p.deriveStatus()
	p.title()
	p.bound()
	p.checkTimes()
	p.checkNames()
	p.checkIncident()
}

// refineStart adds the clock time to a start that is only a date, if the file's name
// has the same date and a time.
func (p *parse) refineStart() {
	start := &p.r.Started
	if start.DateOnly && !p.named.IsZero() && !p.named.DateOnly && start.Time.Format(time.DateOnly) == p.named.Time.Format(time.DateOnly) {
		start.Time, start.DateOnly, start.From = onClock(p.named.Time, start.Time.Location()), false, FromFileName
	}
}

// title sets the title if the front matter has none. It is the first heading of level
// 1, or else a heading that the file begins with and that names a version or a year,
// or else made of service, version and environment.
func (p *parse) title() {
	r := p.r
	if !r.Title.IsZero() {
		return
	}
	if r.Title = cmp.Or(p.wikiTitle(), firstHeading(r.Sections), p.openingHeading()); !r.Title.IsZero() {
		if more := nameAdds(r.Name, r.Title.Value); more != "" {
			r.Title.Value += ": " + more
		}
		return
	}
	r.Title = Text{Value: r.ID, From: FromFileName}
	if !r.Started.IsZero() {
		r.Title.Value = "Deployment of " + r.Started.Time.Format(time.DateOnly)
	}
	if len(r.Services) > 0 {
		r.Title = Text{Value: TitleOf(r.Services[0].Value, r.Version.Value, r.Environment.Value), From: r.Services[0].From}
	}
}

// nameAdds is what a file's name says of the deployment where its heading says nothing of
// its own: "shop search" for "Dev Deployment Record" in dev-shop-search-2024-08-31.md.
func nameAdds(name, title string) string {
	for word := range strings.FieldsSeq(text.Fold(title)) {
		if !saysNothing(word) && strings.Trim(word, "0123456789") != "" {
			return ""
		}
	}
	stem, _ := CutMarkdown(path.Base(name))
	if !dayInName().MatchString(stem) {
		return "" // a checklist or another document
	}
	words := strings.FieldsFunc(dayInName().ReplaceAllString(stem, "-"), func(r rune) bool { return r == '-' || r == '_' || r == ' ' })
	for len(words) > 0 && saysNothing(strings.ToLower(words[0])) {
		words = words[1:]
	}
	for len(words) > 0 && saysNothing(strings.ToLower(words[len(words)-1])) {
		words = words[:len(words)-1]
	}
	if adds := strings.Join(words, " "); someWord().MatchString(adds) {
		return text.OneLine(adds, 100)
	}
	return ""
}

// InTitle reports whether a heading is a record's title, or what it begins with where its
// file's name says more.
func InTitle(heading, title string) bool {
	rest, ok := strings.CutPrefix(title, heading)
	return ok && (rest == "" || heading != "" && strings.HasPrefix(rest, ": "))
}

func saysNothing(word string) bool { return emptyTitle[word] || environmentNames[word] }

var (
	emptyTitle = text.Set(`deployment, deployments, deploy, release, releases, rollout, record, records, log, report, notes, checklist, summary, details, of, for, the, to, and, on
		bereitstellung, ausrollung, protokoll, bericht, checkliste, déploiement, despliegue, implantação, rilascio`)
	dayInName = text.Pattern(`\d{4}[-_.]?\d{2}[-_.]?\d{2}(?:[-_T]\d{2}[-_.:]?\d{2})?`)
	someWord  = text.Pattern(`\pL{3}|\d\.\d`)
)

// wikiTitle is the title that a record in a wiki's markup begins with. There "# Migrate" is
// an item of a list.
func (p *parse) wikiTitle() Text {
	body := p.text[p.r.Document.Body.Start:p.r.Document.Body.End]
	m := wikiHeading().FindSubmatchIndex(body)
	if m == nil {
		return Text{}
	}
	span := text.Span{Start: p.r.Document.Body.Start + m[2], End: p.r.Document.Body.Start + m[3]}
	return Text{Value: plainLine(string(p.text[span.Start:span.End])), Span: span, From: FromBody}
}

var wikiHeading = text.Pattern(`^\s*h1\. +(\S[^\r\n]*)`)

// namesOne matches what only one deployment has: v1.2, 1.4.2, a year.
var namesOne = text.Pattern(`\bv\d|\d\.\d+\.\d|\b(19|20)\d\d\b`)

// openingHeading is the heading that the file begins with, if it names one deployment:
// "## Hotfix v1.2", not "## Pre-flight". Only its own words decide, so that sections
// that are added later do not change a record's title.
func (p *parse) openingHeading() Text {
	root := p.r.Document.Root
	if root == nil || len(p.r.Sections) == 0 {
		return Text{}
	}
	first := p.r.Sections[0]
	if root.FirstChild() != ast.Node(first.Node) || first.Kind != "" || !namesOne().MatchString(first.Title) {
		return Text{}
	}
	return Text{Value: first.Title, Span: first.Span, From: FromBody}
}

// checkTimes warns if start, end, status and file name contradict each other.
func (p *parse) checkTimes() {
	start, end := p.r.Started, p.r.Finished
	if p.r.Status == InProgress && p.r.StatusFrom != FromSteps && !end.IsZero() {
		p.r.report(end.Span.Start, problem.EndInProgress, "set the status to succeeded, failed, rolled-back or cancelled",
			"an end is written down, and the status is still in-progress")
	}
	if !end.IsZero() && end.Time.Before(start.Time) && !end.DateOnly {
		p.r.report(end.Span.Start, problem.EndBeforeStart, "correct one of them",
			"the end, %s, is before the start, %s", end.Time.Format(time.RFC3339), start.Time.Format(time.RFC3339))
	}
	if p.named.IsZero() || start.From == FromFileName {
		return
	}
	if day := onClock(p.named.Time, time.UTC); !end.IsZero() && day.After(onClock(start.Time, time.UTC)) && !day.After(onClock(end.Time, time.UTC)) {
		return // it took days, and is called by one of them
	}
	gap := onClock(start.Time, time.UTC).Sub(onClock(p.named.Time, time.UTC))
	if p.named.DateOnly { // a night's window is called by its evening
		gap = gap.Truncate(24 * time.Hour)
	}
	if gap.Abs() > 24*time.Hour {
		said, mend := start.Time.Format("2006-01-02 15:04"), "rename the file to "+FileName(start.Time, 1)
		if start.DateOnly { // no midnight that nobody wrote
			said = start.Time.Format(time.DateOnly)
			mend = "begin the file's name with " + said
		}
		p.r.report(start.Span.Start, problem.NameAndDate, "correct the date, or "+mend, "the date %s and the file's name disagree by more than a day", said)
	}
}
