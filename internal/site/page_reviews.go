package site

import (
	"cmp"
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/metrics"
	"github.com/deploysite/deploysite/internal/review"
)

// ReviewPage is the review of a quarter beside the numbers of today.
type ReviewPage struct {
	Page
	Quarters  []Quarterly
	Body      template.HTML
	Contents  Contents
	Source    string // the file, "" where nobody has written the review
	SourceURL string
	Due       bool   // the quarter is over, and has none
	Command   string // that drafts it
	Unkept    []DecisionRow
	Numbers   []ReviewNumbers
	Drafted   string // the day, "" where the review does not say
	Changed   int    // numbers that have changed since
	Counted   string // the page of what was counted, "" where there is none
	Facts     []ReviewFact
}

// ReviewNumbers are those of one environment, over all services.
type ReviewNumbers struct {
	Environment string // "" where there is only one
	Cells       []ReviewNumber
}

// A ReviewNumber is one number today, and as it was.
type ReviewNumber struct {
	MetricsCell
	Was string // "" where it is the same, or nobody knows
}

// A ReviewFact is some records of the quarter, and what they have in common.
type ReviewFact struct {
	Name    string
	Of      string
	Records []template.HTML
	More    int
}

// A DecisionRow is a decision of a review.
type DecisionRow struct {
	Text      string
	Owner, By string
	Of        template.HTML // the review that has it
}

// ReviewsPage lists the quarters.
type ReviewsPage struct {
	Page
	Unkept  []DecisionRow
	Rows    []ReviewRow
	Command string // that drafts the review that is due, "" where none is
}

// ReviewRow is a quarter of the list.
type ReviewRow struct {
	Quarter  template.HTML
	Title    string // of the review, "" where there is none
	SoFar    bool
	Count    int
	Failed   Listed
	Decided  string // how many decisions are kept, "" where there are none
	Reviewed bool
}

// How much the page of a quarter shows where there is no review.
const factRecords = 12

// A reviewedQuarter is a quarter with what its records say.
type reviewedQuarter struct {
	review.Quarter
	facts  review.Facts
	review *Review // nil where there is none
}

// reviewedQuarters are the quarters that have records, or a review, newest first.
func (s *pager) reviewedQuarters() (all []reviewedQuarter) {
	deployments := s.reviewed(s.numbers().lines)
	add := func(q review.Quarter) {
		if slices.ContainsFunc(all, func(o reviewedQuarter) bool { return o.Name() == q.Name() }) {
			return
		}
		one := reviewedQuarter{q, review.FactsOf(q, deployments, s.options.Now), s.review(q)}
		if one.review != nil || len(one.facts.Deployments) > 0 {
			all = append(all, one)
		}
	}
	for _, q := range s.quarters() {
		add(review.At(q.from))
	}
	for _, r := range s.Reviews {
		add(r.Quarter)
	}
	slices.SortFunc(all, func(a, b reviewedQuarter) int { return b.From.Compare(a.From) })
	return all
}

// quarterName is the quarter for people.
func (s *pager) quarterName(q review.Quarter) string { return s.words.Date("quarter", q.From) }

func (s *pager) addReviews() {
	all := s.reviewedQuarters()
	pages := make([]Quarterly, len(all))
	for i, q := range all {
		pages[i] = Quarterly{Name: s.quarterName(q.Quarter), Page: reviewPage(q.Quarter), from: q.From, to: q.To}
	}
	s.add(reviewsFolder, "reviews", func() framed { return s.reviewsPage(all) })
	for i, q := range all {
		s.add(pages[i].Page, "review", func() framed {
			p := s.reviewPage(q)
			p.Quarters = beside(pages, i)
			return p
		})
	}
}

