package records

import (
	"bytes"
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"
	"golang.org/x/text/width"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/text"
)

// A part is a part of a record by what its labelled lines tell of the deployment.
// A line anywhere else is text: a test's "Status: skipped" is not the deployment's.
type part int

const (
	noFacts  part = iota
	head          // straight under the title, before the first other heading
	details       // a section of details, such as "Overview"
	labelled      // a heading that is a label itself, such as "Status", and a paragraph
	closing       // a section that tells the end: metrics, sign-off, result
)

// An openHeading is a heading whose section goes on.
type openHeading struct {
	level int
	part  part
	aside bool // nothing below it is the deployment's: a rollback plan, tests, contacts

	ofNotes bool // as it is a section of notes
	tells   bool // lists below it tell what changed, and are nothing to do
}

// openPart tells which part of the record a heading begins.
func (p *parse) openPart(h *ast.Heading, folded string) {
	for len(p.open) > 0 && p.open[len(p.open)-1].level >= h.Level {
		p.open = p.open[:len(p.open)-1]
	}
	if p.isHeadByAccident(h) {
		p.tellLines(labelledLines(h, p.text, never))
		return
	}
	o := openHeading{level: h.Level, part: p.partOf(h, folded)}
	o.ofNotes = o.part == noFacts && p.kind != NoNote && !beginsWithAny(folded, aboutOthers)
	o.aside = o.part == noFacts && (p.kind != NoNote || beginsWithAny(folded, aboutOthers))
	o.tells = len(p.r.Sections) > 0 && tellsChanges(folded) // the title is of the whole record
	for _, above := range p.open {
		o.tells = o.tells || above.tells && !stepsBelow().MatchString(folded)
		o.aside = o.aside || above.aside
		if o.part == labelled && above.part == noFacts {
			o.part = noFacts
		}
	}
	switch {
	case o.aside:
		o.part = noFacts
	case o.part == noFacts && p.isSubtitle(h):
		o.part = head
	}
	p.open = append(p.open, o)
	p.part, p.agreed = o.part, slices.ContainsFunc(approvals, func(word string) bool { return strings.Contains(folded, word) })
	if p.part != noFacts && p.part != head {
		p.headingFact(h, folded)
	}
}

// isHeadByAccident tells lines of the head that a line of dashes below them makes a
// heading of.
func (p *parse) isHeadByAccident(h *ast.Heading) bool {
	if p.part != head || len(p.r.Sections) == 0 || h.Lines().Len() == 0 || p.text[lineStart(p.text, h.Lines().At(0).Start)] == '#' {
		return false
	}
	found := labelledLines(h, p.text, never)
	return len(found) >= h.Lines().Len() && !slices.ContainsFunc(found, func(l LabelledLine) bool { return !knownLabel(l.Label) })
}

// isSubtitle reports whether a heading straight under the title has the head below it:
// labels of which one says when, or by whom.
func (p *parse) isSubtitle(h *ast.Heading) bool {
	title, ok := h.PreviousSibling().(*ast.Heading)
	if !ok || title.Level != 1 || len(p.r.Sections) != 1 || h.NextSibling() == nil {
		return false
	}
	known, own := 0, false
	for _, l := range factLinesIn(h.NextSibling(), p.text) {
		name, _ := factOf(l.Label)
		own = own || name == factStart || name == factDeployer || (name == factTime || name == factStartTime) && startsWithDay(l.Value)
		if name != "" {
			known++
		}
	}
	return known > 1 && own
}

func (p *parse) partOf(h *ast.Heading, folded string) part {
	told, isTelling := tellingPart(folded)
	switch {
	case p.kind == Metrics:
		return closing
	case p.kind != NoNote:
		return noFacts
	case isTelling:
		return told
	case len(p.r.Sections) == 0 && (h.Level == 1 || h.PreviousSibling() == nil):
		return head // the title
	case (labels[folded] == factStatus || statusHeadings[folded]) && p.hasStatusBelow(h) && !slices.ContainsFunc(p.open, func(above openHeading) bool { return above.part == noFacts }):
		return details
	case labels[folded] != "", len(p.labelledHeading(h)) > 0:
		return labelled
	}
	return noFacts
}

// statusHeadings are such headings that are no labels.
var statusHeadings = text.Set(`état du déploiement, statut du déploiement, estado del despliegue, status do deploy, status da implantação, estado do deploy, stato del rilascio, stato del deployment, status des deployments, bereitstellungsstatus, статус деплоя, статус релиза, status wdrożenia, stan wdrożenia`)

// hasStatusBelow reports whether straight below a heading such as "Deployment status" stand
// labelled lines, one of which says the status.
func (p *parse) hasStatusBelow(h *ast.Heading) bool {
	isStatus := func(label string) bool { name, _ := factOf(label); return name == factStatus }
	switch below := h.NextSibling().(type) {
	case nil:
		return false
	case *extensionast.Table:
		return slices.ContainsFunc(children(below), func(row ast.Node) bool { return row.ChildCount() == 2 && isStatus(plain(row.FirstChild(), p.text)) })
	default:
		return slices.ContainsFunc(factLinesIn(below, p.text), func(l LabelledLine) bool { return isStatus(l.Label) })
	}
}

// labelledHeading is a heading with a label and its value, such as "## Status: failed".
// One with something below it may be the title of that.
func (p *parse) labelledHeading(h *ast.Heading) []LabelledLine {
	for _, below := range blocksBelow(h) {
		if below.Kind() != ast.KindThematicBreak {
			return nil
		}
	}
	found := labelledLines(h, p.text, never)
	return slices.DeleteFunc(found, func(l LabelledLine) bool { return !knownLabel(l.Label) })
}

// maxHeadingFact is how long the paragraph below a heading may be, in bytes, to be
// the value of a label.
const maxHeadingFact = 120

// headingFact reads a heading that is a label, where one short paragraph is all
// that stands below it, or its value beside it.
func (p *parse) headingFact(h *ast.Heading, folded string) {
	below := blocksBelow(h)
	if p.part == labelled {
		p.tellLines(p.labelledHeading(h))
	}
	if labels[folded] == "" || len(below) != 1 || below[0].Kind() != ast.KindParagraph || len(factLinesIn(below[0], p.text)) > 0 {
		return
	}
	span := p.r.BlockSpan(below[0])
	written := string(p.text[span.Start:span.End])
	if value := plainLine(written); len(value) <= maxHeadingFact && !p.isBlank(labels[folded], plain(h, p.text), value, span) {
		p.facts.add(labels[folded], p.part, Text{Value: value, Span: span, From: FromBody}, h.Pos(), plain(h, p.text)+": "+value)
	}
}

// tellFacts keeps the labelled lines and the table of a block. In the head, lines
// behind the first step are text.
func (p *parse) tellFacts(n ast.Node) {
	if p.part == noFacts || p.part == labelled {
		return
	}
	switch n := n.(type) {
	case *extensionast.Table:
		p.factTable(n)
	case *ast.Blockquote: // a box that a forge draws round the head
		for c := n.FirstChild(); c != nil && p.part == head; c = c.NextSibling() {
			p.tellFacts(c)
		}
	case *ast.HTMLBlock:
		p.factHTML(n)
	case *ast.List:
		p.tellLines(factLinesIn(n, p.text))
		p.detailsBelow(n)
	default:
		if !p.isImprint(n) {
			p.tellLines(factLinesIn(n, p.text))
		}
	}
}

// isImprint tells the last paragraph of a record, below a rule, that is about the document
// and not of the section above: between its labels stand lines that are names, "_Release
// report_", or it says when the document was changed; and nothing is said of a deployment.
func (p *parse) isImprint(n ast.Node) bool {
	rule := n.PreviousSibling()
	if p.part == head || n.Kind() != ast.KindParagraph || n.NextSibling() != nil || rule == nil || rule.Kind() != ast.KindThematicBreak {
		return false
	}
	if before := rule.PreviousSibling(); before == nil || before.Kind() == ast.KindHeading {
		return false // all that the section says
	}
	found := labelledIn(n, p.text, never)
	names := len(found) < n.Lines().Len()
	for _, l := range found {
		if ofDeployment().MatchString(text.Fold(l.Label)) {
			return false
		}
		names = names || documentLabels[text.Fold(l.Label)]
	}
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		written := strings.TrimSpace(string(line.Value(p.text)))
		isLabelled := slices.ContainsFunc(found, func(l LabelledLine) bool { return l.line.Start < line.Stop && line.Start < l.line.End })
		if !isLabelled && !inEmphasis().MatchString(written) {
			return false
		}
	}
	return names
}

// inEmphasis matches a line that is emphasised as a whole.
var inEmphasis = text.Pattern(`^(?:\*{1,3}[^*]+\*{1,3}|_{1,3}[^_]+_{1,3})$`)

