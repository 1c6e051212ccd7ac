package metrics

import (
	"cmp"
	"slices"
	"time"

	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// A Row is one number of a line in a period.
type Row struct {
	Metric      Metric         `json:"metric"`
	Service     *string        `json:"service"`     // null in a total
	Environment *string        `json:"environment"` // null is unknown
	Period      string         `json:"period"`
	K           int            `json:"k"`
	N           int            `json:"n"`
	Value       *float64       `json:"value"` // null where nothing can be said
	Low         *float64       `json:"low"`   // of the interval, null where there is none
	High        *float64       `json:"high"`
	Unknown     map[Reason]int `json:"unknown"`
	Records     []string       `json:"records"` // IDs, oldest first

	Values []float64 `json:"-"` // those that a median is of, in order
	AtMost int       `json:"-"` // how many of them are an upper bound
	Span   Period    `json:"-"`
}

// Few is how many values are too few for a rate or an interval.
const Few = insights.Few

// Rows sums a line up by periods, oldest first, and within each in the order of [Metrics].
// A period without deployments has a row for the frequency, which is 0 there, from
// the first deployment on, but see [emptyYears].
func (l *Line) Rows(kind Kind) (rows []Row) {
	for _, p := range l.cut(kind) {
		for _, m := range Metrics {
			if row := l.sum(m, p); l.isShown(row) {
				rows = append(rows, row)
			}
		}
	}
	return rows
}

func (l *Line) isShown(r Row) bool {
	if l.Environment == "" {
		return r.Metric == Frequency && len(r.Unknown) > 0
	}
	return r.Metric == Frequency || r.N > 0 || len(r.Unknown) > 0
}

// A part is the deployments of a line in one period.
type part struct {
	Period
	counted []*Counted
}

// cut cuts a line into periods, to the one that is running.
func (l *Line) cut(kind Kind) (parts []part) {
	for _, one := range l.Counted {
		undated := one.Started.IsZero()
		if undated && kind != All || !undated && !l.opt.within(one.Started.Time) {
			continue
		}
		if kind != All && one.Started.Time.After(l.opt.Now) {
			continue // a date in the year 9999 would make as many periods as there are until then
		}
		parts = l.upTo(parts, kind, l.opt.at(kind, one.Started.Time))
		at := &parts[len(parts)-1]
		at.counted = append(at.counted, one)
	}
	if len(parts) > 0 {
		parts = l.upTo(parts, kind, l.opt.at(kind, l.lastDay()))
	}
	return parts
}

// In are the deployments that began in a time, oldest first.
func (l *Line) In(from, to time.Time) []*Counted {
	return slices.DeleteFunc(slices.Clone(l.Counted), func(one *Counted) bool {
		return one.Started.IsZero() || one.Started.Time.Before(from) || !one.Started.Time.Before(to)
	})
}

// emptyYears is how much of a time without deployments is cut into periods, the end of it.
// A slip of the pen in a date, or a clock that is set wrongly, makes thousands of years.
const emptyYears = 10

// upTo adds the periods that follow, to one that has a deployment or is running.
func (l *Line) upTo(parts []part, kind Kind, to Period) []part {
	if len(parts) == 0 {
		return []part{{Period: to}}
	}
	next := parts[len(parts)-1].To
	if late := to.From.AddDate(-emptyYears, 0, 0); next.Before(late) {
		next = late
	}
	for next.Before(to.To) {
		p := l.opt.at(kind, next)
		parts = append(parts, part{Period: p})
		next = p.To
	}
	return parts
}

// lastDay is the last day that has come and is asked for.
func (l *Line) lastDay() time.Time {
	if u := l.opt.Until; !u.IsZero() && u.Before(l.opt.Now) {
		return u.AddDate(0, 0, -1)
	}
	return l.opt.Now
}

// first is when the first deployment of the line began.
func (l *Line) first() (at time.Time) {
	for _, one := range l.Counted {
		if at = one.Started.Time; !at.IsZero() {
			return at
		}
	}
	return l.opt.Now
}

// Weekly has the frequency of each week, to the one that is running.
func (l *Line) Weekly() (rows []Row) {
	for _, p := range l.cut(Weeks) {
		rows = append(rows, l.sum(Frequency, p))
	}
	return rows
}

// A Run is deployments in a row that did not fail.
type Run struct {
	Count int
	Ended *Counted // the failure after it, nil while it lasts
}

// Runs are the deployments between one failure and the next, oldest first, and those
// since the last. How many there were before the first failure nobody knows: the records
// may begin in between. What counts is what the change fail rate counts.
func (l *Line) Runs() (runs []Run) {
	for _, one := range l.Counted {
		if one.Rollback || one.Outcome != Known || one.Started.IsZero() {
			continue
		}
		last := len(runs) - 1
		if one.Failed {
			if last >= 0 {
				runs[last].Ended = one
			}
			runs = append(runs, Run{})
		} else if last >= 0 {
			runs[last].Count++
		}
	}
	return runs
}

// Gap is the median time from one success to the next, in seconds; ok is false where
// there are fewer than [Few], and where it is less than a day between successes whose
// hours nobody wrote.
func (l *Line) Gap() (seconds float64, ok bool) {
	type gap struct {
		seconds float64
		days    bool // nothing finer is known
	}
	const day = 24 * time.Hour
	var gaps []gap
	var before records.Moment
	for _, one := range l.Counted {
		if !one.isFrequent() || !l.opt.within(one.Started.Time) {
			continue
		}
		if !before.IsZero() {
			g := gap{days: one.Started.DateOnly || before.DateOnly}
			if g.days {
				g.seconds = dateOf(one.Started).Sub(dateOf(before)).Seconds()
			} else {
				g.seconds = one.Started.Time.Sub(before.Time).Seconds()
			}
			gaps = append(gaps, g)
		}
		before = one.Started
	}
	if len(gaps) < Few {
		return 0, false
	}
	slices.SortFunc(gaps, func(a, b gap) int { return cmp.Compare(a.seconds, b.seconds) })
	all := make([]float64, len(gaps))
	for i, g := range gaps {
		all[i] = g.seconds
	}
	middle := gaps[(len(gaps)-1)/2 : len(gaps)/2+1]
	seconds = Median(all)
	return seconds, seconds >= day.Seconds() || !slices.ContainsFunc(middle, func(g gap) bool { return g.days })
}

// dateOf is a moment's day, where it was.
func dateOf(m records.Moment) time.Time {
	year, month, day := m.Time.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// isFrequent reports whether a deployment counts in the frequency.
func (one *Counted) isFrequent() bool {
	return succeeded(one.Deployment) && !one.Rollback && !one.Started.IsZero()
}

// sum is one number of one part of a line.
func (l *Line) sum(m Metric, p part) Row {
	row := Row{Metric: m, Service: text.OrNull(l.Service), Environment: text.OrNull(l.Environment), Period: p.Name,
		Unknown: map[Reason]int{}, Records: []string{}, Span: p.Period}
	for _, one := range p.counted {
		switch {
		case l.Environment == "":
			row.Unknown[NoEnvironment]++
			row.Records = append(row.Records, one.ID)
		case one.Started.IsZero():
			row.Unknown[NoDate]++
		default:
			row.add(one)
		}
	}
	row.finish(l, p)
	return row
}

// add counts a deployment.
func (r *Row) add(one *Counted) {
	switch r.Metric {
	case Frequency:
		if one.Outcome != Known {
			r.Unknown[one.Outcome]++
		} else if one.isFrequent() {
			r.count(one, true)
		}
	case FailRate:
		if !one.Rollback {
			r.rate(one, one.Outcome, one.Failed)
		}
	case Rework:
		why := one.Outcome
		if why == Known {
			why = one.Rework
		}
		r.rate(one, why, one.Reworks)
	case Recovery:
		if one.Failed && !one.Rollback {
			r.value(one, one.Lost, one.Recovery)
			if one.Lost == Known && one.AtMost {
				r.AtMost++
			}
		}
	case LeadTime:
		if one.NoLead != notApplicable {
			r.value(one, one.NoLead, one.Leads...)
		}
	case Duration:
		r.value(one, one.NoTook, one.Took)
	}
}

func (r *Row) count(one *Counted, in bool) {
	r.Records = append(r.Records, one.ID)
	if in {
		r.K++
	}
}

func (r *Row) rate(one *Counted, why Reason, in bool) {
	if why != Known {
		r.Unknown[why]++
		return
	}
	r.N++
	r.count(one, in)
}

func (r *Row) value(one *Counted, why Reason, values ...time.Duration) {
	r.N++
	if why != Known {
		r.Unknown[why]++
		return
	}
	r.count(one, true)
	for _, v := range values {
		r.Values = append(r.Values, v.Seconds())
	}
}

// finish makes value and interval of what was counted.
func (r *Row) finish(l *Line, p part) {
	switch r.Metric {
	case Frequency:
		r.N = l.opt.daysOf(p.Period, l.first())
		nothing := len(r.Unknown) > 0 && !slices.ContainsFunc(p.counted, func(one *Counted) bool { return one.Outcome == Known && !one.Started.IsZero() })
		if r.N > 0 && l.Environment != "" && !nothing { // of which no outcome is known there may have been any number of successes
			r.Value = new(float64(r.K) * 7 / float64(r.N))
		}
	case FailRate, Rework:
		if r.N > 0 {
			r.Value = new(float64(r.K) / float64(r.N))
		}
		if r.N >= Few {
			low, high := Wilson(r.K, r.N)
			r.Low, r.High = &low, &high
		}
	default:
		slices.Sort(r.Values)
		if len(r.Values) > 0 {
			r.Value = new(Median(r.Values))
		}
		if low, high, ok := MedianInterval(r.Values); ok {
			r.Low, r.High = &low, &high
		}
	}
}

// TooFew reports whether a row shows its cases in place of a rate or a median.
func (r Row) TooFew() bool {
	switch r.Metric {
	case Frequency:
		return r.N < 7 // a day with three is no 21 a week
	case FailRate, Rework:
		return r.N < Few
	}
	return len(r.Values) < Few
}

// Unknowns is how many are not in the number.
func (r Row) Unknowns() (n int) {
	for _, count := range r.Unknown {
		n += count
	}
	return n
}

// Bounds are between which a rate would lie, however those ended of which it is unknown.
func (r Row) Bounds() (low, high float64) {
	all := r.N + r.Unknown[UnderWay] + r.Unknown[NoOutcome]
	if all == 0 {
		return 0, 1
	}
	return float64(r.K) / float64(all), float64(r.K+all-r.N) / float64(all)
}
