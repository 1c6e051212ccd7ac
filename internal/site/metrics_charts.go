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
	weeklyTop, weeklyLow  = 14, 116
	stripBase             = 64
)

// How much a chart shows.
const (
	chartWeeks     = 53
	chartDurations = 60
	fewPoints      = 2 // below that there is nothing to see
)

// A WeeklyChart is the deployments of each week, with the limits of what is usual.
type WeeklyChart struct {
	Title, Desc, Caption string
	Line                 string // paths
	Dots, Squares        string // of usual weeks, and of others
	Running              *ChartPoint
	Limits, Firm         bool
	Mean, Low, High      ChartPoint // of lines: where, and what they say
	From, To             string
	Weeks                []WeekRow
}

// A ChartPoint is a place with a label.
type ChartPoint struct {
	X, Y  int
	Label string
}

// A WeekRow is a week in the table behind a chart.
type WeekRow struct {
	Name  string
	Count int
	Odd   bool
}

// weeklyChart draws the whole weeks, the newest, and the running one beside; nil where
// there are too few.
func (s *pager) weeklyChart(l *metrics.Line, about MetricsLine) *WeeklyChart {
	weeks := l.Weekly()
	var running *metrics.Row
	if n := len(weeks); n > 0 && weeks[n-1].Span.To.After(s.today) {
		running, weeks = &weeks[n-1], weeks[:n-1]
	}
	if len(weeks) < fewPoints || len(l.Counted) < fewPoints {
		return nil
	}
	weeks = weeks[max(0, len(weeks)-chartWeeks):]
	counts := make([]int, len(weeks))
	for i, w := range weeks {
		counts[i] = w.K
	}
	x, w := metrics.XmROf(counts), s.words
	top := max(float64(slices.Max(counts)), x.High, 1)
	if running != nil {
		top = max(top, float64(running.K))
	}
	at := func(i int, count float64) (int, int) {
		return s.across(chartLeft + i*(chartRight-chartLeft)/len(weeks)), weeklyLow - int(count/top*(weeklyLow-weeklyTop))
	}
	c := &WeeklyChart{Title: w.T("metrics.weekly"), Limits: x.Limits, Firm: x.Firm,
		From: w.Day(weeks[0].Span.From), To: w.Day(weeks[len(weeks)-1].Span.To.AddDate(0, 0, -1))}
	var line, dots, squares strings.Builder
	odd := 0
	for i, week := range weeks {
		px, py := at(i, float64(week.K))
		fmt.Fprintf(&line, "%s%d %d", map[bool]string{true: "M", false: "L"}[i == 0], px, py)
		if x.Signals[i] {
			odd++
			fmt.Fprintf(&squares, "M%d %dh8v8h-8z", px-4, py-4)
		} else {
			fmt.Fprintf(&dots, "M%d %dh0", px, py)
		}
		c.Weeks = append(c.Weeks, WeekRow{w.Day(week.Span.From), week.K, x.Signals[i]})
	}
	c.Line, c.Dots, c.Squares = line.String(), dots.String(), squares.String()
	if running != nil {
		px, py := at(len(weeks), float64(running.K))
		c.Running = &ChartPoint{X: px, Y: py}
	}
	for point, value := range map[*ChartPoint]float64{&c.Mean: x.Mean, &c.Low: x.Low, &c.High: x.High} {
		_, point.Y = at(0, value)
		point.Label = s.decimal(value)
	}
	c.Caption = s.weeklyCaption(x, c, odd)
	c.Desc = w.T("metrics.chart-desc", "line", about.Name, "caption", c.Caption)
	return c
}

// across is a place from the left; where people read from the right, from there.
func (s *pager) across(x int) int {
	if s.words.Direction() == "rtl" {
		return 640 - x
	}
	return x
}

func (s *pager) weeklyCaption(x metrics.XmR, c *WeeklyChart, odd int) string {
	w := s.words
	said := []string{w.T("metrics.weekly-caption", "from", c.From, "to", c.To, "mean", s.decimal(x.Mean))}
	switch {
	case x.Rare:
		said = append(said, w.T("metrics.rare"))
	case !x.Limits:
		said = append(said, w.T("metrics.no-limits"))
	case !x.Firm:
		said = append(said, w.T("metrics.limits", "low", s.decimal(x.Low), "high", s.decimal(x.High)), w.T("metrics.on-trial"))
	default:
		said = append(said, w.T("metrics.limits", "low", s.decimal(x.Low), "high", s.decimal(x.High)))
	}
	if odd > 0 {
		said = append(said, w.N("metrics.odd-weeks", odd))
	}
	return strings.Join(said, " ")
}

// A StripChart is how long deployments took, each a mark.
type StripChart struct {
	Title, Desc, Caption string
	Dots, Crosses        string // of those that did not fail, and of those that did
	Median               ChartPoint
	Interval             *ChartSpan // nil where there are too few
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
	median := metrics.Median(values)
	c.Median, c.Most = ChartPoint{X: at(median), Label: s.seconds(median)}, ChartPoint{X: at(most), Label: s.seconds(most)}
	c.Caption = w.N("metrics.strip-caption", len(shown), "median", c.Median.Label)
	if low, high, ok := metrics.MedianInterval(values); ok {
		from, to := at(low), at(high)
		c.Interval = &ChartSpan{min(from, to), max(from-to, to-from)}
		c.Caption += " " + w.T("metrics.strip-interval", "low", s.seconds(low), "high", s.seconds(high))
	}
	c.Desc = w.T("metrics.chart-desc", "line", about.Name, "caption", c.Caption)
	return c
}
