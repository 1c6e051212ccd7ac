package site

import (
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/compare"
	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/recall"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/render"
	"github.com/deploysite/deploysite/internal/text"
)

// Compared is a deployment beside the one before it: only what differs.
type Compared struct {
	With     *Neighbour
	Facts    []ComparedFact
	Lists    []ComparedList // of steps, then issues
	Nothing  string         // what is said where neither facts nor steps differ, else ""
	Commits  []ComparedCommit
	Careful  string // that commits of the earlier one are missing, or ""
	CommitsN string // how many commits there are, or why that is not known
	More     string // how many commits are not shown, or ""
	Folded   string // the words to unfold it by, where it is long; else ""
}

// ComparedFact is one fact, or how long one section took.
type ComparedFact struct{ Label, Before, Now, Difference string }

// ComparedList is some steps or issues.
type ComparedList struct {
	Title string
	Items []template.HTML
}

// ComparedCommit is a commit between the two.
type ComparedCommit struct {
	Hash    template.HTML
	Subject string
}

// How much of a comparison is shown.
const (
	comparedCommits = 20
	comparedLines   = 24 // from here on it is folded
	comparedItems   = 60 // of a list: no checklist changes so much by hand
)

func (p *RecordPage) setCompared(previous *Entry) {
	if previous == nil {
		return
	}
	c := compare.Deployments(previous.deployment(), p.E.deployment())
	there := p.stepsOf(previous.Page())
	v := &Compared{With: p.Previous, Facts: p.comparedFacts(previous, c)}
	v.Lists = append(p.differing(c.Steps.Differ, there), p.layout("compare.", c.Steps, there, here)...)
	if len(v.Facts)+len(v.Lists) == 0 {
		v.Nothing = p.nothingDiffers(previous, c)
	}
	v.Lists = append(v.Lists, p.repeats(previous)...)
	p.setCommits(v, previous)
	lines := len(v.Facts) + len(v.Commits)
	for _, l := range v.Lists {
		lines += len(l.Items)
	}
	if lines > comparedLines {
		v.Folded = p.site.words.N("compare.fold", lines)
	}
	p.Compared = v
}

// nothingDiffers says that nothing does, and what of it neither record says: of two that
// name no version nobody knows whether it was the same.
func (p *RecordPage) nothingDiffers(before *Entry, c compare.Comparison) string {
	w := p.site.words
	var unsaid []string
	for _, f := range []struct {
		word string
		said bool
	}{
		{"column.outcome", p.E.Status != records.InProgress},
		{"column.version", p.E.Version.Value != ""},
		{"facet.deployer.label", p.E.people() != ""},
		{"column.took", c.Took().After != nil},
		{"nav.steps", c.Steps.Shared > 0},
	} {
		if !f.said {
			unsaid = append(unsaid, w.T(f.word))
		}
	}
	if len(unsaid) == 0 {
		return w.T("compare.nothing")
	}
	return w.T("compare.nothing-said", "facts", w.Join(unsaid))
}

func (e *Entry) deployment() compare.Deployment {
	return compare.Deployment{Record: e.Record, Steps: e.steps, Times: e.sectionTimes}
}

func (p *RecordPage) comparedFacts(before *Entry, c compare.Comparison) (facts []ComparedFact) {
	w := p.site.words
	unknown := w.T("site.unknown")
	add := func(label, was, is string) {
		if was != is {
			facts = append(facts, ComparedFact{label, known(was, unknown), known(is, unknown), ""})
		}
	}
	add(w.T("column.outcome"), before.StatusName(), p.E.StatusName())
	add(w.T("column.version"), before.Version.Value, p.E.Version.Value)
	add(w.T("facet.deployer.label"), before.people(), p.E.people())
	for i, phase := range append([]compare.Phase{c.Took()}, c.Phases...) {
		label := phase.Section
		switch {
		case i == 0:
			label = w.T("column.took")
		case label == "":
			label = w.T("record.first-section")
		}
		if f, differs := p.comparedTime(label, phase); differs {
			facts = append(facts, f)
		}
	}
	return facts
}