// detailsBelow reads a list within an item of the head that is called as a section of
// details is: "- **General information**" with bullets below.
func (p *parse) detailsBelow(list *ast.List) {
	for item := list.FirstChild(); item != nil && p.part == head; item = item.NextSibling() {
		first := item.FirstChild()
		if first == nil || first.NextSibling() == nil || first.NextSibling().Kind() != ast.KindList {
			continue
		}
		if _, ok := tellingPart(text.Fold(strings.TrimRight(plain(first, p.text), ":： "))); ok {
			p.tellLines(factLinesIn(first.NextSibling(), p.text))
		}
	}
}

var (
	htmlPair = text.Pattern(`(?is)<tr\b[^>]*>\s*<t[hd]\b[^>]*>(.{1,200}?)</t[hd]>\s*<t[hd]\b[^>]*>(.{0,400}?)</t[hd]>\s*</tr>|<dt\b[^>]*>(.{1,200}?)</dt>\s*<dd\b[^>]*>(.{0,400}?)</dd>`)
	htmlLine = text.Pattern(`(?is)<(?:li|p)\b[^>]*>\s*(.{1,400}?)\s*</(?:li|p)>`)
)

// factHTML reads a table of two columns, a list of definitions, and labelled lines that
// are written in HTML.
func (p *parse) factHTML(block *ast.HTMLBlock) {
	span := p.r.BlockSpan(block)
	source := p.text[span.Start:span.End]
	if bytes.Contains(source, []byte("<!--")) {
		return
	}
	var lines []LabelledLine
	pairs := htmlPair().FindAllSubmatchIndex(source, -1)
	for _, m := range pairs {
		if m[2] < 0 {
			m = append(m[:2:2], m[6:]...)
		}
		if bytes.Contains(source[m[4]:m[5]], []byte("</t")) {
			return // more columns than two
		}
		value := text.Span{Start: span.Start + m[4], End: span.Start + m[5]}
		label := strings.TrimRight(plainLine(string(source[m[2]:m[3]])), ":： ")
		isCaption := m[0] == pairs[0][0] && bytes.Contains(source[m[0]:m[1]], []byte("<th")) && captions[text.Fold(plainLine(string(source[m[4]:m[5]])))]
		if knownLabel(label) && !isCaption {
			lines = append(lines, LabelledLine{Label: label, Value: plainLine(string(p.text[value.Start:value.End])), Span: value, line: text.Span{Start: span.Start + m[0], End: value.End}})
		}
	}
	if len(lines) < 2 || 2*len(lines) < len(pairs)-1 {
		lines = nil // a table of something else
	}
	for _, m := range htmlLine().FindAllSubmatchIndex(source, -1) {
		if l, _, ok := parseLabelled(p.text, text.Span{Start: span.Start + m[2], End: span.Start + m[3]}); ok {
			l.Value = plainLine(string(p.text[l.Span.Start:l.Span.End]))
			lines = append(lines, l)
		}
	}
	p.tellLines(lines)
}

func (p *parse) tellLines(lines []LabelledLine) {
	for _, l := range lines {
		if p.part == head && len(p.r.Steps) > 0 && l.line.Start >= p.r.Steps[0].Span.Start {
			return
		}
		if knownLabel(l.Label) {
			p.addMetric(l)
		} else {
			p.isBlank("", l.Label, l.Value, l.Span)
		}
	}
}

// metrics keeps the labelled lines of a metrics section, whatever their labels.
func (p *parse) metrics(n ast.Node) {
	if table, ok := n.(*extensionast.Table); ok {
		p.factTable(table)
		return
	}
	for _, l := range factLinesIn(n, p.text) {
		p.addMetric(l)
	}
}

// maxMetrics is how many labelled lines of a record are read. No record that people write
// has as many, and to read each of a hundred thousand dates takes long.
const maxMetrics = 5000

func (p *parse) addMetric(l LabelledLine) {
	switch len(p.r.Metrics) {
	case maxMetrics:
		return
	case maxMetrics - 1:
		p.r.report(l.line.Start, problem.ManyNames, "move long output into a block of code, or to a file of its own", "the record has more than %d labelled lines; what stands behind is not read as facts", maxMetrics)
	}
	name, unit := factOf(l.Label)
	if name == factDeployer && p.isWriter(l.Label) {
		name = ""
	}
	value := Text{Value: inUnit(l.Value, unit), Span: l.Span, From: FromBody}
	if namedInCode[name] {
		value.Value = NamedInCode(string(p.text[l.Span.Start:l.Span.End]), value.Value)
	}
	if p.isBlank(name, l.Label, l.Value, l.Span) || offersSeveral(name, l.below) {
		value.Value = ""
	}
	p.r.Metrics = append(p.r.Metrics, Metric{Label: l.Label, Value: value, Span: l.line})
	if value.IsZero() || name == "" || p.agreed && isOfApproval(name, l.Label, value.Value) {
		return
	}
	claimed := len(p.facts.claims)
	p.facts.add(name, p.part, value, l.line.Start, string(p.text[l.line.Start:l.line.End]))
	if len(p.facts.claims) > claimed { // else it is no fact after all
		p.facts.claims[claimed].below = l.below
	}
}

// isBlank reports whether a value is still to be written. It keeps "Status: pending", which is
// no status of a form, and a result of a part that is no success, "Image result: ⏳ pending":
// what the steps say is no success then.
func (p *parse) isBlank(name fact, label, value string, span text.Span) bool {
	folded, blank := text.Fold(label), IsPlaceholder(value)
	if rollbacks[folded] {
		if status, ok := outcomeWord(trimMarks(value)); ok && status == Succeeded {
			p.facts.rollback = Text{Value: label + ": " + value, Span: span}
		}
	}
	ofPart := name == "" && resultOf().MatchString(folded) && !beginsWithAny(folded, aboutOthers)
	if ofPart || name == factStatus && blank && !p.agreed {
		if status, ok := ParseOutcome(value); ok && status != Succeeded && !strings.HasPrefix(value, "[") {
			p.facts.toCome = cmp.Or(p.facts.toCome, label+": "+value)
		}
	}
	return blank
}

var rollbacks = text.Set(`rollback, roll back, rückrollung, rückfall, retour arrière, reversión, reversão, ripristino, ロールバック, 切り戻し, 回滚, 롤백, откат, wycofanie`)

// resultOf matches the folded label of a result.
var resultOf = text.Pattern(`(?:results?|outcome|ergebnis|resultat|resultaat|結果|结果|결과|результат|wynik)$|^(?:résultat|resultado|esito|risultato|результат|wynik) `)

// isWriter reports whether a label tells who wrote a postmortem. That need not be who
// deployed.
func (p *parse) isWriter(label string) bool {
	return writers[text.Fold(label)] && p.isIncident()
}

// isIncident reports whether the record is a document on an incident, by its title or its
// file's name.
func (p *parse) isIncident() bool {
	if p.isNamedIncident() {
		return true
	}
	title := p.r.Title.Value
	if title == "" && len(p.r.Sections) > 0 {
		title = p.r.Sections[0].Title
	}
	return incidentTitle().MatchString(title)
}

func (p *parse) isNamedIncident() bool {
	return incidentTitle().MatchString(strings.NewReplacer("-", " ", "_", " ").Replace(p.r.Name))
}

// checkIncident warns of a document on an incident that says nothing of what was deployed: it
// is counted as a deployment all the same.
func (p *parse) checkIncident() {
	r := p.r
	if p.isIncident() && len(r.Deployers) == 0 && r.Version.IsZero() && r.Commit.IsZero() && !p.opt.checklist {
		r.report(r.Title.Span.Start, problem.IncidentReport, "move it to a folder of documents, or say in it what was deployed, or by whom",
			"this is a report on an incident, and is counted as a deployment")
	}
}

// offersSeveral reports whether a list has several values for a fact that can have one
// only, as in "Environment:" with a bullet for each that there is. Several commits are warned of.
func offersSeveral(name fact, list ast.Node) bool {
	return list != nil && list.ChildCount() > 1 && name != factDeployer && name != factApprover && name != factService && name != factCommit
}

// isFactTable reports whether a table is one of labels and values: two columns, of
// which the first has nothing but known labels, or nearly so. Its marks are no
// steps: "Status | ❌ Rolled back" is a fact.
func (p *parse) isFactTable(n ast.Node) bool {
	table, ok := n.(*extensionast.Table)
	if !ok || p.part == noFacts || table.FirstChild() == nil || table.FirstChild().ChildCount() != 2 {
		return false
	}
	known, rows := 0, 0
	for row := table.FirstChild(); row != nil; row = row.NextSibling() {
		rows++
		if knownLabel(plain(row.FirstChild(), p.text)) {
			known++
		}
	}
	return known >= 2 && 2*known >= rows-1
}

