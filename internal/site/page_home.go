package site

import (
	"fmt"
	"html/template"
	"time"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/records"
)

// HomePage says where we stand.
type HomePage struct {
	Page
	Board    Board
	Open     []*Entry // unfinished and running, newest first
	Latest   []*Entry
	Quarter  Quarter
	Calendar Calendar
	Learned  []*Account  // three times, and not in the checklist
	Tips     []*NoteView // of each service's latest deployments
	Due      *DueReview
	Unkept   []DecisionRow
}

// Quarter is this quarter in numbers, each with the address of the records that
// it was counted from.
type Quarter struct {
	Name       string // "Q4 2026"
	Numbers    insights.Numbers
	People     int
	Production int    // of the deployments, by the configuration's list of such environments
	From       string // first day, as the timeline's filter wants it
	To         string // last day
}

// How much the home page shows.
const (
	homeLatest  = 6
	homeOpen    = 6
	homeTips    = 6
	homeLearned = 5
)

func (s *pager) addHome() {
	s.add("", "home", func() framed {
		p := HomePage{Page: s.page("", s.config.Title, "home")}
		for _, e := range s.Entries {
			if e.Status == records.InProgress && !e.IsPast(s.options.Now) && !e.Planned {
				p.Open = append(p.Open, e)
			}
		}
		p.Board = s.homeBoard(p.Page)
		p.Latest = s.latest()
		p.Quarter = s.quarter()
		p.Calendar = s.calendar()
		for _, f := range s.fates() {
			if f.ID == "learned" {
				p.Learned = f.Accounts[:min(homeLearned, len(f.Accounts))]
			}
		}
		p.Tips = s.tips(p.Learned)
		p.Due, p.Unkept = s.dueReview(), p.unkept(s.unkept())
		return p
	})
}

// latest are the newest entries, without those that have ended and not begun: somebody
// mistyped a year.
func (s *pager) latest() (all []*Entry) {
	for _, e := range s.Entries {
		if len(all) < homeLatest && (e.Planned || !e.Started.Time.After(s.today)) {
			all = append(all, e)
		}
	}
	return all
}

// MoreOpen is how many open records the page leaves to the timeline.
func (p HomePage) MoreOpen() int { return max(0, len(p.Open)-homeOpen) }

// FirstOpen are the open records that the page shows.
func (p HomePage) FirstOpen() []*Entry { return p.Open[:min(homeOpen, len(p.Open))] }

func (s *pager) quarter() Quarter {
	_, _, from, to := insights.Quarter(s.today)
	q := Quarter{
		Name: s.words.Date("quarter", from),
		From: from.Format(time.DateOnly), To: to.AddDate(0, 0, -1).Format(time.DateOnly),
	}
	var in []*records.Record
	people := map[*Term]bool{}
	for _, e := range s.Entries {
		if day := e.Started.Time.Format(time.DateOnly); !e.Started.IsZero() && day >= q.From && day <= q.To {
			in = append(in, e.Record)
			if e.isProduction() {
				q.Production++
			}
			for _, t := range e.Terms(facet.Deployer) {
				people[t] = true
			}
		}
	}
	q.Numbers, q.People = insights.Count(in), len(people)
	return q
}

// tips gathers what the latest deployments of each service would tell the next
// one, newest first, each once. What was taken up or dismissed is known, and so is what
// stands above them.
func (s *pager) tips(above []*Account) []*NoteView {
	var out []*NoteView
	taken, said := map[*Term]int{}, map[*Account]bool{}
	for _, a := range above {
		said[a] = true
	}
	for _, n := range s.Notes {
		services := n.Entry.Terms(facet.Service)
		if n.Kind != records.Tips || n.Fate != nil || said[n.Account] || len(services) == 0 || taken[services[0]] >= 2 {
			continue
		}
		said[n.Account] = true
		taken[services[0]]++
		if out = append(out, n); len(out) == homeTips {
			break
		}
	}
	return out
}

// A Calendar shows the last 53 weeks, a square a day.
type Calendar struct {
	Weekdays []CalendarLabel // beside some of the rows
	Weeks    []CalendarWeek
	Months   []CalendarMonth // the table behind the picture
	Total    int
	Width    int // of the picture
}