func known(value, unknown string) string {
	if value == "" {
		return unknown
	}
	return value
}

func (p *RecordPage) comparedTime(label string, phase compare.Phase) (f ComparedFact, differs bool) {
	w := p.site.words
	phase = phase.Minutes()
	say := func(d *time.Duration) string {
		if d == nil {
			return "–"
		}
		return w.Duration(*d)
	}
	f = ComparedFact{Label: label, Before: say(phase.Before), Now: say(phase.After)}
	switch longer, ok := phase.Longer(); {
	case longer > 0:
		f.Difference = "+" + w.Duration(longer)
	case longer < 0:
		f.Difference = "−" + w.Duration(-longer)
	case ok:
		return f, false
	}
	return f, f.Before != f.Now
}

// people are the names of those who deployed.
func (e *Entry) people() string {
	var names []string
	for _, t := range e.Terms(facet.Deployer) {
		names = append(names, t.Name)
	}
	return e.words.Join(names)
}

// addressOf is where a step stands.
type addressOf func(compare.Step) string

func here(s compare.Step) string { return "#" + render.EscapePage(s.ID()) }

// stepsOf is where the steps of another page stand.
func (p *RecordPage) stepsOf(page string) addressOf {
	page = p.Link(page)
	return func(s compare.Step) string { return page + here(s) }
}

// differing are the steps in other states, each with a link to both.
func (p *RecordPage) differing(pairs []compare.Pair, there addressOf) []ComparedList {
	w := p.site.words
	state := func(s compare.Step, at addressOf) template.HTML {
		return link("state "+string(s.State()), at(s), w.T("state."+string(s.State())))
	}
	return p.list("compare.differ", len(pairs), func(i int) template.HTML {
		s := pairs[i]
		return w.Rich("compare.states", "step", bdi(s.After.Label()), "before", state(s.Before, there), "now", state(s.After, here))
	})
}

// layout are the steps that are renamed, moved, new or gone.
func (p *RecordPage) layout(words string, s compare.Steps, before, after addressOf) (lists []ComparedList) {
	w := p.site.words
	was := func(s compare.Step) template.HTML { return link("", before(s), s.Label()) }
	is := func(s compare.Step) template.HTML { return link("", after(s), s.Label()) }
	lists = append(lists, p.list(words+"renamed", len(s.Renamed), func(i int) template.HTML {
		return w.Rich("compare.from-to", "before", was(s.Renamed[i].Before), "now", is(s.Renamed[i].After))
	})...)
	lists = append(lists, p.list(words+"moved", len(s.Moved), func(i int) template.HTML {
		from, to := s.Moved[i].Before, s.Moved[i].After
		if from.Section() == to.Section() {
			return is(to)
		}
		return w.Rich("compare.sections", "step", is(to), "before", bdi(from.Section()), "now", bdi(to.Section()))
	})...)
	lists = append(lists, p.list(words+"new", len(s.New), func(i int) template.HTML { return is(s.New[i]) })...)
	return append(lists, p.list(words+"gone", len(s.Gone), func(i int) template.HTML { return was(s.Gone[i]) })...)
}

// list is a list of some items, or none.
func (p *RecordPage) list(title string, n int, item func(i int) template.HTML) []ComparedList {
	if n == 0 {
		return nil
	}
	l := ComparedList{Title: p.site.words.T(title)}
	for i := range min(n, comparedItems) {
		l.Items = append(l.Items, item(i))
	}
	if more := n - len(l.Items); more > 0 {
		l.Items = append(l.Items, template.HTML(template.HTMLEscapeString(p.site.words.N("compare.more", more))))
	}
	return []ComparedList{l}
}

// bdi is text of a record within the site's own words.
func bdi(s string) template.HTML {
	return template.HTML("<bdi>" + template.HTMLEscapeString(s) + "</bdi>")
}

