package site

import (
	"cmp"
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/metrics"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/steplog"
	"github.com/deploysite/deploysite/internal/text"
)

// StepsPage is each step of a checklist through all records.
type StepsPage struct {
	Page
	Crumb     template.HTML // the list that it stands in, where there are several sources
	Checklist string        // its page, "" where there is none
	Said      []string      // how many records count, and which do not
	Grid      *StepGrid
	Advice    []template.HTML
	Failing   []FailingStep
	MoreFail  int
	Rows      []StepRow
	MoreRows  int
	Alone     []AloneSteps
	Everybody string // the one person who ran all steps, "" where there are several
	New       []template.HTML
	Gone      []GoneStep
	MoreGone  int
	Single    int // steps that one record alone has, and no checklist
}

// Beside reports whether something stands beside the picture.
func (p StepsPage) Beside() bool {
	return len(p.Advice)+len(p.Alone)+len(p.New) > 0 || p.Everybody != ""
}

// A StepRow is one step in a table.
type StepRow struct {
	ID       string // in the table
	Link     template.HTML
	Section  string
	N        int
	Done     Listed
	Failed   Listed
	Skipped  Listed
	Open     Listed
	Running  int
	Rate     string // the interval of the share that failed, "" where there are too few
	Time     string // the median
	Interval string // of it
	Timed    string // of how many runs
	People   string
	Unnamed  int
	Last     template.HTML // the latest failure
	Causes   []template.HTML
	Advice   template.HTML
}

// A StepCell is a count in a row.
type StepCell struct {
	Listed
	N        int
	Heading  string // the key of its column's word
	Interval string
	Running  int // beside those that are open
}

// Column is a count of the row.
func (r StepRow) Column(name string, c Listed) StepCell {
	cell := StepCell{Listed: c, N: r.N, Heading: "column." + name}
	switch name {
	case "failed":
		cell.Interval = r.Rate
	case "left-open":
		cell.Running = r.Running
	}
	return cell
}

// A FailingStep is a step with its latest failures.
type FailingStep struct {
	Link     template.HTML
	Of       string
	Failures []FailureRow
}

// A FailureRow is a record in which a step failed, and what helped.
type FailureRow struct {
	Day, Link template.HTML
	Fix       string
	FixHref   template.URL
}

// AloneSteps are those that only one person has run.
type AloneSteps struct {
	Person string
	Steps  []template.HTML
}

// A GoneStep is one that records have, and the checklist of today has not.
type GoneStep struct {
	Label, Section, Key string
	Of                  string
	Last                template.HTML
}

// How much the page of steps shows.
const (
	failingSteps = 20
	goneSteps    = 30
	fixLength    = 300
)

const stepsFolder = "steps/"

// StepFilter is which records are counted.
type StepFilter struct {
	Since, Until         time.Time // the first moment, and the first one after; zero: no bound
	Service, Environment string    // "": all
}

func (f StepFilter) wants(e *Entry) bool {
	named := func(by *facet.Facet, name string) bool {
		return name == "" || slices.ContainsFunc(e.Terms(by), func(t *Term) bool { return text.Same(t.Name, name) })
	}
	at := e.Started
	return named(facet.Service, f.Service) && named(facet.Environment, f.Environment) &&
		(f.Since.IsZero() || !at.IsZero() && !at.Time.Before(f.Since)) && (f.Until.IsZero() || !at.IsZero() && at.Time.Before(f.Until))
}

// SourceSteps are the steps of one source; its name is "" where it is the only one.
type SourceSteps struct {
	Name string
	*steplog.History
}

// Steps follows the steps of each source through its records.
func (s *Site) Steps(f StepFilter) (all []SourceSteps) {
	for _, src := range s.sources {
		all = append(all, SourceSteps{src.name, src.stepHistory(f)})
	}
	return all
}

func (src *source) stepHistory(f StepFilter) *steplog.History {
	history, of := make([]steplog.Deployment, len(src.entries)), make(map[*records.Record]*Entry, len(src.entries))
	for i, e := range src.entries {
		d := steplog.Deployment{Record: e.Record, Steps: e.steps, Course: e.course, Below: e.below()}
		if all := e.Terms(facet.Deployer); len(all) == 1 {
			d.Deployer = all[0].Name
		}
		history[i], of[e.Record] = d, e
	}
	return src.paths.Count(history, steplog.Options{Person: src.person, Wanted: func(d *steplog.Deployment) bool { return f.wants(of[d.Record]) }})
}

