package site

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/metrics"
)

// The charts are 640 wide. Points are paths of strokes without length, which are
// round dots: one attribute for all of them.
const (
	chartLeft, chartRight = 12, 590
	countTop, countLow    = 14, 116
	stripBase             = 64
)

// How much a chart shows.
const (
	chartPoints    = 53 // weeks, or failures
	chartDurations = 60
	fewPoints      = 2 // below that there is nothing to see
)

// A CountChart is counts in the order of time, with the limits of what is usual.
type CountChart struct {
	Title, Desc, Caption string
	Line                 string // paths
	Dots, Squares        string // of usual counts, and of others
	Running              *ChartPoint
	Limits, Firm         bool
	Mean, Low, High      ChartPoint // of lines: where, and what they say; of Low "" where there is none
	NameHead, CountHead  string     // of the table behind it
	Rows                 []CountRow
}

// A ChartPoint is a place with a label.
type ChartPoint struct {
	X, Y  int
	Label string
}

// A CountRow is a count in the table behind a chart.
type CountRow struct {
	Name  template.HTML
	Count int
	Odd   bool
}

// weeklyChart draws the successes of whole weeks, the newest, and the running one beside;
// nil where there are too few.
func (s *pager) weeklyChart(l *metrics.Line, about MetricsLine) *CountChart {
	weeks := l.Weekly()
	var running *metrics.Row
	if n := len(weeks); n > 0 && weeks[n-1].Span.To.After(s.today) {
		running, weeks = &weeks[n-1], weeks[:n-1]
	}
	if len(weeks) < fewPoints || len(l.Counted) < fewPoints {
		return nil
	}
	weeks = weeks[max(0, len(weeks)-chartPoints):]
	if !slices.ContainsFunc(weeks, func(week metrics.Row) bool { return week.K > 0 }) {
		return nil // nothing to see, and of what has no outcome nobody knows how much it is
	}
	w := s.words
	rows := make([]CountRow, len(weeks))
	for i, week := range weeks {
		rows[i] = CountRow{Name: template.HTML(template.HTMLEscapeString(w.Day(week.Span.From))), Count: week.K}
	}
	last := -1
	if running != nil {
		last = running.K
	}
	x := metrics.XmROf(countsOf(rows))
	c := s.countChart(x, rows, last)
	c.Title, c.NameHead, c.CountHead = w.T("metrics.weekly"), w.T("metrics.week"), w.T("column.deployments")
	said := []string{w.T("metrics.weekly-caption", "from", w.Day(weeks[0].Span.From), "to", w.Day(weeks[len(weeks)-1].Span.To.AddDate(0, 0, -1)), "mean", s.decimal(x.Mean))}
	switch {
	case x.Rare:
		said = append(said, w.T("metrics.rare"))
	case !x.Limits:
		said = append(said, w.T("metrics.no-limits"))
	default:
		said = append(said, w.T("metrics.limits", "low", s.decimal(x.Low), "high", s.decimal(x.High)))
		if !x.Firm {
			said = append(said, w.T("metrics.on-trial"))
		}
	}
	if odd := c.odd(); odd > 0 {
		said = append(said, w.N("metrics.odd-weeks", odd))
	}
	s.caption(c, about, said)
	if running != nil {
		c.Caption += " " + w.T("metrics.running")
	}
	return c
}

// betweenChart draws how many deployments there were between one failure and the next,
// the newest, and those since the last beside; nil where there are too few.
func (s *pager) betweenChart(p Page, l *metrics.Line, about MetricsLine) *CountChart {
	runs := l.Runs()
	if len(runs) <= metrics.Few {
		return nil // the table has them
	}
	since, runs := runs[len(runs)-1].Count, runs[:len(runs)-1]
	runs = runs[max(0, len(runs)-chartPoints):]
	w := s.words
	rows := make([]CountRow, len(runs))
	for i, run := range runs {
		e := s.byID[run.Ended.ID]
		rows[i] = CountRow{Name: p.anchor("", e.Page(), e.Title.Value), Count: run.Count}
	}
	g := metrics.GOf(countsOf(rows))
	c := s.countChart(g, rows, since)
	c.Low.Label = "" // a g chart has no lower limit
	c.Title, c.NameHead, c.CountHead = w.T("metrics.between"), w.T("metrics.until"), w.T("metrics.without")
	said := []string{w.N("metrics.between-caption", len(runs), "mean", s.decimal(g.Mean)), w.T("metrics.between-limit", "high", s.decimal(g.High))}
	if !g.Firm {
		said = append(said, w.T("metrics.between-trial"))
	}
	if odd := c.odd(); odd > 0 {
		said = append(said, w.N("metrics.between-odd", odd))
	}
	said = append(said, w.N("metrics.between-since", since))
	if float64(since) > g.High {
		said = append(said, w.T("metrics.between-long"))
	}
	s.caption(c, about, said)
	return c
}