func (s *pager) reviewsPage(all []reviewedQuarter) ReviewsPage {
	p := ReviewsPage{Page: s.page(reviewsFolder, s.words.T("nav.reviews"), "metrics")}
	if due := s.dueReview(); due != nil {
		p.Command = due.Command
	}
	p.Unkept = p.unkept(s.unkept())
	for _, q := range all {
		row := ReviewRow{Quarter: p.anchor("", reviewPage(q.Quarter), s.quarterName(q.Quarter)), SoFar: !q.IsOver(s.options.Now),
			Count: len(q.facts.Deployments), Failed: Listed{Count: len(q.facts.Failures)}.among(len(q.facts.Deployments), q.facts.Ended()), Reviewed: q.review != nil}
		if q.review != nil {
			row.Title = q.review.Document.Title.Value
			row.Decided = s.decided(q.review)
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

// decided is how many of the decisions that a review was the first to take are kept, ""
// where it took none.
func (s *pager) decided(r *Review) string {
	kept, all := 0, 0
	for _, d := range s.decisions() {
		if d.Of.Name() == r.Name() && d.State != review.Dropped {
			all++
			if d.State == review.Kept {
				kept++
			}
		}
	}
	if all == 0 {
		return ""
	}
	return s.words.T("metrics.of", "k", kept, "n", all)
}

// unkept are the open decisions of all reviews.
func (s *pager) unkept() []review.Decision {
	return slices.DeleteFunc(s.decisions(), func(d review.Decision) bool { return d.State != review.Open })
}

// unkept shows open decisions.
func (p Page) unkept(open []review.Decision) (rows []DecisionRow) {
	for _, d := range open {
		if day, err := time.Parse(time.DateOnly, d.By); err == nil {
			d.By = p.site.words.Day(day)
		}
		rows = append(rows, DecisionRow{d.Text, d.Owner, d.By, p.anchor("", reviewPage(d.Of), p.site.quarterName(d.Of))})
	}
	return rows
}

func reviewCommand(q review.Quarter) string { return "deploysite review " + q.Code() + " --write" }

func (s *pager) reviewPage(q reviewedQuarter) ReviewPage {
	p := ReviewPage{Page: s.page(reviewPage(q.Quarter), s.words.T("reviews.of", "quarter", s.quarterName(q.Quarter)), "metrics"), Command: reviewCommand(q.Quarter)}
	p.Unkept = p.unkept(slices.DeleteFunc(s.unkept(), func(d review.Decision) bool { return !d.Of.From.Before(q.From) }))
	if page := metricsQuarterPage(q.From); slices.ContainsFunc(s.numberedQuarters, func(q Quarterly) bool { return q.Page == page }) {
		p.Counted = page
	}
	if r := q.review; r != nil {
		p.Title = cmp.Or(r.Document.Title.Value, p.Title)
		p.Body, p.Contents, p.Source, p.SourceURL = r.Body, contents(r.Sections, r.Document.Title.Value), r.file, s.home.fileURL(r.file)
		if at, err := time.ParseInLocation(time.DateOnly, r.numbers.Day, q.From.Location()); err == nil && r.numbered {
			p.Drafted = s.words.Day(at)
		}
	} else {
		p.Due = q.IsOver(s.options.Now)
		p.look(q.facts)
	}
	p.count(q)
	return p
}

// count fills in the numbers of today, and what they were.
func (p *ReviewPage) count(q reviewedQuarter) {
	n := p.site.numbers()
	for _, l := range n.lines {
		if !l.Total {
			continue
		}
		of := ReviewNumbers{Environment: l.Environment}
		for _, r := range n.quarters[l] {
			if r.Period != q.Name() {
				continue
			}
			cell := ReviewNumber{MetricsCell: p.site.metricsCell(r)}
			cell.Name = p.site.metricName(r.Metric)
			if q.review != nil && q.review.numbered {
				if was, ok := q.review.numbers.Of[l.Environment][r.Metric]; !ok || !was.Same(review.NumberOf(r)) {
					cell.Was = p.site.was(r, was, ok)
					p.Changed++
				}
			}
			of.Cells = append(of.Cells, cell)
		}
		if len(of.Cells) > 0 {
			p.Numbers = append(p.Numbers, of)
		}
	}
	if len(p.Numbers) == 1 {
		p.Numbers[0].Environment = ""
	}
}

// was is a number as a review has it.
func (s *pager) was(r metrics.Row, was review.Number, known bool) string {
	w := s.words
	if !known {
		return w.T("reviews.was-none")
	}
	of := w.T("metrics.of", "k", was.K, "n", was.N)
	switch {
	case r.Metric == metrics.Frequency:
		of = w.N("metrics.in-days", was.N, "k", was.K)
	case was.Value == nil:
	case r.Metric != metrics.FailRate && r.Metric != metrics.Rework:
		of = w.T("metrics.both", "one", s.seconds(*was.Value), "other", of)
	}
	return w.T("reviews.was", "of", of)
}

// look lists what the records say of a quarter that nobody has reviewed.
func (p *ReviewPage) look(f review.Facts) {
	for _, of := range []struct {
		word string
		all  []*review.Deployment
	}{{"failed", f.Failures}, {"near-misses", f.NearMisses}, {"no-outcome", f.NoOutcome}, {"no-end", f.NoEnd}, {"no-environment", f.NoEnvironment}, {"under-way", f.UnderWay}} {
		if len(of.all) == 0 {
			continue
		}
		n := len(f.Deployments)
		if of.word == "no-end" {
			n = f.Ended()
		}
		fact := ReviewFact{Name: p.site.words.T("reviews." + of.word), Of: p.site.words.T("metrics.of", "k", len(of.all), "n", n), More: max(0, len(of.all)-factRecords)}
		for _, d := range of.all[:len(of.all)-fact.More] {
			e := p.site.byID[d.ID]
			fact.Records = append(fact.Records, p.anchor("", e.Page(), e.Title.Value)+" "+template.HTML(`<small>`+template.HTMLEscapeString(e.Day())+"</small>"))
		}
		p.Facts = append(p.Facts, fact)
	}
}

// A DueReview is that of the last quarter, which nobody has written.
type DueReview struct{ Quarter, Page, Command string }

// dueReview is nil where the last quarter has a review, or no records.
func (s *pager) dueReview() *DueReview {
	q := review.At(s.options.Now).Before()
	if s.review(q) != nil || len(review.FactsOf(q, s.reviewed(nil), s.options.Now).Deployments) == 0 {
		return nil
	}
	return &DueReview{s.quarterName(q), reviewPage(q), reviewCommand(q)}
}

// Insight are the pages that say what the history teaches.
func (p Page) Insight() (all []NavItem) {
	for _, of := range []struct{ folder, name string }{
		{metricsFolder, p.site.words.T("nav.metrics")}, {stepsFolder, p.site.words.T("nav.steps")}, {reviewsFolder, p.site.words.T("nav.reviews")},
	} {
		item := p.NavItem("", of.folder, of.name)
		if item.Current == "" && strings.HasPrefix(p.Path, of.folder) {
			item.Current = "true"
		}
		all = append(all, item)
	}
	return all
}