// below is what stands below steps that failed.
func (e *Entry) below() map[string][]string {
	var all map[string][]string
	for _, f := range e.failed {
		if len(f.below) > 0 {
			if all == nil {
				all = map[string][]string{}
			}
			all[f.id] = f.below
		}
	}
	return all
}

// stepHistories are those of all sources.
type stepHistories map[*source]*steplog.History

func (s *pager) followSteps() stepHistories {
	all := stepHistories{}
	for _, src := range s.sources {
		all[src] = src.stepHistory(StepFilter{})
	}
	return all
}

func (s *pager) addSteps() {
	for _, src := range s.sources {
		s.add(src.folder(stepsFolder), "steps", func() framed { return s.stepsPage(src) })
	}
	if s.several() {
		s.addStepsList()
	}
}

func (s *pager) stepsPage(src *source) StepsPage {
	h, w := s.stepHistories()[src], s.words
	p := StepsPage{Page: s.page(src.folder(stepsFolder), w.T("steps.title"), "metrics")}
	if src.name != "" {
		p.Title = w.T("steps.of", "source", src.name)
		p.Crumb = p.anchor("", stepsFolder, w.T("steps.title")) + " / " + p.anchor("", src.timeline(), src.name)
	}
	if src.template != nil {
		p.Checklist = src.folder("checklist/")
	}
	p.say(h)
	most := s.room(stepBytes)
	p.Grid = s.stepGrid(p.Page, h, most)
	p.advise(h, src)
	p.fail(h, src)
	p.people(h, src, most)
	for _, l := range h.Lines {
		switch l.Standing {
		case steplog.Gone:
			p.gone(l)
		case steplog.New:
			p.New = append(p.New, p.newStep(l, src))
			fallthrough
		default:
			if len(p.Rows) == most {
				p.MoreRows++
				continue
			}
			p.Rows = append(p.Rows, p.stepRow(l, src))
		}
	}
	return p
}

// say says which records count.
func (p *StepsPage) say(h *steplog.History) {
	w := p.site.words
	for _, said := range []struct {
		words string
		n     int
	}{{"steps.counted", h.Counted}, {"steps.foreign", h.Foreign}, {"steps.bare", h.Bare}} {
		if said.n > 0 {
			p.Said = append(p.Said, w.N(said.words, said.n))
		}
	}
}

// stepLink leads to a step of the checklist; another one is only named.
func (p Page) stepLink(l *steplog.Line, src *source) template.HTML {
	if l.Number < 0 {
		return bdi(l.Label)
	}
	return p.anchor("", src.folder("checklist/")+"#"+l.ID, l.Label)
}

// advise lists what may be automated or dropped.
func (p *StepsPage) advise(h *steplog.History, src *source) {
	w := p.site.words
	for _, l := range h.Lines {
		if advice := p.suggestion(l); advice != "" {
			p.Advice = append(p.Advice, w.Rich("steps.advice", "step", p.stepLink(l, src), "advice", advice))
		}
	}
	if n := len(h.AtOnce); n > 0 {
		var links []string
		for _, r := range h.AtOnce[:min(n, few)] {
			links = append(links, string(p.anchor("", p.site.byID[r.ID].Page(), p.site.dayOf(r))))
		}
		p.Advice = append(p.Advice, w.Rich("steps.at-once", "of", w.T("metrics.of", "k", n, "n", h.Stamped), "records", template.HTML(w.Join(links))))
	}
}

// suggestion is what may be done with a step and why, "" where nothing is said.
func (p Page) suggestion(l *steplog.Line) template.HTML {
	s, ok := l.Suggestion()
	if !ok {
		return ""
	}
	w := p.site.words
	why := w.T("steps.why."+string(s.Sign), "of", w.T("metrics.of", "k", s.K, "n", s.N))
	return w.Rich("steps.do."+s.Do, "why", why)
}

// fail lists the steps that failed, those that failed last first.
func (p *StepsPage) fail(h *steplog.History, src *source) {
	var lines []*steplog.Line
	for _, l := range h.Lines {
		if len(l.Failures) > 0 && !l.Single() {
			lines = append(lines, l)
		}
	}
	slices.SortStableFunc(lines, func(a, b *steplog.Line) int { return records.NewestFirst(a.Failures[0].Record, b.Failures[0].Record) })
	shown := lines[:min(failingSteps, len(lines))]
	p.MoreFail = len(lines) - len(shown)
	for _, l := range shown {
		step := FailingStep{Link: p.stepLink(l, src), Of: p.failedOf(l)}
		for _, f := range l.Failures {
			step.Failures = append(step.Failures, p.failure(f))
		}
		p.Failing = append(p.Failing, step)
	}
}