// repeats are the issues that the earlier one had as well.
func (p *RecordPage) repeats(previous *Entry) []ComparedList {
	var now, before []*NoteView
	for _, n := range p.E.Notes {
		if n.Kind != records.Issues {
			continue
		}
		all := n.Account.Notes
		same, _ := slices.BinarySearchFunc(all, previous, func(other *NoteView, e *Entry) int { return newestFirst(other.Entry, e) })
		for same < len(all) && all[same].Entry == previous && all[same].Kind != records.Issues {
			same++
		}
		if same < len(all) && all[same].Entry == previous {
			now, before = append(now, n), append(before, all[same])
		}
	}
	w := p.site.words
	return p.list("compare.issues", len(now), func(i int) template.HTML {
		line := w.Rich("compare.issue", "now", fragmentLink("", now[i].ID, now[i].Summary()), "before", p.anchor("", before[i].Page(), before[i].Summary()))
		if helped := recall.Helped(before[i].Note); helped != "" {
			line += template.HTML(`<br><span class="helped">` + template.HTMLEscapeString(w.T("record.helped")+" "+text.Cut(helped, 200)) + "</span>")
		}
		return line
	})
}

func (p *RecordPage) setCommits(v *Compared, previous *Entry) {
	w, src := p.site.words, p.E.source
	c := p.E.commitsSince(previous)
	switch {
	case c.Gap != compare.NoGap:
		v.CommitsN = w.T("compare." + string(c.Gap))
	case c.Same:
		v.CommitsN = w.T("compare.same-commit")
	case len(c.Added)+len(c.Missing) == 0:
		v.CommitsN = w.T("compare.only-records")
	case c.More:
		v.CommitsN = w.N("compare.commits-more", len(c.Added))
	default:
		v.CommitsN = w.N("compare.commits", len(c.Added))
	}
	if n := len(c.Missing); n > 0 {
		v.Careful = w.N("compare.missing", n, "subject", src.subject(p.site.Site, c.Missing[0]))
	}
	shown := c.Added[:min(comparedCommits, len(c.Added))]
	for _, commit := range shown {
		f := src.forge()
		v.Commits = append(v.Commits, ComparedCommit{f.link(f.commit(commit.Hash), text.First(commit.Hash, hashLength)), src.subject(p.site.Site, commit)})
	}
	if more := len(c.Added) - len(shown); more > 0 && c.More {
		v.More = w.N("compare.more-than", more)
	} else if more > 0 {
		v.More = w.N("compare.more", more)
	}
}

// commitsSince are the commits that an earlier deployment did not have. Those of
// another source are in another repository.
func (e *Entry) commitsSince(previous *Entry) compare.Commits {
	t := &e.source.trail
	if t.log == nil || previous.source != e.source {
		c, _ := compare.CommitsBetween(previous.Record, e.Record, false, nil)
		return c
	}
	c, _ := compare.CommitsBetween(previous.Record, e.Record, t.log.IsShallow(), t.log.Between)
	return c
}

// subject is the first line of a commit's message, without what may be secret.
func (src *source) subject(s *Site, c git.LogEntry) string {
	if known, ok := src.subjects.Load(c.Hash); ok {
		return known.(string)
	}
	subject := strings.TrimSpace(s.finder(src).Text(c.Subject))
	src.subjects.Store(c.Hash, subject)
	return subject
}

// setChecklist compares the record's steps with the checklist of today, unless that is
// still the one that the record was made from.
func (p *RecordPage) setChecklist() {
	src := p.E.source
	if src.template == nil || len(p.E.steps) == 0 || p.E.Template.Value == src.template.sum {
		return
	}
	s := compare.StepsBetween(p.E.steps, src.checklist)
	page := src.folder("checklist/")
	switch {
	case len(src.checklist) == 0:
	case s.Shared == 0:
		p.Checklist.None = p.site.words.Rich("checklist-since.none", "checklist", p.Link(page))
	default:
		p.Checklist.Lists = p.layout("checklist-since.", s, here, p.stepsOf(page))
	}
	if n := s.Layout(); n > comparedLines && p.Checklist.None == "" {
		p.Checklist.Folded = p.site.words.N("compare.fold", n)
	}
}

// ChecklistSince is what of the checklist changed since a record was made of it.
type ChecklistSince struct {
	None   template.HTML // that they have no step in common
	Lists  []ComparedList
	Folded string // as in Compared
}