// factTable reads the rows of a table of labels and values; its head may be one.
func (p *parse) factTable(table *extensionast.Table) {
	if !p.isFactTable(table) {
		return
	}
	for row := table.FirstChild(); row != nil; row = row.NextSibling() {
		cell := row.FirstChild().NextSibling()
		if row.Kind() == extensionast.KindTableHeader && captions[text.Fold(plain(cell, p.text))] {
			continue // "Project | Details" is what the columns are called
		}
		span := spanOfCell(cell)
		if m, marked := cutFrom(cell); marked {
			span.Start = m.mark.Start // it was cut before the table was read
		}
		label, value := plain(row.FirstChild(), p.text), plainLine(string(p.text[span.Start:span.End]))
		name, unit := factOf(label)
		if namedInCode[name] {
			value = NamedInCode(string(p.text[span.Start:span.End]), value)
		}
		if !p.isBlank(name, label, value, span) && !(p.agreed && isOfApproval(name, label, value)) && !p.isWriter(label) {
			p.facts.add(name, p.part, Text{Value: inUnit(value, unit), Span: span, From: FromBody}, span.Start, label+": "+value)
		}
	}
}

// captions are what the second column of a table of labels and values is called.
var captions = text.Set(`value, values, detail, details, description, content, contents, information, info, entry, data, wert, werte, angabe, angaben, inhalt, beschreibung, valeur, valeurs, détail, détails, contenu
	valor, valores, detalle, detalles, contenido, descripción, detalhe, detalhes, conteúdo, descrição, valore, dettaglio, dettagli, contenuto, descrizione, waarde, inhoud
	値, 内容, 詳細, 説明, 值, 内容, 內容, 详情, 詳情, 说明, 取值, 값, 내용, 설명, значение, описание, содержание`)

// isOfApproval tells what in a sign-off is about itself: the day on which somebody
// signed, and that it was approved.
func isOfApproval(name fact, label, value string) bool {
	switch name {
	case factStart, factMaybeStart:
		return isIn(bareDates, label)
	case factStatus:
		_, ok := ParseOutcome(value)
		return !ok
	}
	return name == factStartTime
}

// fact names what a label stands for.
type fact string

const (
	factDeployer, factService, factEnvironment fact = "deployer", "service", "environment"
	factApprover, factMaybeEnvironment         fact = "approver", "maybe environment" // if its value is of environments
	factVersion, factRelease                   fact = "version", "release"            // which may be a name
	factCommit, factBranch                     fact = "commit", "branch"
	factMerge                                  fact = "merge commit"                       // where no other is named
	factStart, factStartTime, factMaybeStart   fact = "start", "start time", "maybe start" // if its value is a time
	factTime                                   fact = "time"                               // which may be a duration
	factEnd, factDuration                      fact = "end", "duration"
	factStatus, factRollbackOf                 fact = "status", "rollback of"
	factRolledBack                             fact = "rolled back" // whether it was
)

// labels are the folded labels that say something about the deployment.
var labels = text.Table(map[fact]string{
	factDeployer: `operator, deployer, deployers, deployed by, author, operators, performed by, executed by, carried out by, released by, rolled out by, deployment by, deployment performed by, deployment executed by
		deployment durchgeführt von, despliegue realizado por, déploiement réalisé par, déploiement effectué par, deploy realizado por, implantação realizada por
		durchgeführt von, ausgeführt von, bereitgestellt von, eingespielt von, ausgerollt von, déployé par, exécuté par, réalisé par, opérateur, opératrice
		desplegado por, ejecutado por, realizado por, operador, operadora, implantado por, executado por, publicado por, eseguito da, distribuito da, operatore
		uitgevoerd door, uitgerold door, デプロイ担当, デプロイ担当者, 実施者, 作業者, 担当者, 担当, 部署人, 部署人员, 发布人, 执行人, 操作人, 배포자, 담당자, 작업자, выполнил, исполнитель, wdrożył, wdrożyła, wdrożone przez, wykonał, wykonała, wykonane przez`,
	factApprover: `approved by, approver, approvers, approval by, signed off by, genehmigt von, freigegeben von, freigabe durch, approuvé par, aprobado por, aprovado por, approvato da, goedgekeurd door
		承認者, 审批人, 批准人, 승인자, согласовал, утвердил, одобрил, zatwierdził, zatwierdziła, zatwierdzone przez, zaakceptował, zaakceptowała`,
	factService: `service, services, project, app, application
		dienst, dienste, anwendung, projekt, projet, servicio, servicios, aplicación, proyecto, serviço, serviços, aplicação, aplicativo, projeto
		servizio, applicazione, progetto, applicatie, サービス, アプリ, プロジェクト, システム, 対象サービス, 対象システム, 服务, 应用, 项目, 系统, 서비스, 프로젝트, сервис, приложение, проект, usługa, usługi, aplikacja`,
	factEnvironment: `environment, env, target environment, environments, envs, target environments, deployment environment, deploy environment, deployed environment, deployed environments, environments deployed, environments updated, updated environments
		umgebung, umgebungen, zielumgebung, zielumgebungen, environnement, environnements, environnement cible, environnement de déploiement, entorno, entornos, entorno de despliegue, ambiente, ambientes, ambiente de implantação, ambienti, ambiente di rilascio, omgeving, omgevingen, 環境, 対象環境, デプロイ先, 环境, 部署环境, 上线环境, 发布环境, 目标环境, 환경, 배포 환경, среда, окружение, środowisko, środowiska, środowisko docelowe`,
	factMaybeEnvironment: `scope, geltungsbereich, périmètre, alcance, escopo, deployed to, deploy to, released to, rolled out to, target, deployment target, stage, where, ausgerollt auf, deployt auf, bereitgestellt auf, ziel, stufe, wohin, déployé sur, cible, desplegado en, destino
		implantado em, publicado em, distribuito su, destinazione, uitgerold naar, 部署到, 发布到, 対象, куда`,
	factVersion: `version, version being deployed, version to deploy, version to be deployed, target version, version released, released version, zielversion, auszurollende version, version cible, version à déployer, versión a desplegar, versão a implantar, final version, release version, fix version, fix versions, fix version s, new version, deployed version, version deployed, versión desplegada, nueva versión, versión nueva, version déployée, nouvelle version, versão implantada, versão publicada, nova versão, neue version, ausgerollte version, deployte version
		nuova versione, nieuwe versie, デプロイバージョン, リリースバージョン, 新バージョン, 部署版本, 发布版本, 上线版本, 新版本, versión, versão, versione, versie, バージョン, 版本, 版本号, 버전, версия, wersja, wdrożona wersja, nowa wersja`,
	factRelease: `release`,
	factCommit:  `commit, commits, git commit, git commits, commit range, deployed commit, deployed commits, merge commit, release commit, production commit, commit sha, sha, git sha, git hash, git commit hash, git commit sha, commit hash, commit git, commits git, commit déployé, commit implantado, commit em produção, commit desplegado, ausgerollter commit, コミット, 提交, 커밋, коммит`,
	factMerge:   `feature merge commit, pr merge commit, mr merge commit, pull request merge commit, hotfix merge commit, fix merge commit, bugfix merge commit, commit de merge, commit de fusion, commit di merge, マージコミット, 合并提交, 머지 커밋, мерж коммит, коммит слияния`,
	factBranch:  `branch, git branch, zweig, branche, rama, ブランチ, 分支, 브랜치, ветка, gałąź`,
	factStart: `actual start, actual start time, actual date, tatsächlicher beginn, tatsächlicher start, tatsächliches datum, début réel, inicio real, início real, 実績開始, 実施開始, 实际开始时间, start, start time, start date, started, started at, when, date, deployment date, deploy date, release date, deployment start, date time, deployed, deployed at, deployed on
		datum, wann, beginn, startdatum, startzeit, zeitpunkt, datum uhrzeit, début, date de début, heure de début, date du déploiement, date de déploiement, date de mise en production, quand, date heure, date et heure
		fecha, fecha y hora, fecha de inicio, fecha de despliegue, fecha del despliegue, hora de inicio, inicio, data hora, data e hora, data do deploy, data de deploy, data da implantação, início, hora início, hora inicio, heure début, ora inizio, starttijd, begintijd, cuándo, quando, wanneer, いつ, когда
		data e ora, inizio, datum en tijd, 日付, 日時, 開始時間, 実施日, 実施日時, デプロイ日, デプロイ日時, 開始, 開始時刻, 開始日時, 日期, 部署日期, 部署时间, 发布日期, 发布时间, 上线日期, 上线时间, 开始时间
		날짜, 일시, 배포 일시, 시작, 시작 시간, дата, дата и время, начало, время начала, дата начала, data wdrożenia, data rozpoczęcia, data i godzina, rozpoczęcie, rozpoczęto, początek, kiedy`,
	factMaybeStart: `data`,
	factTime:       `deployment time, deploy time, tiempo de despliegue, hora de despliegue, hora del despliegue, temps de déploiement, heure de déploiement, tempo de deploy, hora do deploy`,
	factStartTime:  `time, uhrzeit, heure, hora, ora, tijd, 時刻, 时间, 시간, время, godzina`,
	factEnd: `actual end, actual end time, tatsächliches ende, fin réelle, fin real, fim real, 実績終了, 実施終了, 实际结束时间, end, end time, ended, ended at, finished, finished at, finish, finish time, completed, completed at, deployment end
		ende, endzeit, beendet, beendet um, fin, heure de fin, date de fin, hora de fin, fecha de fin, fim, término, hora de término, hora fin, hora fim, heure fin, ora fine, fine, ora di fine, einde, eindtijd
		終了, 終了時刻, 終了時間, 終了日時, 完了日時, 结束, 结束时间, 完成时间, 종료, 종료 시간, конец, окончание, время окончания, дата окончания, zakończenie, koniec, data zakończenia, godzina zakończenia`,
	factDuration: `actual duration, tatsächliche dauer, durée réelle, duración real, duração real, duration, total duration, deployment duration, deploy duration, total time, total deployment time, time taken, elapsed, elapsed time, tiempo total, tiempo total de despliegue, duración del despliegue
		temps total, durée du déploiement, tempo total, duração do deploy, dauer des deployments, dauer, gesamtdauer, durée, durée totale, duración, duración total, duração, duração total, durata, duur
		所要時間, 作業時間, 耗时, 时长, 用时, 持续时间, 소요 시간, длительность, продолжительность, czas trwania, łączny czas`,
	factStatus: `status, state, final state, deployment state, release state, final outcome, deployment outcome, release status, rollout status, implementation result, success, success status, outcome, result, deployment status, final status, overall status, current status, overall result, deployment result, final result
		ergebnis, gesamtergebnis, erfolg, zustand, statut, état, résultat, estado, resultado, situação, stato, esito, risultato, resultaat
		状態, 結果, ステータス, 状态, 结果, 部署状态, 部署结果, 上线结果, 发布结果, 상태, 결과, статус, состояние, результат, итог, wynik, stan, rezultat`,
	factRollbackOf: `rollback of`,
	factRolledBack: `rolled back, was rolled back, rollback performed, rollback executed, rollback triggered, rollback done, rollback durchgeführt, rollback erfolgt, zurückgerollt
		rollback effectué, rollback réalisé, rollback realizado, rollback ejecutado, rollback executado, rollback eseguito, rollback uitgevoerd, ロールバック実施, 是否回滚, 롤백 여부, откат выполнен`,
})

