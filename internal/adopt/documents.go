package adopt

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/yuin/goldmark/ast"

	"github.com/deploysite/deploysite/internal/importer"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// documents finds the checklist and the process document, or plans them.
func (p *planner) documents() {
	usual := project.Default()
	found := p.candidates()
	if p.document("checklist", "template", &p.config.Template, usual.Template, found.checklists) {
		if f := p.file(p.config.Template, "the checklist that a record starts from", string(checklist)); f != nil {
			f.next = "put your own commands into " + p.config.Template
		}
	}
	if p.document("process", "process", &p.config.Process, usual.Process, found.processes) {
		p.file(p.config.Process, "how a deployment goes, for people", starterProcess(p.config.Process, p.config.Template))
	}
	p.logs(found.logs)
	p.plan.Left = append(p.plan.Left, found.others[:min(len(found.others), maxNamed)]...)
	if more := len(found.others) - maxNamed; more > 0 {
		p.left("document", "", text.Count(more, "document")+" more not taken for the checklist or the process")
	}
}

//go:embed starters/deployment-process.md
var process string

// starterProcess is the process document, with a link to the checklist.
func starterProcess(at, template string) string {
	target, err := filepath.Rel(filepath.FromSlash(path.Dir(at)), filepath.FromSlash(template))
	if err != nil {
		target = path.Base(template)
	}
	address := (&url.URL{Path: filepath.ToSlash(target)}).EscapedPath()
	address = strings.NewReplacer("(", "%28", ")", "%29").Replace(address) // these would end a Markdown link
	return strings.ReplaceAll(process, "[[.Template]]", address)
}

// document looks for the checklist or the process. It reports whether there is none,
// so that the usual one has to be written.
func (p *planner) document(kind, key string, configured *string, usual string, others []candidate) bool {
	switch {
	case p.tree.has(*configured) || p.configured(*configured) != nil:
		p.found(kind, *configured, p.describe(kind, *configured))
		p.alsoFound(kind, *configured, slices.DeleteFunc(others, func(c candidate) bool { return c.path == *configured }))
		return false
	case *configured != usual:
		p.left(kind, *configured, project.ConfigName+" names it as "+key+", and there is no such file")
		return false
	case len(others) > 0:
		*configured = others[0].path
		p.alsoFound(kind, *configured, others[1:])
	case !p.config.Names(key) && p.shared(usual) != "":
		*configured = p.shared(usual)
	default:
		return true
	}
	p.found(kind, *configured, p.describe(kind, *configured))
	p.settings = append(p.settings, setting{key, *configured, purposes[kind]})
	return false
}

// configured is the content of a document that the configuration names, nil where
// there is none. It may lie elsewhere in the repository.
func (p *planner) configured(name string) []byte {
	if p.facts.Document == nil {
		return p.tree.read(name)
	}
	content, err := p.facts.Document(name)
	if err != nil {
		return nil
	}
	return content
}

// shared is the document that the repository has for all of its projects, "" where it
// has none or where the project is the whole of it.
func (p *planner) shared(usual string) string {
	if p.facts.Below == "" {
		return ""
	}
	name := strings.Repeat("../", strings.Count(p.facts.Below, "/")+1) + usual
	if p.configured(name) == nil {
		return ""
	}
	return name
}

// purposes say what the documents are for.
var purposes = map[string]string{
	"checklist": "the checklist that records start from",
	"process":   "the document that describes the process",
}

func (p *planner) describe(kind, name string) string {
	if kind != "checklist" {
		return "describes the process"
	}
	checklist := records.ParseTemplate(name, p.configured(name), records.Options{})
	if len(checklist.Steps) == 0 {
		return "the checklist; no step was recognised in it, so give its items a “[ ]”"
	}
	p.passedOver(name, checklist)
	return "the checklist, with " + text.Count(len(checklist.Steps), "step")
}

// passedOver says which items of a checklist are no steps, because others have boxes.
func (p *planner) passedOver(name string, checklist *records.Record) {
	items := records.Unboxed(checklist)
	if len(items) == 0 {
		return
	}
	line, _ := text.Position(checklist.Source, items[0])
	of := len(items)
	for _, step := range checklist.Steps {
		if step.Node.Kind() == ast.KindListItem {
			of++
		}
	}
	p.left("checklist", fmt.Sprintf("%s:%d", name, line), fmt.Sprintf("lists with and without boxes are mixed: %d of %s are steps, the others are text; "+
		"put “[ ]” in front of those that are meant as steps, the first of them is in this line", of-len(items), text.Count(of, "list item")))
}

// maxNamed is how many similar files are named in a report.
const maxNamed = 4