func (s *pager) caption(c *CountChart, about MetricsLine, said []string) {
	c.Caption = strings.Join(said, " ")
	c.Desc = s.words.T("metrics.chart-desc", "line", about.Name, "caption", c.Caption)
}

func countsOf(rows []CountRow) []int {
	counts := make([]int, len(rows))
	for i, row := range rows {
		counts[i] = row.Count
	}
	return counts
}

// odd is how many of its counts are not usual.
func (c *CountChart) odd() (n int) {
	for _, row := range c.Rows {
		if row.Odd {
			n++
		}
	}
	return n
}

// countChart draws counts, and the one that is not complete, -1 where there is none.
func (s *pager) countChart(of metrics.Chart, rows []CountRow, running int) *CountChart {
	top := max(float64(slices.Max(of.Counts)), of.High, float64(running), 1)
	at := func(i int, count float64) (int, int) {
		return s.across(chartLeft + i*(chartRight-chartLeft)/len(rows)), countLow - int(count/top*(countLow-countTop))
	}
	c := &CountChart{Limits: of.Limits, Firm: of.Firm, Rows: rows}
	var line, dots, squares strings.Builder
	for i := range rows {
		px, py := at(i, float64(rows[i].Count))
		fmt.Fprintf(&line, "%s%d %d", map[bool]string{true: "M", false: "L"}[i == 0], px, py)
		if rows[i].Odd = of.Signals[i]; rows[i].Odd {
			fmt.Fprintf(&squares, "M%d %dh8v8h-8z", px-4, py-4)
		} else {
			fmt.Fprintf(&dots, "M%d %dh0", px, py)
		}
	}
	c.Line, c.Dots, c.Squares = line.String(), dots.String(), squares.String()
	if running >= 0 {
		px, py := at(len(rows), float64(running))
		c.Running = &ChartPoint{X: px, Y: py}
	}
	for point, value := range map[*ChartPoint]float64{&c.Mean: of.Mean, &c.Low: of.Low, &c.High: of.High} {
		_, point.Y = at(0, value)
		point.Label = s.decimal(value)
	}
	return c
}

// across is a place from the left; where people read from the right, from there.
func (s *pager) across(x int) int {
	if s.words.Direction() == "rtl" {
		return 640 - x
	}
	return x
}

// A StripChart is how long deployments took, each a mark.
type StripChart struct {
	Title, Desc, Caption string
	Dots, Crosses        string      // of those that did not fail, and of those that did
	Median               *ChartPoint // nil where there are too few, as the interval
	Interval             *ChartSpan
	Most                 ChartPoint
	Durations            []DurationRow
}

// A ChartSpan is a part of an axis.
type ChartSpan struct{ X, Width int }

// A DurationRow is a deployment in the table behind a chart.
type DurationRow struct {
	Link   template.HTML
	Took   string
	Failed bool
}

// stripChart draws the newest durations; nil where there are too few.
func (s *pager) stripChart(p Page, l *metrics.Line, about MetricsLine) *StripChart {
	var shown []*metrics.Counted
	for _, one := range slices.Backward(l.Counted) {
		if one.NoTook == metrics.Known && !one.Started.IsZero() && len(shown) < chartDurations {
			shown = append(shown, one)
		}
	}
	if len(shown) < fewPoints {
		return nil
	}
	values := make([]float64, len(shown))
	for i, one := range shown {
		values[i] = one.Took.Seconds()
	}
	slices.Sort(values)
	most := max(values[len(values)-1], 60)
	at := func(seconds float64) int { return s.across(chartLeft + int(seconds/most*(chartRight-chartLeft))) }
	c, w := &StripChart{Title: s.metricName(metrics.Duration)}, s.words
	var dots, crosses strings.Builder
	for i, one := range shown {
		x, y := at(one.Took.Seconds()), stripBase-10-i%5*9
		if one.Failed {
			fmt.Fprintf(&crosses, "M%d %dl6 6m0-6l-6 6", x-3, y-3)
		} else {
			fmt.Fprintf(&dots, "M%d %dh0", x, y)
		}
		c.Durations = append(c.Durations, DurationRow{p.anchor("", s.byID[one.ID].Page(), s.byID[one.ID].Title.Value), w.Duration(one.Took), one.Failed})
	}
	c.Dots, c.Crosses = dots.String(), crosses.String()
	c.Most = ChartPoint{X: at(most), Label: s.seconds(most)}
	c.Caption = w.N("metrics.strip-caption", len(shown))
	if low, high, ok := metrics.MedianInterval(values); ok {
		median := metrics.Median(values)
		c.Median = &ChartPoint{X: at(median), Label: s.seconds(median)}
		c.Caption += " " + w.T("metrics.strip-median", "median", c.Median.Label)
		from, to := at(low), at(high)
		c.Interval = &ChartSpan{min(from, to), max(from-to, to-from)}
		c.Caption += " " + w.T("metrics.strip-interval", "low", s.seconds(low), "high", s.seconds(high))
	}
	c.Desc = w.T("metrics.chart-desc", "line", about.Name, "caption", c.Caption)
	return c
}