// bareDates are labels of a day that may be any day.
var bareDates = text.Set(`date, date time, datum, datum uhrzeit, fecha, data, data hora, data e hora, date heure, date et heure, data e ora, datum en tijd, 日付, 日時, 日期, 날짜, 일시, дата, дата и время`)

func knownLabel(label string) bool {
	name, _ := factOf(label)
	return name != ""
}

// unitLabel matches a label with a unit: "Date (UTC)", "Duration (min)", "Dauer [h]".
var unitLabel = text.Pattern(`^(.+?)\s*[(\[]\s*([\p{L}+:/_\d-]{1,20})\s*[)\]]$`)

var zoneUnit = text.Pattern(`(?i)^(?:[A-Z]{1,5}|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?)$`)

// factOf is what a label stands for, and the unit in which it says that its value is:
// a time's zone, or that of a duration.
func factOf(label string) (name fact, unit string) {
	label = strings.TrimSuffix(label, "(s)")
	if name = labels[text.Fold(label)]; name != "" {
		return name, ""
	}
	if name = factOfDeployment(text.Fold(label)); name != "" {
		return name, ""
	}
	m := unitLabel().FindStringSubmatch(label)
	if m == nil {
		return "", ""
	}
	folded := text.Fold(m[1])
	switch name = cmp.Or(labels[folded], factOfDeployment(folded)); name {
	case factStart, factStartTime, factEnd:
		if zoneUnit().MatchString(m[2]) {
			if _, err := zone(m[2], nil); err == nil {
				return name, m[2]
			}
		}
	case factDuration:
		if _, ok := ParseDuration("1 " + m[2]); ok {
			return name, m[2]
		}
	}
	return "", ""
}

// factOfDeployment is what a folded label stands for that says whose start, end, outcome or
// commit it tells: "Deployment start time".
func factOfDeployment(folded string) fact {
	whose, rest, _ := strings.Cut(folded, " ")
	switch name := labels[rest]; name {
	case factStart, factEnd, factDuration, factStatus, factCommit:
		if whoseFact[whose] {
			return name
		}
	}
	return ""
}

var whoseFact = text.Set(`deployment, deploy, release, rollout, publish, publishing, publication, veröffentlichungs`)

// inUnit is a value with the unit that its label has, unless it has one itself.
func inUnit(value, unit string) string {
	if unit == "" || value == "" || !unitless().MatchString(value) {
		return value
	}
	return value + " " + unit
}

// unitless matches a number, a day or a time without an offset.
var unitless = text.Pattern(`^\d+(?:[.,]\d+)?$|\d{1,2}:\d{2}(?::\d{2})?$`)

// facts are what the body says of the deployment, apart from the front matter.
type facts struct {
	values   map[fact]factLine
	ends     []factLine   // all lines that say when it ended
	said     []saidStatus // those that say how, in the order of the record
	unclear  []Text       // status lines that say nothing
	rollback Text         // "Rollback: yes", which may be that it was, or that it can be
	toCome   string       // a status, or a result of a part, that is still to be written
	vague    []Text       // times with "-10:00" behind them, which may be the end or the zone
	claims   []claim      // all of them
}

// A claim is one labelled line, whatever it says.
type claim struct {
	fact  fact
	value Text
	below ast.Node // the list that says it; nil where the line does
}

// A factLine is the value that counts, and the part it stands in.
type factLine struct {
	Text
	part part
}

// A saidStatus is one line that says how the deployment went.
type saidStatus struct {
	status Status
	part   part
	at     int    // the line's offset
	value  string // as written, plain
	line   string // with its label
	isSure bool   // other lines of its part do not count beside it
}

// add keeps a fact. Of several the first counts, the head before other parts; but a
// closing section knows better how long it took and when it ended.
func (f *facts) add(name fact, in part, value Text, at int, line string) {
	if name == "" {
		return
	}
	if name == factMaybeEnvironment {
		if len(environmentsIn(plainLine(value.Value))) == 0 {
			return
		}
		name = factEnvironment
	}
	f.claims = append(f.claims, claim{fact: name, value: value})
	if ticked, ok := choice(value.Value); ok && name != factStatus {
		if value.Value = ticked; ticked == "" {
			return
		}
	}
	if value.Value = factValue(name, value.Value); value.Value == "" {
		return
	}
	if name == factTime {
		name = factStartTime
		if _, ok := ParseDuration(value.Value); ok {
			name = factDuration
		} else if startsWithDay(value.Value) && !dayTime().MatchString(plainClock(value.Value)) {
			name = factStart
		}
	}
	if _, isAnswer := ParseOutcome(value.Value); isAnswer && (name == factStart || name == factEnd) { // "Deployed: yes" tells no time
		return
	}
	if name == factStart || name == factEnd { // "Time: 14h" may be how long it took
		value.Value = hourAlone().ReplaceAllString(value.Value, "$1:00")
	}
	isTime := name == factStartTime
	if isTime && startsWithDay(value.Value) { // "Time: 2024-08-31 14:30"
		name = factStart
	}
	if name == factMaybeStart {
		if !startsWithDay(value.Value) {
			return
		}
		name = factStart
	}
	if name == factStart || name == factStartTime {
		value.Value = f.addRange(in, value, at, line)
	}
	switch name {
	case factStatus:
		f.addStatus(in, value, at, line)
		return
	case factRolledBack:
		if answer, ok := ParseOutcome(value.Value); ok && answer == Succeeded { // "yes"
			f.said = append(f.said, saidStatus{RolledBack, in, at, value.Value, plainLine(line), true})
		}
		return
	}
	if f.values == nil {
		f.values = map[fact]factLine{}
	}
	if name == factEnd {
		f.ends = append(f.ends, factLine{value, in})
	}
	before, seen := f.values[name]
	if at, err := anyTime(plainClock(value.Value), time.UTC); seen && name == factStart && (dayTime().MatchString(plainClock(value.Value)) || isTime && err == nil && !at.DateOnly) { // "Date:", and then "Start Time:"
		name = factStartTime
		before, seen = f.values[name]
	}
	better := in < before.part
	if name == factEnd || name == factDuration {
		better = in > before.part
	}
	if !seen || better {
		f.values[name] = factLine{value, in}
	}
}

var hourAlone = text.Pattern(`^(\d{1,2})\s?h$`)