// failedOf is in how many records a step failed.
func (p Page) failedOf(l *steplog.Line) string {
	w, k := p.site.words, l.Of(records.StepFailed)
	of := w.T("metrics.of", "k", k, "n", l.N)
	if interval := p.failInterval(l); interval != "" {
		return w.T("metrics.both", "one", of, "other", interval)
	}
	return of
}

func (p Page) failInterval(l *steplog.Line) string {
	if l.N < steplog.Few {
		return ""
	}
	low, high := metrics.Wilson(l.Of(records.StepFailed), l.N)
	return p.site.words.T("metrics.interval", "low", p.site.percent(low), "high", p.site.percent(high))
}

func (p Page) failure(f steplog.Failure) FailureRow {
	e := p.site.byID[f.Record.ID]
	row := FailureRow{Day: p.anchor("", e.Page()+"#"+f.StepID, p.site.dayOf(f.Record)), Link: p.anchor("quiet", e.Page(), e.Title.Value),
		Fix: text.Cut(f.Fix, fixLength)}
	if f.Note != nil {
		row.FixHref = template.URL(p.Link(e.Page() + "#" + f.Note.ID))
	}
	return row
}

// people lists the steps that one person alone has run, by person, at most so many.
func (p *StepsPage) people(h *steplog.History, src *source, most int) {
	if len(h.People) == 1 {
		p.Everybody = h.People[0]
		return
	}
	for _, person := range h.People {
		of := AloneSteps{Person: person}
		for _, l := range h.Lines {
			if only, ok := l.Only(); ok && only == person && l.Standing != steplog.Gone && most > 0 {
				most--
				of.Steps = append(of.Steps, p.ranAlone(l, src))
			}
		}
		if len(of.Steps) > 0 {
			p.Alone = append(p.Alone, of)
		}
	}
}

// ranAlone is a step that one person alone has run, in how many runs.
func (p Page) ranAlone(l *steplog.Line, src *source) template.HTML {
	words := "steps.runs"
	if l.Unnamed > 0 {
		words = "steps.runs-unnamed"
	}
	return p.site.words.Rich(words, "count", l.Runs, "step", p.stepLink(l, src), "unnamed", l.Unnamed)
}

func (p *StepsPage) gone(l *steplog.Line) {
	switch {
	case l.Single():
		p.Single++
	case len(p.Gone) == goneSteps:
		p.MoreGone++
	default:
		e := p.site.byID[l.Last.ID]
		p.Gone = append(p.Gone, GoneStep{l.Label, l.Section, l.Key, p.site.words.N("steps.in-records", l.N), p.anchor("", e.Page(), p.site.dayOf(l.Last))})
	}
}

// newStep names a step that the checklist has and few records have.
func (p *StepsPage) newStep(l *steplog.Line, src *source) template.HTML {
	w := p.site.words
	if l.First == nil {
		return w.Rich("steps.new-never", "step", p.stepLink(l, src))
	}
	return w.Rich("steps.new-since", "step", p.stepLink(l, src), "day", p.anchor("", p.site.byID[l.First.ID].Page(), p.site.dayOf(l.First)))
}

// stepRow is a step in the table of its page, and in that of the checklist's page.
func (p Page) stepRow(l *steplog.Line, src *source) StepRow {
	w := p.site.words
	row := StepRow{ID: fmt.Sprintf("fared-%d", l.Number), Link: p.stepLink(l, src), Section: l.Section, N: l.N, Running: l.Of(records.StepRunning), Unnamed: l.Unnamed, Advice: p.suggestion(l),
		Done: p.stepCell(l, src, records.Done), Failed: p.stepCell(l, src, records.StepFailed),
		Skipped: p.stepCell(l, src, records.Skipped), Open: p.stepCell(l, src, records.Pending)}
	row.People = w.Join(l.People[:min(few, len(l.People))])
	if more := len(l.People) - few; more > 0 {
		row.People = fmt.Sprintf("%s +%d", row.People, more)
	}
	if l.Of(records.StepFailed) > 0 {
		row.Rate = p.failInterval(l)
		f := l.Failures[0]
		row.Last = p.anchor("", p.site.byID[f.Record.ID].Page()+"#"+f.StepID, p.site.dayOf(f.Record))
	}
	p.setTimes(&row, l)
	row.Causes = p.causes(l, src)
	return row
}

