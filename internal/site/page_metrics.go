package site

import (
	"cmp"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/metrics"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// MetricsPage is DORA's five and the durations, by service, environment and quarter.
type MetricsPage struct {
	Page
	Lines       []MetricsLine
	More        int      // lines that only the quarters' pages show
	Apart       int      // deployments that name no environment
	Single      bool     // there is but one deployment
	Production  []string // what counts
	Perhaps     string   // where nothing counts, a line of the configuration by which what is called so would
	Definitions []Definition
	Quarters    []Quarterly
}

// MetricsQuarter is what was counted in one quarter.
type MetricsQuarter struct {
	Page
	Lines    []MetricsLine
	More     int // deployments that are not shown
	Quarters []Quarterly
}

// ProductionList are the environments that count.
func (p MetricsPage) ProductionList() string { return p.site.words.Join(p.Production) }

// A Definition says in words what a number is.
type Definition struct{ Name, Means string }

// A MetricsLine is the numbers of one service in one environment, or of all services.
type MetricsLine struct {
	ID          string
	Name        string
	Service     template.HTML // "" in a total
	Environment template.HTML
	Heads       []string
	Rows        []MetricsRow
	Gap         string // the median time between two successes, "" where there is none
	Weekly      *CountChart
	Between     *CountChart // deployments between failures
	Strip       *StripChart
	Counted     []CountedRow // on a quarter's page, newest first
}

// A MetricsRow is all numbers of one period.
type MetricsRow struct {
	Name  string
	SoFar bool
	Cells []MetricsCell
}

// A MetricsCell is one number. What is not there is "".
type MetricsCell struct {
	Name     string // of the number, for narrow screens
	Value    string
	Of       string
	Interval string
	Unknown  string
	Href     template.URL // what it was counted from
}

// A CountedRow is how one deployment counts.
type CountedRow struct {
	E        *Entry
	Link     template.HTML
	Day      string
	As       []template.HTML // failed, rework …
	Took     string
	Recovery string
	Lead     string
}

// How much the page of numbers shows.
const (
	metricsLines    = 20
	metricsQuarters = 8
	countedRows     = 2000 // on the page of a quarter
)

// numbers are all lines, with what their pages need.
type numbers struct {
	lines    []*metrics.Line
	quarters map[*metrics.Line][]metrics.Row
	apart    *metrics.Line // deployments that name no environment, nil where there are none
	entries  map[string]*Entry
	terms    map[*facet.Facet]map[string]*Term
}

func (s *pager) countNumbers() *numbers {
	n := &numbers{lines: s.Metrics(time.Time{}, time.Time{}), quarters: map[*metrics.Line][]metrics.Row{}, entries: s.byID, terms: map[*facet.Facet]map[string]*Term{}}
	if last := len(n.lines) - 1; last >= 0 && n.lines[last].Environment == "" {
		n.apart, n.lines = n.lines[last], n.lines[:last]
	}
	for _, l := range n.lines {
		n.quarters[l] = l.Rows(metrics.Quarters)
	}
	for _, f := range []*facet.Facet{facet.Service, facet.Environment} {
		n.terms[f] = map[string]*Term{}
		for _, t := range s.Terms[f] {
			n.terms[f][t.Name] = t
		}
	}
	return n
}

const metricsFolder = "metrics/"

func (s *pager) addMetrics() {
	s.add(metricsFolder, "metrics", func() framed { return s.metricsPage() })
	if len(s.Entries) == 0 || len(s.numbers().lines) == 0 {
		return
	}
	quarters := s.quarters()
	for i := range quarters {
		quarters[i].Page = metricsQuarterPage(quarters[i].from)
	}
	most := s.mostOfQuarter()
	for i, q := range quarters {
		s.add(q.Page, "metricsquarter", func() framed {
			p := s.metricsQuarter(q, most)
			p.Quarters = beside(quarters, i)
			return p
		})
	}
	s.numberedQuarters = quarters
}

// mostOfQuarter is how many bytes the page of a quarter has room for.
func (s *pager) mostOfQuarter() int {
	bytes := map[time.Time]int{}
	for _, l := range s.numbers().lines {
		var last time.Time
		for _, one := range l.Counted {
			_, _, from, _ := insights.Quarter(one.Started.Time.In(s.config.Location))
			if bytes[from] += oneBytes; from != last {
				bytes[from] += lineBytes
			}
			last = from
		}
	}
	return share(slices.Collect(maps.Values(bytes)), s.room(1))
}

func metricsQuarterPage(day time.Time) string {
	return fmt.Sprintf("%s%04d-q%d/", metricsFolder, day.Year(), (int(day.Month())-1)/3+1)
}

func (s *pager) metricsPage() MetricsPage {
	n := s.numbers()
	p := MetricsPage{Page: s.page(metricsFolder, s.words.T("nav.metrics"), "metrics"), Production: s.productionNames(), Quarters: s.numberedQuarters}
	shown := busiest(n.lines, metricsLines)
	for len(shown) > 1 && chartBytes(shown) > s.room(1) {
		shown = busiest(n.lines, len(shown)-1)
	}
	p.More = len(n.lines) - len(shown)
	for _, l := range shown {
		p.Lines = append(p.Lines, s.metricsLine(p.Page, n, l))
	}
	if n.apart != nil {
		p.Apart = len(n.apart.Counted)
	}
	for _, m := range metrics.Metrics {
		p.Definitions = append(p.Definitions, Definition{s.metricName(m), s.metricWord("means", m)})
	}
	if len(n.lines) == 0 {
		p.Perhaps = s.PerhapsProduction()
	}
	p.Single = len(n.lines) > 0 && len(n.lines[len(n.lines)-1].Counted) == 1
	return p
}

// productionNames are what counts as production: what the configuration lists, and what
// else it takes for that of what records name.
func (s *pager) productionNames() []string {
	all := slices.Clone(s.config.Production)
	for _, t := range s.Terms[facet.Environment] {
		if s.config.IsProduction(t.Name) && !slices.ContainsFunc(all, func(name string) bool { return text.Same(name, t.Name) }) {
			all = append(all, t.Name)
		}
	}
	return all
}

// PerhapsProduction is a line of the configuration with the environments whose names begin
// with one of production, "Production Cloud Run (eu)", behind those that count; "" where none
// else does.
func (s *Site) PerhapsProduction() string {
	const most = 5
	var counts, perhaps []string
	for _, t := range s.Terms[facet.Environment] {
		first, _, _ := strings.Cut(text.Fold(t.Name), " ")
		if s.config.IsProduction(t.Name) {
			counts = append(counts, strconv.Quote(t.Name))
		} else if len(perhaps) < most && records.NamesProduction(first) {
			perhaps = append(perhaps, strconv.Quote(t.Name))
		}
	}
	if len(perhaps) == 0 {
		return ""
	}
	return "production = [" + strings.Join(append(counts, perhaps...), ", ") + "]"
}

// chartBytes is what lines take with their charts, about.
func chartBytes(lines []*metrics.Line) (bytes int) {
	for _, l := range lines {
		bytes += 2*lineBytes + oneBytes*len(l.Counted)
	}
	return bytes
}

// busiest are the lines with most deployments, in the order of all.
func busiest(lines []*metrics.Line, most int) []*metrics.Line {
	if len(lines) <= most {
		return lines
	}
	by := slices.Clone(lines)
	slices.SortStableFunc(by, func(a, b *metrics.Line) int { return cmp.Compare(len(b.Counted), len(a.Counted)) })
	by = by[:most]
	return slices.DeleteFunc(slices.Clone(lines), func(l *metrics.Line) bool { return !slices.Contains(by, l) })
}

func (s *pager) metricName(m metrics.Metric) string { return s.metricWord("name", m) }

func (s *pager) metricWord(word string, m metrics.Metric) string {
	return s.words.T("metrics." + word + "." + strings.ReplaceAll(string(m), "_", "-"))
}

// head is a line with its name and the names of its numbers.
func (s *pager) head(p Page, n *numbers, l *metrics.Line) MetricsLine {
	environment, service := n.terms[facet.Environment][l.Environment], n.terms[facet.Service][l.Service]
	line := MetricsLine{ID: "m-." + environment.Slug, Name: s.words.T("metrics.all-services") + " · " + l.Environment, Environment: link("", p.TermLink(environment), l.Environment)}
	if !l.Total {
		line.ID, line.Name = "m-"+service.Slug+"."+environment.Slug, l.Service+" · "+l.Environment
		line.Service = link("", p.TermLink(service), l.Service)
	}
	for _, m := range metrics.Metrics {
		line.Heads = append(line.Heads, s.metricName(m))
	}
	return line
}

func (s *pager) metricsLine(p Page, n *numbers, l *metrics.Line) MetricsLine {
	line := s.head(p, n, l)
	terms := []*Term{n.terms[facet.Environment][l.Environment]}
	if !l.Total {
		terms = append(terms, n.terms[facet.Service][l.Service])
	}
	line.Rows = s.metricsRows(l.Rows(metrics.All), func(metrics.Period) (string, template.URL) {
		return s.words.T("metrics.all-time"), p.listing(terms, "", "", "")
	})
	quarters := s.metricsRows(n.quarters[l], func(of metrics.Period) (string, template.URL) {
		return s.words.Date("quarter", of.From), s.quarterHref(p, of, line.ID)
	})
	slices.Reverse(quarters)
	line.Rows = append(line.Rows, quarters[:min(metricsQuarters, len(quarters))]...)
	if gap, ok := l.Gap(); ok {
		line.Gap = s.words.T("metrics.gap", "gap", s.seconds(gap))
	}
	line.Weekly, line.Between, line.Strip = s.weeklyChart(l, line), s.betweenChart(p, l, line), s.stripChart(p, l, line)
	return line
}

// quarterHref leads to what was counted in a quarter, "" where it has no page.
func (s *pager) quarterHref(p Page, of metrics.Period, id string) template.URL {
	page := metricsQuarterPage(of.From)
	if !slices.ContainsFunc(s.numberedQuarters, func(q Quarterly) bool { return q.Page == page }) {
		return ""
	}
	return template.URL(p.Link(page) + "#" + id)
}

// metricsRows makes a row of each period; about names it and says where it leads.
func (s *pager) metricsRows(rows []metrics.Row, about func(metrics.Period) (string, template.URL)) (all []MetricsRow) {
	for len(rows) > 0 {
		of := rows[0].Span
		name, href := about(of)
		out := MetricsRow{Name: name, SoFar: of.To.After(s.today), Cells: make([]MetricsCell, len(metrics.Metrics))}
		for ; len(rows) > 0 && rows[0].Period == of.Name; rows = rows[1:] {
			cell := s.metricsCell(rows[0])
			if cell.Name = s.metricName(rows[0].Metric); len(rows[0].Records)+len(rows[0].Unknown) > 0 {
				cell.Href = href // else there is nothing to see
			}
			out.Cells[slices.Index(metrics.Metrics, rows[0].Metric)] = cell
		}
		all = append(all, out)
	}
	return all
}

func (s *pager) metricsCell(r metrics.Row) (c MetricsCell) {
	w := s.words
	show := s.seconds
	c.Of = w.T("metrics.of", "k", r.K, "n", r.N)
	switch r.Metric {
	case metrics.FailRate, metrics.Rework:
		show = s.percent
	case metrics.Frequency:
		show = func(v float64) string { return w.T("metrics.a-week", "count", s.decimal(v)) }
		c.Of = w.N("metrics.in-days", r.N, "k", r.K)
	case metrics.LeadTime:
		if len(r.Values) > 0 {
			c.Of = w.T("metrics.both", "one", w.N("metrics.commits", len(r.Values)), "other", c.Of)
		}
	}
	switch {
	case r.Value == nil:
	case !r.TooFew():
		c.Value = show(*r.Value)
	case r.Values == nil:
		c.Value, c.Of = c.Of, ""
	default:
		cases := r.Cases(show)
		if c.Value = w.Join(cases); len(cases) > 1 {
			c.Value = w.T("metrics.each", "values", c.Value)
		}
	}
	if r.Low != nil {
		c.Interval = w.T("metrics.interval", "low", show(*r.Low), "high", show(*r.High))
	}
	if c.Unknown = s.unknowns(r); r.N == 0 {
		c.Of = "" // nothing is left
	}
	return c
}

// unknowns says what is not in a number, and why.
func (s *pager) unknowns(r metrics.Row) string {
	w := s.words
	var all []string
	for _, why := range metrics.Reasons {
		if n := r.Unknown[why]; n > 0 {
			all = append(all, w.T("metrics.left-out", "count", n, "why", s.why(why)))
		}
	}
	if r.AtMost > 0 {
		all = append(all, w.N("metrics.at-most", r.AtMost))
	}
	if (r.Metric == metrics.FailRate || r.Metric == metrics.Rework) && r.N > 0 && !r.TooFew() && r.Unknown[metrics.NoOutcome]+r.Unknown[metrics.UnderWay] > 0 {
		low, high := r.Bounds()
		all = append(all, w.T("metrics.bounds", "low", s.percent(low), "high", s.percent(high)))
	}
	return strings.Join(all, w.T("lists.reasons"))
}

func (s *pager) why(r metrics.Reason) string { return s.words.T("metrics.why." + string(r)) }

func (s *pager) seconds(v float64) string {
	return s.words.Duration(time.Duration(v * float64(time.Second)))
}

func (s *pager) percent(v float64) string {
	return s.words.T("metrics.percent", "count", strconv.Itoa(int(v*100+.5)))
}

// decimal is a number with two digits that count.
func (s *pager) decimal(v float64) string {
	return strings.Replace(strconv.FormatFloat(v, 'f', max(0, 1-digits(v)), 64), ".", s.words.T("numbers.decimal"), 1)
}

// digits is how many digits a number has before its point, less one; it is negative
// where it begins behind the point.
func digits(v float64) (n int) {
	if v == 0 {
		return 1
	}
	for ; v >= 10; v /= 10 {
		n++
	}
	for ; v < 1; v *= 10 {
		n--
	}
	return n
}

// metricsQuarter shows the numbers of a quarter with each deployment that was counted, in
// at most so many bytes.
func (s *pager) metricsQuarter(q Quarterly, most int) MetricsQuarter {
	n := s.numbers()
	p := MetricsQuarter{Page: s.page(q.Page, s.words.T("metrics.quarter", "quarter", q.Name), "metrics")}
	left := countedRows
	for _, l := range n.lines {
		line := s.head(p.Page, n, l)
		in := l.In(q.from, q.to)
		if len(in) == 0 {
			continue
		}
		if most -= lineBytes + oneBytes*len(in); most < 0 && len(p.Lines) > 0 {
			p.More += len(in)
			continue
		}
		rows := slices.DeleteFunc(slices.Clone(n.quarters[l]), func(r metrics.Row) bool { return !r.Span.From.Equal(q.from) })
		line.Rows = s.metricsRows(rows, func(metrics.Period) (string, template.URL) { return s.words.Date("quarter", q.from), "" })
		for _, one := range slices.Backward(in) {
			if left == 0 {
				p.More++
				continue
			}
			left--
			line.Counted = append(line.Counted, s.countedRow(p.Page, n, one))
		}
		p.Lines = append(p.Lines, line)
	}
	return p
}

func (s *pager) countedRow(p Page, n *numbers, one *metrics.Counted) CountedRow {
	w, e := s.words, n.entries[one.ID]
	row := CountedRow{E: e, Link: p.anchor("", e.Page(), e.Title.Value), Day: w.Day(e.Started.Time), Took: e.Took()}
	say := func(text string) { row.As = append(row.As, template.HTML(template.HTMLEscapeString(text))) }
	switch {
	case one.FailedBy != nil:
		by := n.entries[one.FailedBy.ID]
		row.As = append(row.As, w.Rich("metrics.failed-by", "title", text.Cut(by.Title.Value, 60), "record", p.Link(by.Page())))
	case one.Failed:
		say(w.T("metrics.failed"))
	case one.Outcome != metrics.Known:
		say(s.why(one.Outcome))
	}
	if one.Rollback {
		say(w.T("metrics.rollback"))
	}
	if one.Reworks {
		say(w.T("metrics.rework"))
	}
	if one.Failed && !one.Rollback {
		row.Recovery = s.seconds(one.Recovery.Seconds())
		switch {
		case one.Lost != metrics.Known:
			row.Recovery = s.why(one.Lost)
		case one.AtMost:
			row.Recovery = w.T("metrics.at-most-one", "time", row.Recovery)
		}
	}
	row.Lead = s.lead(one)
	return row
}

// lead is the median age of a deployment's commits, or why there is none.
func (s *pager) lead(one *metrics.Counted) string {
	switch {
	case !one.AskedLead():
		return ""
	case one.NoLead != metrics.Known:
		return s.why(one.NoLead)
	}
	ages := make([]float64, len(one.Leads))
	for i, d := range one.Leads {
		ages[i] = d.Seconds()
	}
	slices.Sort(ages)
	return s.words.T("metrics.both", "one", s.seconds(metrics.Median(ages)), "other", s.words.N("metrics.commits", len(ages)))
}