// startsWithDay tells the value of "Data:" that is a date, in Portuguese or Italian, from
// that of data.
func startsWithDay(value string) bool {
	_, err := anyTime(value, time.UTC)
	_, isRange := parseRange(value)
	return err == nil || isRange || anyDate().MatchString(value)
}

var anyDate = text.Pattern(`^\d{1,2}[/.-]\d{1,2}[/.-]\d{4}\b`)

// addRange keeps the end of a range of times, or its length, and returns the start.
func (f *facts) addRange(in part, value Text, at int, line string) string {
	if day, ok := mayBeOffset(width.Fold.String(value.Value)); ok {
		f.vague = append(f.vague, value)
		return day
	}
	r, ok := parseRange(value.Value)
	if !ok {
		return value.Value
	}
	if r.took > 0 {
		f.add(factDuration, in, Text{Value: r.took.String(), Span: value.Span, From: value.From}, at, line)
	} else {
		f.add(factEnd, in, Text{Value: r.end, Span: value.Span, From: value.From}, at, line)
	}
	return r.start
}

var (
	struckOut  = text.Pattern(`~~[^~]*~~`)
	fromBefore = text.Pattern(`^v?\d\S*\s*(?:→|➜|➔|➡️?|⇒|->|-->|=>)\s*(v?\d)`)
	fromTo     = text.Pattern(`(?i)^(?:from|von)\s+v?\d\S*\s+(?:to|auf|nach)\s+(v?\d)`)
	anyHash    = text.Pattern(`(?i)\b[0-9a-f]{7,40}\b`)
	ofDocument = text.Pattern(`(?i)[(（](?:[^()（）]*\s)?(?:document|checklist|template|runbook|playbook|procedure|sop|dokuments?|vorlage|checkliste|modèle|procédure|documento|plantilla|procedimiento|modelo|modello|sjabloon)[)）]$|[(（](?:本)?(?:文書|文档|手順書|テンプレート|模板|清单|チェックリスト)[^()（）]*[)）]$`)
	// elsewhere matches a value that says where to look: "see the ticket". twoNames is not that
	// of people: "See Wong".
	twoNames  = text.Pattern(`^\p{Lu}\p{Ll}+\s+\p{Lu}\p{Ll}+$`)
	elsewhere = text.Pattern(`(?i)^(?:see|siehe|voir|ver|véase|vedi|zie|cf\.)\s+\pL`)
	// versionBefore matches the version before, behind the one that came: " (was 1.1)".
	versionBefore = text.Pattern(`(?i)\s*[(（](?:(?:was|from|previously|before|replaces|instead of|rollback(?: version| to)?|fallback|war|ersetzt|remplace|reemplaza|substitui|sostituisce|vervangt|vorher|bisher|von|statt|avant|auparavant|antes|prima|eerst|was eerst|было|ранее|poprzednio|wcześniej)[: ]|(?:이전|기존|롤백|以前|前回|旧|之前|原|回滚|回退|ロールバック|切り戻し)(?:버전|のバージョン|版本|版)?(?:は|は、)?[:： ]?)\s*v?\d[^()（）]*[)）]$`)
	hashOf        = text.Pattern(`(?i)^(?:[0-9a-f]{7,40}(?:\.{2,3}|\s*(?:→|->|=>)\s*))?([0-9a-f]{7,40})(?:\W.*)?$`)
)

var isOfPeople = map[fact]bool{factDeployer: true, factApprover: true}

// factValue is a value without what was struck out, without a mark in front, and of
// "1.1 → 1.2" the version that came. Of a commit with words behind it is the hash.
func factValue(name fact, value string) string {
	if strings.Contains(value, "~~") {
		value = strings.Join(strings.Fields(struckOut().ReplaceAllString(value, " ")), " ")
	}
	if name != factStatus && name != factRolledBack {
		value = strings.TrimSpace(strings.TrimFunc(trimMarks(value), isPicture))
	}
	if name != factStatus && elsewhere().MatchString(value) && !(isOfPeople[name] && twoNames().MatchString(value)) {
		return ""
	}
	switch name {
	case factEnvironment:
		if strings.Contains(value, " | ") { // what a form offers
			return ""
		}
	case factVersion:
		if ofDocument().MatchString(value) {
			return ""
		}
		value = versionBefore().ReplaceAllString(value, "")
		return fromTo().ReplaceAllString(fromBefore().ReplaceAllString(value, "$1"), "$1")
	case factCommit, factMerge:
		return commitOf(value)
	}
	return value
}

// commitOf is the hash that a value begins with, or the longer form of it behind that.
// Of several nobody knows which was deployed.
func commitOf(value string) string {
	m := hashOf().FindStringSubmatch(value)
	if SeveralCommits(value) {
		return ""
	}
	if m == nil {
		if strings.Contains(value, " ") && !anyHash().MatchString(value) || !strings.ContainsFunc(value, unicode.IsLetter) && len(value) < 7 {
			return "" // "see the ticket", or how many there are
		}
		return value
	}
	hash := m[1]
	for _, other := range anyHash().FindAllString(value, -1) {
		if len(other) > len(hash) && strings.HasPrefix(other, hash) {
			hash = other
		}
	}
	return hash
}

// SeveralCommits reports whether a value lists commits: "4bad1fe, d5ee4a4", "4bad1fe Mend the login,
// d5ee4a4 Sort the cart". One of a range is the one that came, and a hash may be written
// again at its full length.
func SeveralCommits(value string) bool {
	hashes := listMore().Split(value, -1)
	for i, hash := range hashes {
		hash, _, _ = strings.Cut(hash, " ")
		hashes[i] = strings.ToLower(strings.TrimFunc(hash, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }))
		if !wholeHash().MatchString(hashes[i]) {
			return false
		}
	}
	return slices.ContainsFunc(hashes, func(hash string) bool {
		return !strings.HasPrefix(hash, hashes[0]) && !strings.HasPrefix(hashes[0], hash)
	})
}

var wholeHash = text.Pattern(`^[0-9a-f]{7,40}$`)

func (f *facts) addStatus(in part, value Text, at int, line string) {
	status, ok := ParseOutcome(value.Value)
	switch {
	case ok:
		f.said = append(f.said, saidStatus{status, in, at, value.Value, plainLine(line), false})
	case len(f.unclear) < 10:
		f.unclear = append(f.unclear, value)
	}
}

// status is the line that counts: the last one of the part that knows best, but "rolled
// back: yes" before others of that.
func (f *facts) status() (best saidStatus, ok bool) {
	for _, s := range f.said {
		if s.part > best.part || s.part == best.part && (s.isSure || !best.isSure) {
			best, ok = s, true
		}
	}
	return best, ok
}

// checkStatus warns where two lines say different ends, and names both.
func (p *parse) checkStatus() {
	best, ok := p.facts.status()
	for _, s := range p.facts.said {
		if ok && s.status != best.status && s.status != InProgress && !(s.status == Failed && best.status == RolledBack) {
			p.contradiction("status", s.value, s.at, best.value, best.at)
			return
		}
	}
}

// contradiction warns of a value that says something else than the one that counts.
func (p *parse) contradiction(what, here string, at int, counts string, countsAt int) {
	line, _ := text.Position(p.text, countsAt)
	p.r.report(at, problem.ConflictingFacts, "correct one of them", "the %s is “%s” here and “%s” on line %d, which counts",
		what, text.OneLine(here, 40), text.OneLine(counts, 40), line)
}

// isPicture tells an emoji, and what belongs to one.
func isPicture(r rune) bool {
	return unicode.In(r, unicode.So, unicode.Sk) || r == '\ufe0f' || r == '\u200d'
}

// fill sets what the front matter left open, but for the end.
func (f *facts) fill(p *parse) {
	r := p.r
	for name, target := range map[fact]*Text{
		factEnvironment: &r.Environment, factVersion: &r.Version, factCommit: &r.Commit,
		factBranch: &r.Branch, factRollbackOf: &r.RollbackOf,
	} {
		if target.IsZero() {
			*target = f.values[name].Text
		}
	}
	if r.Environment.From == FromBody {
		r.Environment.Value = EnvironmentOf(r.Environment.Value)
	}
	if r.Version.From == FromBody {
		r.Version.Value = VersionOf(r.Version.Value)
	}
	if r.Commit.IsZero() {
		r.Commit = f.values[factMerge].Text
	}
	if release := f.values[factRelease].Text; r.Version.IsZero() && strings.ContainsAny(release.Value, "0123456789") {
		r.Version = release
	}
	if len(r.Deployers) == 0 {
		r.Deployers = p.people(f.values[factDeployer].Text)
	}
	if len(r.ApprovedBy) == 0 {
		r.ApprovedBy = p.people(f.values[factApprover].Text)
	}
	if len(r.Services) == 0 {
		r.Services = p.services(f.values[factService].Text)
	}
	if len(r.Environments) == 0 && !r.Environment.IsZero() {
		r.Environments = p.environments(r.Environment)
	}
	if r.Started.IsZero() {
		r.Started = f.start(p)
		for _, value := range f.vague {
			r.report(value.Span.Start, problem.UnclearTime, "write a blank before and behind the hyphen of a range, and a “T” before a time with an offset",
				"“%s” may be a range or a time with an offset from UTC", text.OneLine(value.Value, 60))
		}
	}
	if said := slices.IndexFunc(f.claims, func(c claim) bool { return c.fact == factCommit && SeveralCommits(c.value.Value) }); said >= 0 && r.Commit.IsZero() {
		r.report(f.claims[said].value.Span.Start, problem.ConflictingFacts, "write the one that was deployed, and name the others in the text",
			"“%s” are several commits, of which nobody knows which was deployed", text.OneLine(f.claims[said].value.Value, 60))
	}
	if r.StatusFrom == FromFrontMatter {
		return // what else is called a status is not the deployment's
	}
	for _, value := range f.unclear {
		if p.isIncident() {
			break // it is the incident's: "Mitigated"
		}
		p.r.report(value.Span.Start, problem.UnclearStatus, statusHint(), "the status “%s” is not known", text.OneLine(value.Value, 60))
	}
	p.checkStatus()
}