// setTimes shows the median time, or the cases where there are too few.
func (p Page) setTimes(row *StepRow, l *steplog.Line) {
	w := p.site.words
	if len(l.Times) == 0 {
		return
	}
	if len(l.Times) < steplog.Few {
		var cases []string
		for _, t := range l.Times {
			cases = append(cases, p.site.seconds(t))
		}
		row.Time = w.Join(cases)
	} else {
		low, high, _ := metrics.MedianInterval(l.Times)
		row.Time = p.site.seconds(metrics.Median(l.Times))
		row.Interval = w.T("metrics.interval", "low", p.site.seconds(low), "high", p.site.seconds(high))
	}
	row.Timed = w.T("metrics.of", "k", len(l.Times), "n", l.Runs)
}

// stepCell counts the records in which a step was in a state. Only a list on one page
// can show them all, and the filter knows the checklist's steps.
func (p Page) stepCell(l *steplog.Line, src *source, state records.State) Listed {
	c := Listed{Count: l.Of(state)}
	if l.Number >= 0 && len(src.entries) <= maxRows {
		c.Href = template.URL(fmt.Sprintf("%s?step=%d%c", p.Link(src.timeline()), l.Number, state[0]))
	}
	return c
}

// namedRecord is a record's ID, or its file, and maybe a note of it, as a step names them.
var namedRecord = regexp.MustCompile(`([\pL\pN][\pL\pN._-]*)(?:#((?:well|issue|lesson|tip)-[^\s>)]+))?`)

// maxCauses is how many records of those that a step names are shown.
const maxCauses = 3

// causes are the records that a step of the checklist names: what it is there for.
func (p Page) causes(l *steplog.Line, src *source) (links []template.HTML) {
	if l.Number < 0 {
		return nil
	}
	seen := map[*Entry]bool{}
	for _, m := range namedRecord.FindAllStringSubmatch(src.stepSource(l.Number), -1) {
		id, _ := strings.CutSuffix(strings.TrimRight(m[1], ".-"), ".md")
		id, _ = strings.CutSuffix(id, "-deployment")
		e := p.site.byID[src.project.ID(id)]
		if e == nil || seen[e] || len(links) == maxCauses {
			continue
		}
		seen[e] = true
		page, name := e.Page(), text.Cut(e.Title.Value, 60)
		for _, n := range e.Notes {
			if n.ID == m[2] {
				page, name = n.Page(), text.Cut(n.Summary(), 80)
			}
		}
		links = append(links, p.anchor("", page, name)+template.HTML(` <small>`+template.HTMLEscapeString(p.site.dayOf(e.Record))+`</small>`))
	}
	return links
}

// stepSource is what the checklist says of a step, without the steps nested in it.
func (src *source) stepSource(number int) string {
	steps := src.template.Steps
	end := steps[number].Span.End
	if number+1 < len(steps) && steps[number+1].Span.Start < end {
		end = max(steps[number].Span.Start, steps[number+1].Span.Start)
	}
	return string(src.template.Source[steps[number].Span.Start:end])
}

// StepsListPage leads to the steps of each source.
type StepsListPage struct {
	Page
	Rows []StepsListRow
}

// StepsListRow is one source.
type StepsListRow struct {
	Source, Steps template.HTML
	Records       int
	Worst         string // the step that failed most, "" where none did
	Advice        int    // how many suggestions there are
}

func (s *pager) addStepsList() {
	s.add(stepsFolder, "stepslist", func() framed {
		p := StepsListPage{Page: s.page(stepsFolder, s.words.T("steps.title"), "steps")}
		for _, t := range s.Terms[facet.Source] {
			h := s.stepHistories()[t.source]
			row := StepsListRow{Source: p.anchor("", t.Page(), t.Name), Records: h.Counted,
				Steps: p.anchor("", t.source.folder(stepsFolder), s.words.N("steps.steps", len(gridLines(h))))}
			if l := worst(h); l != nil {
				row.Worst = s.words.T("metrics.both", "one", l.Label, "other", s.words.T("metrics.of", "k", l.Of(records.StepFailed), "n", l.N))
			}
			for _, l := range h.Lines {
				if _, ok := l.Suggestion(); ok {
					row.Advice++
				}
			}
			p.Rows = append(p.Rows, row)
		}
		return p
	})
}

// worst is the step that failed in most records, nil where none did.
func worst(h *steplog.History) (of *steplog.Line) {
	for _, l := range h.Lines {
		failed := l.Of(records.StepFailed)
		if failed > 0 && (of == nil || cmp.Compare(failed, of.Of(records.StepFailed)) > 0) {
			of = l
		}
	}
	return of
}
