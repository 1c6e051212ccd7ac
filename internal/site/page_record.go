package site

import (
	"bytes"
	"cmp"
	"html/template"
	"slices"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/ledger"
	"github.com/deploysite/deploysite/internal/recall"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// RecordPage is one deployment. Ten thousand of them are rendered, so links are made
// here: a template takes longer for each.
type RecordPage struct {
	Page
	E            *Entry
	StatusOrigin string // says where the outcome was taken from, unless the front matter says it
	Verdict      Verdict
	Started      When
	Finished     When
	Timeline     template.HTML
	Route        template.HTML // what was deployed and where to; "" where no service or no version is named
	Deployers    []template.HTML
	Facets       []FacetFact // but for deployers and tags
	Commit       template.HTML
	Tags         []template.HTML
	Links        []template.HTML
	UndoneBy     template.HTML // the record that rolled this one back, or ""
	RollbackOf   template.HTML // the record that this one undoes, or ""
	RepairedBy   template.HTML // the record that repaired what this one broke, or ""
	Fixes        template.HTML // the record whose damage this one repairs, or ""
	ApprovedBy   []string
	Extra        []ExtraFact
	StepCounts   []template.HTML // "26 done", each a link to the first of them
	Problems     template.HTML   // the page of problems, where this file has some
	Body         template.HTML
	Contents     Contents
	Beside       string // the service whose history Previous and Next belong to, or ""
	Previous     *Neighbour
	Next         *Neighbour
	Compare      string    // where the forge shows what changed since Previous, if that succeeded, or ""
	Compared     *Compared // nil where there is no Previous
	Checklist    ChecklistSince
	Times        []TimeLine // where the time went, by section
	Fates        []FateLine // what became of its tips
	Related      []Related
	Audit        []AuditLine
	AuditDiffers string        // that the page shows what is not committed, or ""
	AuditGap     string        // what is missing in Audit and why, or ""
	Source       template.HTML // the file, with a link to the forge where that is known
	Imported     template.HTML // what it was imported from, or ""
}

// A Verdict is what matters of a deployment: how far it is, or what went wrong and
// what helped.
type Verdict struct {
	Progress string          // "✓ 15 of 27", of one in progress
	Step     string          // where it is, of one in progress
	Mark     When            // the last mark, of one in progress
	By       string          // who made it
	Failed   []template.HTML // steps
	Open     template.HTML   // the first open step of one that has ended, with how many there are
	Issues   []VerdictIssue
	More     int // issues that are not shown
}

// VerdictIssue is an issue, and what helped.
type VerdictIssue struct {
	Issue  template.HTML
	Helped string // "" where the record does not say
}

// IsZero reports whether there is nothing to say.
func (v Verdict) IsZero() bool {
	return v.Progress == "" && v.Step == "" && len(v.Failed) == 0 && v.Open == "" && len(v.Issues) == 0
}

// verdictIssues is how many issues stand at the top of a record's page.
const verdictIssues = 3

// FacetFact is what a record has of a facet.
type FacetFact struct {
	Label string
	Terms []template.HTML
}

// ExtraFact is a front matter value that has no meaning to this tool.
type ExtraFact struct{ Name, Value string }

// Neighbour is the deployment before or after this one, to the same environment.
type Neighbour struct {
	*Entry
	Link      template.HTML
	Unordered bool // nobody wrote which of the two came first
}

// TimeLine is how long one section took.
type TimeLine struct{ Section, Took string }

// FateLine is what became of one tip.
type FateLine struct{ Tip, Fate template.HTML }

// Related is a record worth opening next, and why.
type Related struct {
	Link     template.HTML
	Day, Why string // Day is "" where unknown
}

// AuditLine is one commit that touched the record.
type AuditLine struct {
	Subject, Author string
	Hash            template.HTML // with a link to the forge where that is known
	When            When
}

func (s *pager) addRecords() {
	neighbours := s.neighbours()
	for _, e := range s.Entries {
		s.file(e.Page()+"index.html", func(b *bytes.Buffer) error {
			p, err := s.recordPage(e, neighbours[e])
			if err != nil {
				return err
			}
			return s.theme.render(b, "record", p)
		})
	}
}

func (s *pager) recordPage(e *Entry, n neighbour) (RecordPage, error) {
	p := RecordPage{Page: s.page(e.Page(), e.Title.Value, "timeline"), E: e}
	p.shared, p.description = true, e.inShort()
	if err := p.setBody(); err != nil {
		return RecordPage{}, err
	}
	p.setFacts()
	p.setVerdict()
	p.setNeighbours(n)
	p.setCompared(n.previous)
	p.setChecklist()
	p.setAudit()
	for _, t := range e.sectionTimes {
		p.Times = append(p.Times, TimeLine{cmp.Or(t.Section, s.words.T("record.first-section")), s.words.Duration(t.Took)})
	}
	for _, note := range e.Notes {
		if note.Fate != nil && note.Fate.State != ledger.Done && note.Kind == records.Tips {
			p.Fates = append(p.Fates, FateLine{fragmentLink("", note.ID, note.Summary()), p.fateLine(note)})
		}
	}
	p.setRelated()
	return p, nil
}

func (p *RecordPage) setBody() (err error) {
	e := p.E
	if p.Body, err = p.site.spool.html(e.body); err == nil {
		p.Contents.Items, err = p.site.spool.html(e.contents)
	}
	for _, c := range e.StepCounts {
		p.StepCounts = append(p.StepCounts, fragmentLink("step-count "+string(c.State), c.First, p.site.words.N("state-count."+string(c.State), c.Count)))
	}
	if e.ProblemCount > 0 {
		p.Problems = p.anchor("", "problems/", p.site.words.T("record.see-problems"))
	}
	return err
}

func (p *RecordPage) setFacts() {
	e, f := p.E, p.E.source.forge()
	p.Started, p.Finished = p.when(e.Started), p.when(e.Finished)
	p.StatusOrigin = p.statusOrigin()
	p.Timeline = p.anchor("", "timeline/", p.site.words.T("nav.timeline"))
	p.setFacets()
	if !e.Commit.IsZero() {
		p.Commit = f.link(f.commit(e.Commit.Value), text.First(e.Commit.Value, hashLength))
	}
	for _, l := range e.Links {
		p.Links = append(p.Links, outsideLink(l.URL, l.Name))
	}
	p.UndoneBy, p.RollbackOf = p.titleLink(e.UndoneBy), p.titleLink(e.Undoes)
	p.RepairedBy, p.Fixes = p.titleLink(e.RepairedBy), p.titleLink(e.Repairs)
	for _, name := range e.ApprovedBy {
		p.ApprovedBy = append(p.ApprovedBy, e.source.person(name.Value))
	}
	p.setExtra()
	p.Source = e.source.fileLink(e.File)
}

// titleLink is a link to a record, "" where there is none.
func (p Page) titleLink(e *Entry) template.HTML {
	if e == nil {
		return ""
	}
	return p.anchor("", e.Page(), e.Title.Value)
}

func (p *RecordPage) setVerdict() {
	e, v, w := p.E, &p.Verdict, p.site.words
	for _, step := range e.failed {
		v.Failed = append(v.Failed, fragmentLink("", step.id, step.label))
	}
	if e.Planned {
		return
	}
	if e.Status == records.InProgress {
		v.Progress, v.By = e.DoneSteps(), e.lastMark.By
		if e.atLabel != "" {
			v.Step = w.T("standing.step", "number", e.at+1, "all", e.AllSteps(), "step", e.atLabel)
		}
		if !e.lastMark.At.IsZero() {
			v.Mark = p.when(records.Moment{Time: e.lastMark.At, Local: true})
		}
	} else if c := e.stepCount(records.Pending); c.Count > 0 {
		v.Open = fragmentLink("", c.First, w.N("state-count."+string(c.State), c.Count))
	}
	if e.Status == records.Succeeded && len(e.failed) == 0 {
		return // its issues did not matter in the end
	}
	for _, n := range e.Notes {
		switch {
		case n.Kind != records.Issues:
		case len(v.Issues) == verdictIssues:
			v.More++
		default:
			what, helped := recall.InShort(n.Note)
			v.Issues = append(v.Issues, VerdictIssue{fragmentLink("", n.ID, what), text.Cut(helped, 200)})
		}
	}
}

func (p *RecordPage) setFacets() {
	for _, f := range facet.Lists {
		terms := p.E.Terms(f)
		switch f {
		case facet.Deployer: // beside the times
			p.Deployers = p.termLinks("", terms)
			continue
		case facet.Tag: // with a look of their own
			p.Tags = p.termLinks("tag", terms)
			continue
		case facet.Service:
			p.setRoute(terms)
		}
		if p.Route != "" && len(terms) > 0 && len(terms) <= few+1 && (f == facet.Service || f == facet.Environment) {
			continue // they are in the heading
		}
		if len(terms) > 0 || f.Expected {
			p.Facets = append(p.Facets, FacetFact{p.site.facetWord(f, "label"), p.termLinks("", terms)})
		}
	}
}

// setExtra sorts the values that mean nothing here from those that an import left.
func (p *RecordPage) setExtra() {
	imported := map[string]string{}
	for _, field := range p.E.Extra {
		value := field.Value.Plain()
		switch field.Name {
		case records.KeyImportedFrom, records.KeyImportedID:
			imported[field.Name] = value
		default:
			p.Extra = append(p.Extra, ExtraFact{field.Name, value})
		}
	}
	if len(imported) > 0 {
		unknown := p.site.words.T("site.unknown")
		p.Imported = p.site.words.Rich("record.imported", "file", cmp.Or(imported[records.KeyImportedFrom], unknown), "id", cmp.Or(imported[records.KeyImportedID], unknown))
	}
}

// statusOrigin says where the outcome was taken from.
func (p *RecordPage) statusOrigin() string {
	e, w := p.E, p.site.words
	if e.Planned {
		return w.T("origin.planned")
	}
	if !e.Unfinished && e.StatusFrom == records.FromFrontMatter {
		return "" // it needs no explanation
	}
	reason := w.N("origin."+string(cmp.Or(e.StatusReason.Kind, "nothing")), e.StatusReason.Steps, "line", e.StatusReason.Said)
	switch {
	case e.IsPast(p.site.options.Now):
		return w.T("origin.unknown", "reason", reason)
	case e.Unfinished:
		return w.T("origin.old", "reason", reason)
	}
	return reason
}

func (p *RecordPage) setNeighbours(n neighbour) {
	p.Previous, p.Next = p.neighbour(n.previous, p.E.Undoes, p.E.Repairs), p.neighbour(n.next, p.E.UndoneBy, p.E.RepairedBy)
	if services := p.E.Terms(facet.Service); len(services) > 0 {
		p.Beside = services[0].Name
	}
	f := p.E.source.forge()
	if n.previous == nil || n.previous.Status != records.Succeeded || n.previous.source != p.E.source || f.repo == "" {
		return
	}
	if from, to := revision(n.previous), revision(p.E); from != "" && to != "" && from != to {
		p.Compare = f.compare(from, to)
	}
}

// neighbour is the deployment before or after this one; known are those of which a record
// says that they came on that side.
func (p *RecordPage) neighbour(e *Entry, known ...*Entry) *Neighbour {
	if e == nil {
		return nil
	}
	return &Neighbour{e, p.anchor("", e.Page(), e.Title.Value), !slices.Contains(known, e) && !insights.OrderKnown(p.E.Record, e.Record)}
}

func (p *RecordPage) setAudit() {
	if p.E.gap != noGap {
		p.AuditGap = p.site.words.T("record." + string(p.E.gap))
	}
	if p.E.differs {
		p.AuditDiffers = p.site.words.T("record.differs")
	}
	f, hide := p.E.source.forge(), p.site.finder(p.E.source)
	for _, c := range p.E.Commits {
		p.Audit = append(p.Audit, AuditLine{Subject: hide.Text(c.Subject), Author: hide.Text(p.E.source.person(c.Author)), Hash: f.link(f.commit(c.Hash), text.First(c.Hash, hashLength)),
			When: p.when(records.Moment{Time: c.Time})})
	}
}

// revision is what a forge can compare: the commit, or else the version.
func revision(e *Entry) string { return cmp.Or(e.Commit.Value, e.Version.Value) }

// neighbour is what stands beside an entry in its service's history.
type neighbour struct{ previous, next *Entry }

// A line is the history of one service in one environment.
type line struct {
	service, environment *Term   // nil where unknown
	source               *source // where no service is known
}

// neighbours finds the previous and the next deployment of each entry, in the line
// of the service that it names first.
func (s *pager) neighbours() map[*Entry]neighbour {
	entries := s.entriesByRecord()
	found := insights.AllNeighbours(s.history(), func(r *records.Record) []line { return entries[r].lines() })
	out := make(map[*Entry]neighbour, len(s.Entries))
	for _, e := range s.Entries {
		n := found[e.Record]
		out[e] = neighbour{entries[n.Previous], entries[n.Next]}
	}
	return out
}

// history has the records of all entries, newest first.
func (s *Site) history() []*records.Record {
	all := make([]*records.Record, len(s.Entries))
	for i, e := range s.Entries {
		all[i] = e.Record
	}
	return all
}

func (s *Site) entriesByRecord() map[*records.Record]*Entry {
	all := make(map[*records.Record]*Entry, len(s.Entries))
	for _, e := range s.Entries {
		all[e.Record] = e
	}
	return all
}

// lines are those that the entry is part of.
func (e *Entry) lines() []line {
	return insights.Targets(e.Terms(facet.Service), e.productionFirst(), func(service, environment *Term) line {
		if service == nil { // records of several repositories that name no service have nothing in common
			return line{environment: environment, source: e.source}
		}
		return line{environment: environment, service: service}
	})
}

// productionFirst are the environments, those of production first: by them a record is
// compared with others.
func (e *Entry) productionFirst() []*Term {
	return slices.SortedStableFunc(slices.Values(e.Terms(facet.Environment)), func(a, b *Term) int {
		return e.notProduction(a) - e.notProduction(b)
	})
}

func (e *Entry) notProduction(t *Term) int {
	if e.source.config.IsProduction(t.Name) {
		return 0
	}
	return 1
}

// How many related records a page shows, and how many of a tag's it looks at.
const (
	maxRelated = 6
	lookAtTag  = 50
)

// setRelated collects records worth opening next: first those that refer to each
// other, then those of the same service that share a tag or a failed step.
func (p *RecordPage) setRelated() {
	e, s, w := p.E, p.site, p.site.words
	seen := map[*Entry]bool{e: true}
	add := func(other *Entry, why string) {
		if other == nil || seen[other] || len(p.Related) == maxRelated {
			return
		}
		seen[other] = true
		line := Related{Link: p.anchor("", other.Page(), other.Title.Value), Why: why}
		if !other.Started.IsZero() {
			line.Day = other.Day()
		}
		p.Related = append(p.Related, line)
	}
	add(e.Undoes, w.T("related.undone"))
	add(e.UndoneBy, w.T("related.undid"))
	add(e.Repairs, w.T("related.repaired"))
	add(e.RepairedBy, w.T("related.repairs"))
	for _, other := range e.RefersTo {
		add(other, w.T("related.refers-to"))
	}
	for _, other := range e.ReferredBy {
		add(other, w.T("related.referred-by"))
	}
	for _, step := range e.failed {
		if len(p.Related) == maxRelated {
			break
		}
		failed := s.failedSteps[sourceStep{e.source, step.key}]
		at, _ := slices.BinarySearchFunc(failed, e, newestFirst) // only what came before can have helped
		for _, other := range failed[at:min(at+1+2*maxRelated, len(failed))] {
			add(other, w.T("related.same-step", "step", step.label))
		}
	}
	for _, tag := range e.Terms(facet.Tag) {
		at, _ := slices.BinarySearchFunc(tag.Entries, e, newestFirst)
		for _, other := range tag.Entries[at:min(at+lookAtTag, len(tag.Entries))] {
			if sharesTerm(e.Terms(facet.Service), other.Terms(facet.Service)) {
				add(other, w.T("related.same-tag", "tag", tag.Name))
			}
		}
	}
}

func sharesTerm(a, b []*Term) bool {
	return slices.ContainsFunc(a, func(t *Term) bool { return slices.Contains(b, t) })
}