// start is the start as written. A clock time alone is one on the day of the
// file's name; a date alone gets the clock time of its own line.
func (f *facts) start(p *parse) Moment {
	value := f.values[factStart].Text
	if m, ok := parseClock(plainClock(value.Value), p.named.Time); ok && !p.named.IsZero() {
		m.Span, m.From = value.Span, FromBody
		return m
	}
	m := p.bodyTime(value, time.Time{})
	clock, ok := f.values[factStartTime]
	if ok && value.IsZero() && p.named.DateOnly && clock.part < closing {
		m = p.named // "Time: 14:30", and no line with the day
	}
	if ok && m.DateOnly {
		at, ok := parseClock(plainClock(clock.Value), m.Time)
		if whole, err := anyTime(plainClock(clock.Value), p.loc); !ok && err == nil && !whole.DateOnly && whole.Time.Format(time.DateOnly) == m.Time.Format(time.DateOnly) {
			at, ok = whole, true // the day, written again
		}
		if !ok {
			at, ok = clockWithRemark(plainClock(clock.Value), m.Time)
		}
		if ok {
			m.Time, m.DateOnly, m.Local = at.Time, false, at.Local
			if m.From == FromFileName {
				m.Span, m.From = clock.Span, FromBody
			}
		} else if beginsWithClock().MatchString(clock.Value) {
			p.r.report(clock.Span.Start, problem.UnclearTime, timeHint+", or the hour with its zone alone",
				"“%s” is no hour that can be read; only the day is taken", text.OneLine(clock.Value, 60))
		}
	}
	return m
}

// clockWithRemark reads an hour with a remark behind it that goes with it: a part of the
// day, "23:20 UTC (evening)", or the same day again, "00:30 UTC (October 7, 2025)". Others
// may name another hour, day or zone.
func clockWithRemark(s string, day time.Time) (Moment, bool) {
	found := behindClock().FindStringSubmatch(s)
	if found == nil {
		return Moment{}, false
	}
	at, ok := parseClock(found[1], day)
	isMorning := at.Time.Hour() < 12
	switch said := text.Fold(found[2]); {
	case mornings[said]:
		return at, ok && isMorning
	case evenings[said]:
		return at, ok && !isMorning
	}
	again, err := anyTime(found[2], day.Location())
	return at, ok && err == nil && again.DateOnly && again.Time.Format(time.DateOnly) == day.Format(time.DateOnly)
}

var (
	beginsWithClock = text.Pattern(`^\d{1,2}[:h]\d{2}(?:\D|$)`)
	behindClock     = text.Pattern(`^(\d{1,2}[:h]\d{2}[^()（）]*?)\s*[(（]([^()（）]+)[)）]$`)

	mornings = text.Set(`morning, early morning, in the morning, morgens, früh, vormittag, vormittags, matin, le matin, mañana, manhã, mattina, ochtend, 朝, 午前, 早上, 上午, 오전, утро`)
	evenings = text.Set(`afternoon, in the afternoon, evening, late evening, in the evening, nachmittag, nachmittags, abend, abends, après midi, soir, le soir, tarde, pomeriggio, sera, middag, avond, 午後, 夕方, 下午, 晚上, 오후, 저녁, вечер`)
)

// fillEnd sets the end, once the start is known: as written, or by the exact
// duration.
func (f *facts) fillEnd(p *parse) {
	r := p.r
	if r.Finished.IsZero() {
		r.Finished = f.end(p)
	}
	if r.Finished.Local && !r.Started.IsZero() { // the end is written by the clock that the start was
		r.Finished.Time, r.Finished.Local = onClock(r.Finished.Time, r.Started.Time.Location()), r.Started.Local
	}
}

func (f *facts) end(p *parse) Moment {
	start := p.r.Started
	if end := p.bodyTime(f.values[factEnd].Text, start.Time); !end.IsZero() {
		f.checkEnds(p, end)
		return end
	}
	d, ok := ParseDuration(width.Fold.String(trimMarks(f.values[factDuration].Value)))
	switch {
	case !ok:
	case !start.IsZero() && !start.DateOnly:
		return Moment{Time: start.Time.Add(d), Span: f.values[factDuration].Span, From: FromBody, Local: start.Local}
	default:
		p.r.Took = d
	}
	return Moment{}
}

// checkEnds warns where another line says another end, and names both.
func (f *facts) checkEnds(p *parse, end Moment) {
	for _, other := range f.ends {
		if other.Span == end.Span {
			continue
		}
		if at := p.bodyTime(other.Text, p.r.Started.Time); !at.IsZero() && !at.DateOnly && !end.DateOnly && at.Time.Sub(end.Time).Abs() >= time.Minute {
			p.contradiction("end", other.Value, other.Span.Start, f.values[factEnd].Value, end.Span.Start)
			return
		}
	}
}

// countOf finds "Completed: 12/14 steps", which is no time.
var countOf = text.Pattern(`^\d+\s*(?:/|of)\s*\d+(?:\s|$)`)

// bodyTime reads a time of the metadata. A clock time alone is one after start.
func (p *parse) bodyTime(value Text, start time.Time) Moment {
	if value.IsZero() || countOf().MatchString(value.Value) {
		return Moment{}
	}
	s := plainClock(value.Value)
	if m, ok := parseClock(s, start); ok {
		if start.IsZero() {
			return Moment{}
		}
		if m.Time.Before(start) {
			m.Time = m.Time.AddDate(0, 0, 1)
		}
		if m.Time.Sub(start) > maxOvernight && m.Time.YearDay() != start.YearDay() {
			p.r.report(value.Span.Start, problem.EndBeforeStart, "correct one of them, or write the day of the end as well",
				"the end, %s, is before the start, %s; it is not taken for one of the next day", text.OneLine(s, 20), start.Format("15:04"))
			return Moment{}
		}
		m.Span, m.From = value.Span, FromBody
		return m
	}
	s = p.decideDay(s)
	m, err := anyTime(s, p.loc)
	if err != nil {
		day := dayAndClock().FindStringSubmatch(s)
		if day != nil {
			m, _ = anyTime(day[1], p.loc)
			if _, why := ParseTime(time.DateOnly+" "+day[2], p.loc); err == errNoTime && (why == errZone || why == errNoSuchZone) {
				err = why // of a day in words
			}
		}
		if err != errZone && err != errNoSuchZone || !m.DateOnly {
			p.r.report(value.Span.Start, problem.UnclearTime, timeHint, "“%s” %v", text.OneLine(s, 60), err)
			return Moment{}
		}
		p.r.report(value.Span.Start, problem.UnclearTime, timeHint, "“%s” %v; only its day is taken", text.OneLine(s, 60), err)
	}
	m.Span, m.From = value.Span, FromBody
	return m
}

// slashedDay matches a day that may be of two months.
var slashedDay = text.Pattern(`^(\d{1,2})[/-](\d{1,2})[/-](\d{4})\b`)

// decideDay turns a day that may be of two months, "08/03/2026", into the one of them that
// is the day of the file's name, or the next one.
func (p *parse) decideDay(s string) string {
	m := slashedDay().FindStringSubmatch(s)
	if m == nil || p.named.IsZero() {
		return s
	}
	named, found := p.named.Time.Format(time.DateOnly), []string{}
	for _, order := range []string{m[3] + "-" + m[2] + "-" + m[1], m[3] + "-" + m[1] + "-" + m[2]} {
		day, err := time.Parse("2006-1-2", order)
		isNear := day.Format(time.DateOnly) == named || day.AddDate(0, 0, -1).Format(time.DateOnly) == named
		if err == nil && isNear && !slices.Contains(found, order) {
			found = append(found, order)
		}
	}
	if len(found) != 1 {
		return s
	}
	return found[0] + s[len(m[0]):]
}