// CalendarLabel is a word beside the squares.
type CalendarLabel struct {
	X, Y int
	Name string
}

// CalendarWeek is a column of seven days, Monday first.
type CalendarWeek struct {
	X     int
	Label string // the month, where a new one begins
	Days  []CalendarDay
}

// CalendarDay is one square.
type CalendarDay struct {
	Y, Count int
	Mark     string // "failed" or "rolled-back" where something was, else ""
	Day      string // for people
	Date     string // as the filter wants it
	Level    int    // 0 to 4
}

// CalendarMonth is one row of the table.
type CalendarMonth struct {
	Name, From, To string
	began          []*records.Record
}

// Numbers sums the month's deployments up.
func (m CalendarMonth) Numbers() insights.Numbers { return insights.Count(m.began) }

const (
	calendarWeeks = 53
	square        = 13 // pixels from one square to the next
	weekdayWidth  = 30
)

func (s *pager) calendar() Calendar {
	began, mark := map[string][]*records.Record{}, map[string]string{}
	for _, e := range s.Entries {
		if e.Started.IsZero() {
			continue
		}
		day := e.Started.Time.Format(time.DateOnly)
		began[day] = append(began[day], e.Record)
		if (e.Status == records.Failed || e.Status == records.RolledBack) && mark[day] != string(records.Failed) {
			mark[day] = string(e.Status)
		}
	}
	noon := time.Date(s.today.Year(), s.today.Month(), s.today.Day(), 12, 0, 0, 0, time.UTC)
	monday := noon.AddDate(0, 0, -(int(noon.Weekday())+6)%7)
	c := Calendar{Width: calendarWeeks*square + weekdayWidth}
	rtl := s.words.Direction() == "rtl" // time runs as the words do
	for _, row := range []int{0, 2, 4} {
		label := CalendarLabel{Y: 16 + row*square + 9, Name: s.words.Names("dates.weekdays-short")[row]}
		if rtl {
			label.X = c.Width
		}
		c.Weekdays = append(c.Weekdays, label)
	}
	month := ""
	for w := range calendarWeeks {
		week := CalendarWeek{X: w*square + weekdayWidth}
		if rtl {
			week.X = (calendarWeeks - 1 - w) * square
		}
		for d := range 7 {
			t := monday.AddDate(0, 0, (w-calendarWeeks+1)*7+d)
			if t.After(noon) {
				break
			}
			day := t.Format(time.DateOnly)
			if m := t.Format("2006-01"); m != month {
				month = m
				if w > 0 && w < calendarWeeks-1 { // the first month, and one in the last column, have no room for a name
					week.Label = s.words.Date("label", t)
				}
				first := time.Date(t.Year(), t.Month(), 1, 12, 0, 0, 0, time.UTC)
				c.Months = append(c.Months, CalendarMonth{Name: s.words.Date("month", t), From: day, To: first.AddDate(0, 1, -1).Format(time.DateOnly)})
			}
			n := len(began[day])
			last := &c.Months[len(c.Months)-1]
			last.began = append(last.began, began[day]...)
			c.Total += n
			week.Days = append(week.Days, CalendarDay{Y: d * square, Count: n, Mark: mark[day], Day: s.words.Date("calendar", t), Date: day, Level: min(n, 4)})
		}
		c.Weeks = append(c.Weeks, week)
	}
	return c
}

// DayLink leads to the deployments of a day, "" where there are none.
func (p HomePage) DayLink(d CalendarDay) template.URL {
	if d.Count == 0 {
		return ""
	}
	return p.Listing(nil, "", d.Date, d.Date)
}

// Name is a link to a record by what was deployed.
func (p HomePage) Name(e *Entry) template.HTML { return p.recordName(e) }

// Begun is when a deployment began.
func (p HomePage) Begun(e *Entry) When { return p.when(e.Started) }

// Class is the square's class: how many, and whether something went wrong.
func (d CalendarDay) Class() string {
	if d.Mark != "" {
		return "bad"
	}
	return fmt.Sprintf("n%d", d.Level)
}