// alsoFound names the documents beside the one that is used. Those of one name in
// several folders are most likely of several services.
func (p *planner) alsoFound(kind, used string, others []candidate) {
	for _, c := range others[:min(len(others), maxNamed)] {
		why := "looks like a " + kind + " too; one of them is used"
		if path.Base(c.path) == path.Base(used) {
			why += ". If each folder is deployed by itself, make a project in each: an empty " + project.ConfigName + " there, and deploysite init in it"
		}
		p.left(kind, c.path, why)
	}
}

// candidate is a document that may be the checklist, the process or a log. The one
// with the highest score is taken.
type candidate struct {
	path  string
	score int
}

type candidates struct {
	checklists, processes, logs []candidate
	others                      []Finding // which look like one and are none
}

func (c *candidates) passedOver(name, why string) {
	c.others = append(c.others, Finding{"document", name, "not taken for the checklist or the process: " + why})
}

// candidates sorts the documents whose names speak of deployments.
func (p *planner) candidates() (c candidates) {
	usual := project.Default()
	for _, name := range p.tree.files {
		base := path.Base(name)
		byUs := name == usual.Template || name == usual.Process // an earlier call wrote it
		if byUs || !records.IsMarkdown(name) || records.IsName(base) || strings.HasPrefix(name, p.config.Records+"/") {
			continue
		}
		deploys := speaksOf(base) || runbookWords.in(base) && speaksOf(p.title(name))
		inFolder := speaksOf(path.Base(path.Dir(name))) // such as "deploy/checklist.md"
		if (deploys || inFolder) && (checklistWords.in(base) || !otherWords.in(base)) && !ofIncident(name) {
			p.judge(&c, name, deploys)
		}
	}
	for _, list := range [][]candidate{c.checklists, c.processes, c.logs} {
		slices.SortStableFunc(list, func(a, b candidate) int {
			return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(strings.Count(a.path, "/"), strings.Count(b.path, "/")), cmp.Compare(len(a.path), len(b.path)), cmp.Compare(a.path, b.path))
		})
	}
	return c
}

// title is that of a document, as a file's name.
func (p *planner) title(name string) string {
	return records.ParseDocument(name, p.tree.read(name)).Title.Value + ".md"
}

// judge reads a document and adds it to the list it belongs to, if any. Steps in it
// say more than its name.
func (p *planner) judge(c *candidates, name string, deploys bool) {
	content := p.tree.read(name)
	if content == nil {
		return
	}
	base := path.Base(name)
	r := records.Parse(name, content, records.Options{})
	deployments := p.deploymentsIn(name, r.Title.Value, content)
	steps := len(r.Steps)
	checklist := checklistWords.in(base) && (deploys || steps >= 3) || deploys && steps >= 5
	process := deploys && isProcessName(base) && !looksGenerated(content) && !incidentHeading().Match(content)
	score := 0
	add := func(points int, speaks bool) {
		if speaks {
			score += points
		}
	}
	add(8, deploys)
	add(4, checklistWords.in(base))
	add(3, strings.Contains(strings.ToLower(base), "deploy"))
	add(2, steps >= 5)
	add(-8, checklist && steps == 0 && !(listWords.in(base) && len(records.ParseTemplate(name, content, records.Options{}).Steps) > 0)) // its form tells them
	add(-8, archiveWords.in(base))
	add(1, strings.HasPrefix(name, "docs/"))
	add(1, listWords.in(base))
	switch {
	case deployments > 0:
		c.logs = append(c.logs, candidate{name, deployments})
	case (checklist || process) && isPutAway(name):
		c.passedOver(name, "it is put away")
	case (checklist || process) && account(name, r) != "":
		c.passedOver(name, account(name, r))
	case checklist && !filledIn(r):
		c.checklists = append(c.checklists, candidate{name, score})
	case process && !(checklist && checklistWords.in(base)) && isOfPart(name):
		c.passedOver(name, "it seems to be of a part; if it describes how everything is deployed, write process = \""+name+"\" into "+project.ConfigName)
	case process && !(checklist && checklistWords.in(base)):
		add(2, processWords.in(base))
		c.processes = append(c.processes, candidate{name, score})
	case checklist:
		c.passedOver(name, "most of its steps have a result; if it is the checklist, open its boxes and call deploysite init again")
	case deploys && logWords.in(base) && !processWords.in(base):
		p.left("log", name, "is called a log, and has no deployment with a day in it")
	}
}