// anyTime reads a time in numbers or words, also one that is told again for another
// zone: "12:11 CEST (10:11 UTC)".
func anyTime(s string, loc *time.Location) (Moment, error) {
	again := inOtherZone().FindStringSubmatch(s)
	if again != nil {
		s = again[1]
	}
	m, err := ParseTime(s, loc)
	if written, ok := writtenTime(s, loc); ok && err != nil {
		m, err = written, nil
	}
	if day, ok := dayIn(s, loc); ok && err != nil {
		m, err = day, nil
	}
	if err == nil && again != nil {
		if other, ok := parseClock(again[2], m.Time); !ok || other.Local || m.DateOnly || m.Time.Sub(other.Time)%(24*time.Hour) != 0 {
			return Moment{}, errNoTime
		}
	}
	return m, err
}

// dayIn reads a day with a zone behind it: "2 Mar 2026 (UTC)".
func dayIn(s string, loc *time.Location) (Moment, bool) {
	found := dayInZone().FindStringSubmatch(s)
	if found == nil {
		return Moment{}, false
	}
	in, err := zone(found[2], loc)
	if err != nil {
		return Moment{}, false
	}
	day, err := ParseTime(found[1], in)
	if err != nil {
		day, _ = writtenDay(found[1], in)
	}
	day.Local = false
	return day, day.DateOnly
}

var dayInZone = text.Pattern(`^(.*[\d日])(?:\s*[(（]\s*|\s+)((?:UTC|GMT)(?:[+-]\d{1,2}(?::?\d{2})?)?|[A-Z]{3,4})[)）]?$`)

var inOtherZone = text.Pattern(`^(.*\d.*\S) *[(（] *(\d{1,2}:\d{2} *(?:[A-Z]{3,4}|UTC[+-]\d{1,2}))[)）]$`)

// dayInWords matches a day as people write it, and nothing else: "January 28, 2026",
// "28 Jan 2026", "28.01.2026", "2026年1月28日".
var dayInWords = text.Pattern(`^(?:\pL+\.? +\d{1,2}(?:st|nd|rd|th)?,? +\d{4}|\d{1,2}(?:st|nd|rd|th|\.)? +\pL+\.?,? +\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4} ?年 ?\d{1,2} ?月 ?\d{1,2} ?日)$`)

var dottedDay = text.Pattern(`^(\d{1,2})\.(\d{1,2})\.(\d{4})$`)

// plainDay turns these into forms that a file's name has.
var plainDay = text.Pattern(`(\d)(?:st|nd|rd|th)\b[ ,./]*|[ ,./]+`)

var (
	// eastClock and eastern turn "2024年8月31日(土)14時30分" into other forms.
	eastClock = text.Pattern(`\s*(\d{1,2})\s?[時时点시]\s?(\d{2})\s?[分분]`)
	eastern   = strings.NewReplacer("(月)", "", "(火)", "", "(水)", "", "(木)", "", "(金)", "", "(土)", "", "(日)", "")
	// dayAndClock parts "31 August 2024, 14:30 CEST".
	dayAndClock = text.Pattern(`(?i)^(.*?[\d日])(?:,?\s+(?:(?:at|um|à|om|@)\s*)?)(\d{1,2}[:h]\d{2}\b.*)$`)
	// weekday may stand before a day.
	weekday = text.Pattern(`(?i)^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[.,]*\s+|^(?:(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|mo|di|mi|do|fr|sa|so|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche)[.,]*\s+`)
)

// writtenTime reads a day as [writtenDay] does, with or without a clock time and the
// name of the day.
func writtenTime(s string, loc *time.Location) (Moment, bool) {
	s = s[len(weekday().FindString(s)):]
	m := dayAndClock().FindStringSubmatch(s)
	if m == nil {
		return writtenDay(s, loc)
	}
	day, ok := writtenDay(m[1], loc)
	if !ok {
		return Moment{}, false
	}
	return parseClock(m[2], day.Time)
}

// writtenDay reads a day that the forms of a file's name know, but not one that may be
// of two months.
func writtenDay(s string, loc *time.Location) (Moment, bool) {
	s = monthInEnglish(s)
	if !dayInWords().MatchString(s) {
		return Moment{}, false
	}
	if m := dottedDay().FindStringSubmatch(s); m != nil { // with dots the day comes first everywhere
		s = m[3] + "-" + m[2] + "-" + m[1]
	}
	date, doubt := findDate(plainDay().ReplaceAllString(strings.ReplaceAll(s, " 年", "年"), "$1-"))
	if doubt != "" || !date.isDay() {
		return Moment{}, false
	}
	return Moment{Time: time.Date(date.year, time.Month(date.month), date.day, 0, 0, 0, 0, loc), DateOnly: true, Local: true}, true
}

// monthInEnglish is a day in words with the English name of its month: "1er août 2024",
// "31 de agosto de 2024".
func monthInEnglish(s string) string {
	words := strings.Fields(s)
	for i, word := range words {
		if month := months[text.Fold(word)]; month > 0 {
			words[i] = month.String()
			words[0] = strings.TrimRight(words[0], "erº°")
			return strings.Join(slices.DeleteFunc(words, func(word string) bool { return word == "de" || word == "г." }), " ")
		}
	}
	return s
}

// months are their names in other languages than English.
var months = text.Table(map[time.Month]string{
	time.January:   `januar, jänner, janvier, enero, janeiro, gennaio, januari, января, stycznia`,
	time.February:  `februar, feber, février, febrero, fevereiro, febbraio, februari, февраля, lutego`,
	time.March:     `märz, mär, mrz, mars, marzo, março, maart, марта, marca`,
	time.April:     `avril, abril, aprile, апреля, kwietnia`,
	time.May:       `mai, mayo, maio, maggio, mei, мая, maja`,
	time.June:      `juni, juin, junio, junho, giugno, июня, czerwca`,
	time.July:      `juli, juillet, julio, julho, luglio, июля, lipca`,
	time.August:    `août, aout, agosto, augustus, августа, sierpnia`,
	time.September: `septembre, septiembre, setembro, settembre, сентября, września`,
	time.October:   `oktober, okt, octobre, octubre, outubro, ottobre, октября, października`,
	time.November:  `novembre, noviembre, novembro, ноября, listopada`,
	time.December:  `dezember, dez, décembre, diciembre, dezembro, dicembre, декабря, grudnia`,
})

// MonthOf is a month by its name in another language than English, 0 for other words.
func MonthOf(word string) time.Month { return months[text.Fold(word)] }

// MonthNames lists the names that [MonthOf] knows.
func MonthNames() []string { return slices.Sorted(maps.Keys(months)) }

// LabelledFacts gives what each folded label of a record's facts stands for, by the name
// of a fact: "environment", "start".
func LabelledFacts() map[string]string {
	all := map[string]string{}
	for label, name := range labels {
		all[label] = string(name)
	}
	return all
}

// maxOvernight is how long after its start a deployment may end on the next day, if
// only the clock time of its end is written.
const maxOvernight = 12 * time.Hour

const timeHint = "write it as 2024-08-31T14:30:00+02:00"

// trimMarks is a value without the marks before and behind it.
func trimMarks(s string) string {
	if _, n, ok := ParseMark(s); ok {
		s = s[n:]
	}
	if _, start, ok := endMark(s); ok {
		s = s[:start]
	}
	return strings.TrimSpace(s)
}

var (
	listNames = text.Pattern(`\s*[,;、，；]\s*`)
	listMore  = text.Pattern(`\s*[,;、，；]\s*(?:(?:and|und|et|y|e|en|&)\s+)?|\s+(?:[+/|]|and|und|et|y|e|en|&)\s+`)
	listPlace = text.Pattern(`\s*(?:[,;、，；+&|→]|->|\s/|/\s)\s*(?:(?:and|und|et|y|e|en|then)\s+)?|\s+(?:and|und|et|y|e|en|then)\s+`)
)

// services are the names in a value. An "and" between two words may be of a name, but
// not among several.
func (p *parse) services(t Text) []Text {
	if listNames().MatchString(t.Value) || strings.Contains(t.Value, " + ") || strings.Contains(t.Value, " / ") {
		return p.splitNames(t, listMore())
	}
	return p.splitNames(t, listNames())
}

// environments are the names in a value, if each is one that teams have: "dev, test,
// production" names three, "production, rack 4" may be one.
func (p *parse) environments(t Text) []Text {
	bare := remarkBehind().ReplaceAllString(t.Value, "") // of "dev, test (both at once)"
	named := environmentsIn(bare)
	if len(named) < 2 {
		return []Text{t}
	}
	t.Value = bare
	return p.eachOf(t, named)
}

