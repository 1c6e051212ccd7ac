package site

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/steplog"
	"github.com/deploysite/deploysite/internal/text"
)

// The grid is 640 wide. The newest record is beside the names of the steps.
const (
	gridNames  = 446 // where they begin
	gridColumn = 8.6
	gridRow    = 16
	gridTop    = 22
	gridRows   = 60 // how many steps it shows
	gridLetter = 6.2
	gridDay    = 100 // how wide a day may be above the marks
)

// A StepGrid is the latest records by the steps of the checklist.
type StepGrid struct {
	Title, Desc, Caption string
	Left, Width          int // what is seen of it: no place is kept for records that there are not
	Height, Bottom       int
	Marks                []GridMarks
	Names                []ChartPoint
	Sections             string // lines between sections
	From, To             ChartPoint
	Rows                 []GridRecord
	More                 int // steps of the page's table that it does not show
}

// GridMarks are all marks of one state: a path.
type GridMarks struct {
	State records.State
	Path  string
}

// A GridRecord is a record in the table behind the grid.
type GridRecord struct {
	Link, Day template.HTML
	Done      string
	NotDone   []string // by state: failed, skipped, open
}

// gridStates are the states in the columns of the table.
var gridStates = []records.State{records.StepFailed, records.Skipped, records.Pending}

// stepGrid draws the latest records; nil where there is none. The page's table has room
// for so many steps.
func (s *pager) stepGrid(p Page, h *steplog.History, room int) *StepGrid {
	lines := gridLines(h)
	if len(h.Columns) == 0 || len(lines) == 0 {
		return nil
	}
	w := s.words
	shown := lines[:min(gridRows, len(lines))]
	g := &StepGrid{Title: w.N("steps.grid", len(h.Columns)), More: max(0, min(room, len(lines))-len(shown)), Bottom: gridTop + len(shown)*gridRow}
	g.Height = g.Bottom + 8
	g.Caption = w.T("steps.grid-caption")
	g.Desc = w.T("steps.grid-desc", "steps", w.N("steps.steps", len(shown)), "records", w.N("counts.deployments", len(h.Columns)))
	g.drawNames(s, shown)
	g.drawMarks(s, h, shown)
	left, right := s.gridAt(h, len(h.Columns)-1), s.gridAt(h, 0)
	seen := max(0, min(gridNames-10-int(float64(len(h.Columns))*gridColumn), gridNames-gridDay))
	if g.Width = 640 - seen; s.across(0) == 0 {
		g.Left = seen
	}
	g.From = ChartPoint{X: left, Y: 10, Label: s.dayOf(h.Columns[len(h.Columns)-1].Record)}
	g.To = ChartPoint{X: right, Y: 10, Label: s.dayOf(h.Columns[0].Record)}
	if len(h.Columns) < 20 { // both would not fit
		g.From.Label = ""
	}
	for _, c := range h.Columns {
		g.Rows = append(g.Rows, s.gridRecord(p, c, lines))
	}
	return g
}

// gridLines are the steps of the checklist, or all where there is none.
func gridLines(h *steplog.History) (lines []*steplog.Line) {
	for _, l := range h.Lines {
		if l.Standing != steplog.Gone {
			lines = append(lines, l)
		}
	}
	return lines
}

// gridAt is the middle of a column; the newest, 0, is at the names.
func (s *pager) gridAt(h *steplog.History, column int) int {
	return s.across(gridNames - 10 - int(float64(column)*gridColumn))
}

func (g *StepGrid) drawNames(s *pager, lines []*steplog.Line) {
	var between strings.Builder
	for i, l := range lines {
		y := gridTop + i*gridRow
		g.Names = append(g.Names, ChartPoint{X: s.across(gridNames), Y: y + gridRow/2, Label: fitting(l.Label, 640-gridNames)})
		if i > 0 && l.Section != lines[i-1].Section {
			fmt.Fprintf(&between, "M2 %dh636", y)
		}
	}
	g.Sections = between.String()
}

// fitting is a label that is no wider than some pixels. Letters of East Asia are twice
// as wide as others.
func fitting(label string, width int) string {
	room := float64(width)
	for i, r := range []rune(label) {
		if room -= gridLetter; r >= 0x1100 {
			room -= gridLetter
		}
		if room < 0 {
			return text.Cut(label, i)
		}
	}
	return label
}

func (g *StepGrid) drawMarks(s *pager, h *steplog.History, lines []*steplog.Line) {
	paths := map[records.State]*strings.Builder{}
	for _, state := range records.States {
		paths[state] = &strings.Builder{}
	}
	for column, c := range h.Columns {
		for i, l := range lines {
			if state, ok := c.State(l); ok {
				fmt.Fprintf(paths[state], gridShapes[state], s.gridAt(h, column), gridTop+i*gridRow+gridRow/2)
			}
		}
	}
	for _, state := range records.States {
		if path := paths[state].String(); path != "" {
			g.Marks = append(g.Marks, GridMarks{state, path})
		}
	}
}

// gridShapes are the marks of the states, which differ without their colours: a dot,
// a filled square, a lozenge, a dash and a ring.
var gridShapes = map[records.State]string{
	records.Done:        "M%d %dh0",
	records.StepFailed:  "M%d %dm-3-3h6v6h-6z",
	records.StepRunning: "M%d %dm-3.5 0l3.5-3.5 3.5 3.5-3.5 3.5z",
	records.Skipped:     "M%d %dm-3 0h6",
	records.Pending:     "M%d %dm-2.5 0a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0",
}

// gridRecord says in words what a column shows.
func (s *pager) gridRecord(p Page, c steplog.Column, lines []*steplog.Line) GridRecord {
	e, w := s.byID[c.ID], s.words
	labels, all := map[records.State][]string{}, 0
	for _, l := range lines {
		if state, ok := c.State(l); ok {
			labels[state] = append(labels[state], l.Label)
			all++
		}
	}
	row := GridRecord{Link: p.anchor("", e.Page(), e.Title.Value), Day: template.HTML(template.HTMLEscapeString(s.dayOf(c.Record))),
		Done: w.T("metrics.of", "k", len(labels[records.Done]), "n", all)}
	for _, state := range gridStates {
		row.NotDone = append(row.NotDone, w.Join(labels[state]))
	}
	return row
}

// dayOf is the day of a record, or its ID where that is unknown.
func (s *pager) dayOf(r *records.Record) string {
	if r.Started.IsZero() {
		return r.ID
	}
	return s.words.Day(r.Started.Time)
}