// isOfPart reports whether a document's name or folder names something besides deployments,
// such as a component: "apps/portal/DEPLOY.md", "edge-function-deploy.md".
func isOfPart(name string) bool {
	folder, base := path.Split(strings.TrimSuffix(name, path.Ext(name)))
	for _, in := range strings.FieldsFunc(folder, func(r rune) bool { return r == '/' }) {
		if !folderWords.in(in+".") && !speaksOf(in+".") {
			return true
		}
	}
	return slices.ContainsFunc(strings.Fields(text.Fold(camel().ReplaceAllString(plain(base), "$1 $2"))), func(word string) bool {
		word += "."
		return !speaksOf(word) && !processWords.in(word) && !topicWords.in(word) && !checklistWords.in(word) && !manyWords.in(word) && !plainWords.in(word)
	})
}

// isProcessName reports whether a name is one of a process document. A deployment
// log has "deployment" in its name too.
func isProcessName(base string) bool {
	return processWords.in(base) || topicWords.in(base) && !logWords.in(base)
}

// deploymentsIn is how many deployments a document is a log of, 0 if it is no log.
// One that is called a log may have few. Of others, the deployments are most of the
// text, or many. What happened on a single day is an incident's timeline, and a guide has
// dates of its own.
func (p *planner) deploymentsIn(name, title string, content []byte) int {
	base := path.Base(name)
	called := logWords.in(base) && !processWords.in(base) || manyWords.in(base) && logWords.in(title+".md")
	named := called || manyWords.in(base)
	guide := processWords.in(title+".md") && !logWords.in(title+".md")
	if !named && guide || !named && (len(dayHeadings().FindAllIndex(content, 5)) < 2 || incidentHeading().Match(content)) || !anyDay().Match(content) {
		return 0
	}
	drafts := p.imported(name, content).Drafts
	days, size := map[string]bool{}, 0
	for _, d := range drafts {
		days[d.Started.Time.Format(time.DateOnly)] = true
		size += len(d.Body)
	}
	switch n := len(drafts); {
	case called, len(days) >= 2 && (named || n >= 5 || 2*size >= len(content)):
		return n
	}
	return 0
}

// imported is what an import understands of a document.
func (p *planner) imported(name string, content []byte) *importer.Reading {
	return importer.Read([]importer.Source{{Name: name, Data: content}}, importer.Options{Project: p.config.Location})
}

// ofIncident reports whether a name, or that of a folder above, says that it tells of
// an incident, whose deployments were only its cause.
func ofIncident(name string) bool {
	return slices.ContainsFunc(strings.Split(name, "/"), incidentWords.in)
}

// incidentHeading is a heading high up that a postmortem has and a log has not.
var incidentHeading = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?mi)^(?:# .*\b(?:post-?mortem|incident|outage|störung|vorfall|ausfall|incidente|rca)\b|##? +(?:[\d.)]+ *)?(?:timeline|chronology|root cause|lessons learned|contributing factors|zeitleiste|zeitlicher ablauf|chronologie|ursachen?)\b|##? +(?:タイムライン|時系列|根本原因|时间线))`)
})

// anyDay is the day of a deployment, in whichever form.
var anyDay = text.Pattern(`(?:19|20)\d\d`)

// dayHeadings are headings, list items and rows of a table that begin with a day.
var dayHeadings = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^(?:#{1,6} +|\| *|[-*+] +)(?:[*_]{1,2}|\[)?(?:\w+ ){0,3}(?:(?:19|20)\d\d[-/.年](?:0?[1-9]|1[0-2])[-/.月](?:0?[1-9]|[12]\d|3[01])\b|(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|1[0-2])[-/.](?:19|20)\d\d\b)`)
})

// looksGenerated reports whether a document is release notes or the like, which
// describe no process.
func looksGenerated(content []byte) bool {
	head := bytes.ToLower(content[:min(len(content), 400)])
	return bytes.Contains(head, []byte("release notes")) || bytes.Contains(head, []byte("generated by"))
}

// logs names the files that hold many deployments each.
func (p *planner) logs(logs []candidate) {
	for _, c := range logs[:min(maxNamed, len(logs))] {
		if p.imports[c.path] {
			p.found("log", c.path, p.describeLog(c.path)+"; it was imported, and deploysite import adds what is new in it")
			continue
		}
		p.found("log", c.path, p.describeLog(c.path))
		p.todo("deploysite import " + text.ShellQuote(c.path) + "   # lists each deployment in it; with --write it makes the records")
	}
}

// describeLog counts what an import will find in a log.
func (p *planner) describeLog(name string) string {
	got := p.imported(name, p.tree.read(name))
	unclear := 0
	for _, rest := range got.Rest {
		if rest.Kind == importer.Refused {
			unclear++
		}
	}
	text := "looks like a log of " + text.Count(len(got.Drafts), "deployment") + " in one file"
	if unclear > 0 {
		text += fmt.Sprintf(", and %d that cannot be read yet", unclear)
	}
	return text
}