// EnvironmentOf is a value without a remark behind it that is of the deployment: "staging"
// of "staging (first try)". In "production (eu-west-1)" it may be a part of the name.
func EnvironmentOf(value string) string {
	m := remarkInBrackets().FindStringSubmatch(value)
	const sentence = 5 // words that are more than a place
	if m == nil || !ofThisTime().MatchString(m[2]) && len(strings.Fields(m[2])) < sentence && !slices.ContainsFunc(strings.Fields(text.Fold(m[2])), func(word string) bool { return remarkWords[word] }) {
		return value
	}
	if !NamesEnvironments(m[1]) {
		return value
	}
	return m[1]
}

// NamesEnvironments reports whether a value is a name that teams have for an environment,
// or several: "staging", "dev, test".
func NamesEnvironments(value string) bool {
	return len(environmentsIn(value)) > 0
}

// namedInCode are the facts whose value may be a name in code with a remark behind it.
var namedInCode = map[fact]bool{factService: true, factVersion: true, factBranch: true}

var codeAndRemark = text.Pattern("^\\s*`([^`]+)`\\s*(?:[—–]\\s.*|-\\s[^`]*|[(（][^()（）]*[)）])\\s*$")

// NamedInCode is a value without the remark behind a name in code, as it is written:
// "`api` — the part for payments".
func NamedInCode(written, value string) string {
	if m := codeAndRemark().FindStringSubmatch(written); m != nil && strings.HasPrefix(value, m[1]) && !movingName().MatchString(value) {
		return m[1]
	}
	return value
}

// VersionOf is the version behind a name that moves: "v2.4" of "HEAD (v2.4, working tree)".
func VersionOf(value string) string {
	if m := movingName().FindStringSubmatch(value); m != nil {
		return m[1]
	}
	return value
}

var movingName = text.Pattern(`(?i)^(?:head|main|master|trunk|develop|latest|current)\s*[(（]\s*(v?\d+(?:\.\d+)+[\w.+-]*)(?:[\s,，;][^()（）]*)?[)）]$`)

var remarkInBrackets = text.Pattern(`^(.*?\S)\s*[(（]([^()（）]+)[)）]$`)

// remarkBehind matches a remark behind a value.
var remarkBehind = text.Pattern(`\s*[(（][^()（）]*[)）]$`)

// environmentsIn are the names in a value, none if one of them is of something else.
func environmentsIn(value string) (names []string) {
	for _, name := range listPlace().Split(value, -1) {
		names = append(names, besideProduction(name)...)
	}
	if slices.ContainsFunc(names, func(name string) bool { return !isEnvironment(name) }) {
		return nil
	}
	return names
}

// besideProduction parts a name with slashes where production is one of the parts and
// another is not, or where all are of one kind: "staging/production" are two, and so are
// "prod-eu/prod-us". "STAGING/TEST" may well be what one is called.
func besideProduction(name string) []string {
	parts := strings.FieldsFunc(name, func(r rune) bool { return r == '/' || r == '／' })
	production, kinds := 0, map[string]bool{}
	for _, part := range parts {
		first, _, _ := strings.Cut(text.Fold(part), " ")
		kind := strings.TrimRight(first, "0123456789")
		if kinds[kind] = true; productionNames[kind] {
			production++
		}
	}
	if len(parts) > 1 && (len(kinds) == 1 || production > 0 && production < len(parts)) {
		return parts
	}
	return []string{name}
}

// splitNames parts a list that is written in one value, each name with its own
// place.
func (p *parse) splitNames(t Text, separator *regexp.Regexp) []Text {
	return p.eachOf(t, separator.Split(t.Value, -1))
}

func (p *parse) eachOf(t Text, named []string) (names []Text) {
	for _, name := range named {
		names = append(names, Text{Value: strings.TrimSpace(name), Span: t.Span, From: t.From})
	}
	return p.placed(names, t.Value)
}

// placed gives each of several names in one value its own place, and leaves out those
// that are "". One that is the whole of it has its place.
func (p *parse) placed(names []Text, whole string) []Text {
	from := 0
	names = slices.DeleteFunc(names, func(n Text) bool { return n.IsZero() })
	for i, n := range names {
		written := p.text[n.Span.Start+from : n.Span.End]
		if at := bytes.Index(written, []byte(n.Value)); at >= 0 && n.Value != whole {
			names[i].Span.Start += from + at
			names[i].Span.End = names[i].Span.Start + len(n.Value)
			from += at + len(n.Value)
		}
	}
	return names
}

var (
	betweenPeople = text.Pattern(`\s*[,;&、，；]\s*(?:(?:and|und|et|y|e|en|og|och|и)\s+)?|\s+(?:[/+|·•→]|->|and|und|et|y|e|en|og|och|и|with|mit|avec|con)\s+|と`)
	closeSlash    = text.Pattern(`\pL[\pL.'-]*\p{Ll}(/)\p{Lu}\pL*\p{Ll}`) // "Ada/Mei", but not "CI/CD"
	besideKanji   = text.Pattern(`(\p{Han})[・･]`)                         // in katakana the point parts a name
	noName        = text.Pattern(`(?i)\s(?:(?:at|on|am|um|le|el)\s+)?\d{1,4}[-:.]\d{2}[-\d:.TZ]*|\s(?:on behalf of|im auftrag von|via)\s[^,;]*|<!--.*?-->|~~[^~]*~~|<[^<>\s]*[@:][^<>\s]*>|\([^()]*\)|（[^（）]*）`)
)

// people are the names in a value: "Ada Park (SRE) / Mei Tanaka <mei@example.org>"
// names two. Addresses, roles and what was struck out are no part of a name, but an
// address that stands alone is one.
func (p *parse) people(t Text) (names []Text) {
	if t.IsZero() {
		return nil
	}
	written := string(p.text[t.Span.Start:t.Span.End])
	list := noName().ReplaceAllString(lineBreak().ReplaceAllString(inlineLink().ReplaceAllString(wikiLink().ReplaceAllString(written, "$1"), "$1"), ","), " ")
	if strings.TrimSpace(list) == "" { // nothing but an address
		list = t.Value
	}
	for at := closeSlash().FindStringSubmatchIndex(list); at != nil; at = closeSlash().FindStringSubmatchIndex(list) {
		list = list[:at[2]] + "," + list[at[3]:]
	}
	list = besideKanji().ReplaceAllString(list, "$1,")
	if strings.HasPrefix(list, "@") {
		list = strings.ReplaceAll(list, " @", ",@")
	}
	for _, name := range betweenPeople().Split(list, -1) {
		if name = personName(name); !IsPlaceholder(name) && !saidOfPeople().MatchString(name) {
			names = append(names, Text{Value: name, Span: t.Span, From: t.From})
		}
	}
	if named := slices.DeleteFunc(slices.Clone(names), func(n Text) bool { return isRole(n.Value) }); len(named) > 0 {
		names = named // "Ada Park, SRE"
	}
	return p.placed(names, written)
}

// lineBreak is one within a table's cell.
var lineBreak = text.Pattern(`<br\s*/?>`)

// saidOfPeople matches what stands among names and is none: a time, another label, what
// somebody else did.
var saidOfPeople = text.Pattern(`(?i)^\d{1,4}[-:./]\d|[:：](?:\s|$)|^(?:supervised|assisted|supported|reviewed|approved|witnessed|observed|tested|verified|not)\b`)

// roles are words for what somebody is.
var roles = text.Set(`sre, devops, dev, ops, team, lead, leader, engineer, engineers, engineering, developer, developers, admin, administrator, manager, platform, backend, frontend, infra, infrastructure
	release, on, call, oncall, the, and, of, software, site, reliability, senior, junior, staff, principal, tech, technical, product, owner, operator, operations, head, chief, cto, ceo, qa, dba, security, support
	phd, ph, d, md, msc, bsc, jr, sr, ii, iii, entwickler, entwicklerin, leitung, betrieb, équipe, equipo, equipe, chef, others, other, colleagues, kollegen`)

// isRole reports whether all words say what somebody is: "SRE team", "Ph.D."
func isRole(s string) bool {
	words := strings.Fields(text.Fold(s))
	return len(words) > 0 && !slices.ContainsFunc(words, func(word string) bool { return !roles[word] })
}

// personName is a name without an address, a role or markup beside it.
func personName(s string) string {
	if bare := strings.TrimSpace(noName().ReplaceAllString(s, " ")); bare != "" {
		s = bare
	}
	s = strings.TrimFunc(plainLine(s), func(r rune) bool {
		return strings.ContainsRune(" *_.:\"“”„«»\\", r) || isPicture(r)
	})
	if at := strings.LastIndexAny(s, "-–—"); at > 0 && s[at-1] == ' ' && isRole(s[at:]) {
		s = strings.TrimRight(s[:at], " -–—")
	}
	if login, ok := strings.CutPrefix(s, "@"); ok && !strings.ContainsAny(login, " @") {
		return login
	}
	return s
}
