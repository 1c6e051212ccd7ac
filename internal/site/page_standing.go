package site

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"html/template"
	"iter"
	"maps"
	"math"
	"path"
	"regexp"
	"slices"
	"time"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// A Board is a table of what runs: a row for each service, a column for each
// environment.
type Board struct {
	Page         Page
	Caption      string
	Environments []template.HTML
	Rows         []BoardRow
	More         int // rows and columns that another page shows
}

// BoardRow is what runs of one service.
type BoardRow struct {
	Service template.HTML
	Cells   []BoardCell
}

// BoardCell is how one service stands in one environment.
type BoardCell struct {
	Number    int           // of the line, for the script that shows another day; from 1
	Column    string        // the environment, for narrow screens
	Empty     bool          // nothing has begun
	Runs      template.HTML // a link to the record whose version runs; "" where that is unknown or nothing runs
	Unknown   bool          // nobody can tell what runs
	Since     string        // the day since which that is so, "" where nothing runs
	Stamp     string        // the same in RFC 3339
	By        []template.HTML
	Why       template.HTML // the rollback to what runs, or the record after which nobody can tell
	Partial   string        // "✓ 24 of 26", where steps of what runs are not done
	Behind    string        // the environment where something newer runs
	Latest    *Entry        // the newest that ended, where that is not what runs
	LatestAt  string        // its page
	Back      template.HTML // what to go back to
	UnderWay  []BoardWay    // the newest first
	MoreWays  int           // that are under way as well
	History   template.URL  // all deployments of the pair; "" if no page lists them
	environ   *Term
	running   *Entry
	effective time.Time
}

// BoardWay is a deployment that is under way.
type BoardWay struct {
	Record template.HTML // a link to it
	Step   string        // where it is
	Begun  When
	Left   bool // it was unfinished then
}

// StandingPage is what ran at the end of a quarter, or what runs now.
type StandingPage struct {
	Page
	AsOf     string // when that was
	Board    []Board
	Quarters []Quarterly
}

// Environment is the facet of the list that the page belongs to.
func (StandingPage) Environment() *facet.Facet { return facet.Environment }

// Quarterly is a quarter with a page of its own.
type Quarterly struct {
	Name, Page string
	Current    bool
	from, to   time.Time // first day, and the first day after it
}

// How much of the board a page shows.
const (
	homeServices     = 12
	homeEnvironments = 4
	boardColumns     = 8
	boardCells       = 240
	cellWays         = 5 // deployments under way
)

// fit limits the cells of a page, so that those of all quarters have room. The page of
// each quarter has them all, and its script has a cell again on each day on which it
// changed.
func (st *standings) fit(room, quarters int) {
	cost := func() (n int) {
		for services, environments := range st.parts() {
			for _, service := range services {
				for _, environment := range environments {
					if course, has := st.courses[line{service: service, environment: environment}]; has {
						n += (quarters + len(course.Changes())) * cellBytes
					} else {
						n += quarters * emptyBytes
					}
				}
			}
		}
		return n
	}
	for st.cells = boardCells; st.cells > boardColumns && cost() > room; {
		st.cells /= 2
	}
}

// quarterFolder is how the page of a quarter is called below environments/. No
// environment gets such a slug.
var quarterFolder = regexp.MustCompile(`^\d{4}-q[1-4]$`)

// A standings follows every line of the history.
type standings struct {
	courses      map[line]insights.Course
	entries      map[*records.Record]*Entry
	services     []*Term // nil for records that name none
	environments []*Term // production first; nil for records that name none
	cells        int     // that a page shows
	columns      int     // at most, on the page of a service
	rows         int     // at most, on the page of an environment
}

func (s *pager) follow() *standings {
	all := &standings{entries: s.entriesByRecord()}
	undoes := func(r *records.Record) *records.Record {
		if undone := all.entries[r].Undoes; undone != nil {
			return undone.Record
		}
		return nil
	}
	// Records of all sources that name no service share a row.
	lines := func(r *records.Record) []line {
		found := all.entries[r].lines()
		for i := range found {
			found[i].source = nil
		}
		return found
	}
	all.courses = insights.Courses(s.history(), lines, undoes)
	services, environments := map[*Term]bool{}, map[*Term]bool{}
	for l := range all.courses {
		services[l.service], environments[l.environment] = true, true
	}
	all.services = s.boardTerms(facet.Service, services)
	all.environments = s.boardTerms(facet.Environment, environments)
	slices.SortStableFunc(all.environments, func(a, b *Term) int { return cmp.Compare(s.boardPlace(a), s.boardPlace(b)) })
	room := s.room(cellBytes)
	all.fit(s.room(1), len(s.quarters()))
	all.columns = share(lengths(paged(s.Terms[facet.Service]), func(*Term) int { return min(boardColumns, len(all.environments)) }), room)
	all.rows = share(lengths(paged(s.Terms[facet.Environment]), func(t *Term) int { return min(boardCells/2, len(all.in(t))) }), room)
	return all
}

// boardTerms are the terms of a facet that lines have, in the order of all terms, and
// nil at last where some have none.
func (s *pager) boardTerms(f *facet.Facet, has map[*Term]bool) (terms []*Term) {
	for _, t := range s.Terms[f] {
		if has[t] {
			terms = append(terms, t)
		}
	}
	if has[nil] {
		terms = append(terms, nil)
	}
	return terms
}

func (s *pager) boardPlace(t *Term) int {
	switch {
	case t == nil:
		return 2
	case s.config.IsProduction(t.Name):
		return 0
	}
	return 1
}

// board makes the table of some services and environments at a moment, seen from a page.
func (s *pager) board(p Page, services, environments []*Term, at time.Time) Board {
	b := Board{Page: p}
	for _, t := range environments {
		b.Environments = append(b.Environments, s.boardName(p, t))
	}
	for _, service := range services {
		row, used := BoardRow{Service: s.boardName(p, service)}, false
		for _, environment := range environments {
			cell := s.cell(p, line{service: service, environment: environment}, at)
			used = used || !cell.Empty
			row.Cells = append(row.Cells, cell)
		}
		if used {
			markBehind(row.Cells)
			b.Rows = append(b.Rows, row)
		}
	}
	return b
}

// boards cuts the whole table into tables that fit a page's width, up to a number of cells.
func (s *pager) boards(p Page, at time.Time) (all []Board) {
	for services, environments := range s.standings().parts() {
		if b := s.board(p, services, environments, at); len(b.Rows) > 0 {
			b.Caption = s.words.T("standing.caption")
			b.More = len(s.standings().services) - len(services)
			all = append(all, b)
		}
	}
	return all
}

// parts are the services and environments of each table on the page of environments.
func (st *standings) parts() iter.Seq2[[]*Term, []*Term] {
	return func(yield func(services, environments []*Term) bool) {
		left := st.cells
		for environments := range slices.Chunk(st.environments, boardColumns) {
			rows := min(len(st.services), left/len(environments))
			left -= rows * len(environments)
			if rows == 0 || !yield(st.services[:rows], environments) {
				return
			}
		}
	}
}

// homeBoard is the table of the services that were deployed last.
func (s *pager) homeBoard(p Page) Board {
	st := s.standings()
	services := slices.Clone(st.services)
	if len(services) > homeServices {
		newest := func(t *Term) int {
			if t == nil || len(t.Entries) == 0 {
				return len(s.Entries)
			}
			at, _ := slices.BinarySearchFunc(s.Entries, t.Entries[0], newestFirst)
			return at
		}
		slices.SortStableFunc(services, func(a, b *Term) int { return cmp.Compare(newest(a), newest(b)) })
		services = services[:homeServices]
		slices.SortStableFunc(services, byPlace)
	}
	environments := st.environments[:min(homeEnvironments, len(st.environments))]
	b := s.board(p, services, environments, s.options.Now)
	b.Caption = s.words.T("standing.caption")
	b.More = len(st.services) - len(services) + len(st.environments) - len(environments)
	return b
}

func byPlace(a, b *Term) int {
	place := func(t *Term) int {
		if t == nil {
			return math.MaxInt
		}
		return t.place
	}
	return cmp.Compare(place(a), place(b))
}

// termBoard is the row of a service, or the column of an environment.
func (s *pager) termBoard(p Page, t *Term) (b Board) {
	st := s.standings()
	switch t.Facet {
	case facet.Service:
		b = s.board(p, []*Term{t}, st.environments[:min(boardColumns, st.columns, len(st.environments))], s.options.Now)
	case facet.Environment:
		services := st.in(t)
		b = s.board(p, services[:min(boardCells/2, st.rows, len(services))], []*Term{t}, s.options.Now)
	}
	b.Caption = s.words.T("standing.caption")
	return b
}

// in are the services that were ever deployed to an environment.
func (st *standings) in(environment *Term) (services []*Term) {
	for _, service := range st.services {
		if _, has := st.courses[line{service: service, environment: environment}]; has {
			services = append(services, service)
		}
	}
	return services
}

func (s *pager) boardName(p Page, t *Term) template.HTML {
	if t == nil {
		return template.HTML(`<span class="none">` + template.HTMLEscapeString(s.words.T("standing.unnamed")) + `</span>`)
	}
	return link("", p.TermLink(t), t.Name)
}

// cell is how a line stood at a moment.
func (s *pager) cell(p Page, l line, at time.Time) BoardCell {
	st := s.standings()
	now := st.courses[l].At(at)
	c := BoardCell{environ: l.environment, Number: st.number(l)}
	if c.Column = s.words.T("standing.unnamed"); l.environment != nil {
		c.Column = l.environment.Name
	}
	if now == (insights.Standing{}) {
		c.Empty = true
		return c
	}
	entry := func(r *records.Record) *Entry { return st.entries[r] }
	link := func(r *records.Record) template.HTML {
		if r == nil {
			return ""
		}
		e := entry(r)
		if e.Version.IsZero() {
			return p.anchor("no-version", e.Page(), text.Cut(cmp.Or(e.Adds(), e.Title.Value), 32))
		}
		return p.anchor("version", e.Page(), text.Cut(e.Version.Value, 32))
	}
	c.Runs, c.Back, c.Unknown = link(now.Running), link(now.GoBackTo), now.Running == nil && now.By != nil
	c.running = entry(now.Running)
	if now.By != nil {
		by := entry(now.By)
		c.effective = insights.Effect(now.By).Time
		c.Since, c.Stamp = s.words.Day(c.effective.In(s.config.Location)), c.effective.Format(time.RFC3339)
		c.By = p.fewTerms("quiet", by.Terms(facet.Deployer))
		if now.By != now.Running {
			c.Why = p.anchor("", by.Page(), text.Cut(by.Title.Value, 80))
		}
	}
	if e := c.running; e != nil && e.IsPartial() {
		c.Partial = e.DoneSteps()
	}
	if now.Latest != nil && now.Latest != now.Running && now.Latest != now.By {
		c.Latest = entry(now.Latest)
		c.LatestAt = p.Link(c.Latest.Page())
	}
	open := st.courses[l].UnderWay(at)
	c.MoreWays = max(0, len(open)-cellWays)
	for _, r := range open[:len(open)-c.MoreWays] {
		way := BoardWay{Record: link(r), Begun: p.when(r.Started), Left: insights.Unfinished(r, at)}
		if e := entry(r); e.at >= 0 && e.atLabel != "" {
			way.Step = s.words.T("standing.step", "number", e.at+1, "all", e.AllSteps(), "step", text.Cut(e.atLabel, 80))
		}
		c.UnderWay = append(c.UnderWay, way)
	}
	var terms []*Term
	for _, t := range []*Term{l.service, l.environment} {
		if t != nil {
			terms = append(terms, t)
		}
	}
	c.History = p.listing(terms, "", "", "")
	return c
}

// markBehind marks production where something newer runs in another environment.
func markBehind(cells []BoardCell) {
	for i := range cells {
		c := &cells[i]
		if c.running == nil || c.environ == nil || !c.running.source.config.IsProduction(c.environ.Name) {
			continue
		}
		for _, other := range cells {
			newer := other.running != nil && other.environ != nil && other.environ != c.environ && other.effective.After(c.effective)
			if newer && other.running.Version.Value != c.running.Version.Value && !other.running.Version.IsZero() {
				c.Behind = other.environ.Name
			}
		}
	}
}

// number is a line's place among all, from 1.
func (st *standings) number(l line) int {
	return slices.Index(st.services, l.service)*len(st.environments) + slices.Index(st.environments, l.environment) + 1
}

// beside are the quarters that the page of one leads to.
func beside(quarters []Quarterly, at int) []Quarterly {
	all := slices.Clone(quarters)
	all[at].Current = true
	return nearest(all, at)
}

// Code is the name of its folder: "2024-q3".
func (q Quarterly) Code() string { return path.Base(q.Page) }

// quarters are those in which something changed, and the current one, the newest first.
func (s *pager) quarters() (all []Quarterly) {
	changed := map[time.Time]bool{}
	for _, e := range s.Entries {
		for _, at := range e.changes() {
			if !at.After(s.options.Now) {
				_, _, from, _ := insights.Quarter(at.In(s.config.Location))
				changed[from] = true
			}
		}
	}
	_, _, now, _ := insights.Quarter(s.options.Now.In(s.config.Location))
	changed[now] = true
	for _, from := range slices.SortedFunc(maps.Keys(changed), func(a, b time.Time) int { return b.Compare(a) }) {
		year, number, _, to := insights.Quarter(from)
		name := s.words.Date("quarter", from)
		if to.After(s.options.Now) {
			name += " " + s.words.T("metrics.so-far")
		}
		all = append(all, Quarterly{Name: name, Page: fmt.Sprintf("environments/%04d-q%d/", year, number), from: from, to: to})
	}
	return all[:min(len(all), maxQuarters)]
}

// changes are when what a record tells of its targets changes: it begins, it ends, and if
// it is left open it is forgotten.
func (e *Entry) changes() (all []time.Time) {
	if e.Started.IsZero() {
		return nil
	}
	begun, ended := e.Started.Time, insights.Effect(e.Record).Time
	all = append(all, begun, ended)
	if e.Status == records.InProgress || e.StatusFrom == records.FromSteps || ended.Sub(begun) > 24*time.Hour {
		all = append(all, begun.AddDate(0, 0, 2))
	}
	return all
}

const maxQuarters = 200

// A DayPicker lets a script show any day of the history.
type DayPicker struct{ First, Last string }

// fillStanding puts what runs onto the lists of services and environments.
func (s *pager) fillStanding(p *TermsPage) {
	if p.Facet != facet.Service && p.Facet != facet.Environment {
		return
	}
	p.Boards = s.boards(p.Page, s.options.Now)
	if p.Facet == facet.Environment {
		p.Quarters = s.quarters()
		p.Day = DayPicker{p.Quarters[len(p.Quarters)-1].from.Format(time.DateOnly), s.options.Now.Format(time.DateOnly)}
	}
}

// addStandings adds what ran at the end of each quarter, and what changed in it.
func (s *pager) addStandings() {
	if len(s.Entries) == 0 {
		return
	}
	quarters := s.quarters()
	for i, q := range quarters {
		s.add(q.Page, "standing", func() framed {
			at, title, asOf := q.to.Add(-time.Second), "standing.quarter", "standing.as-of"
			if at.After(s.options.Now) {
				at, title, asOf = s.options.Now, "standing.quarter-now", "standing.as-of-now"
			}
			p := StandingPage{Page: s.page(q.Page, s.words.T(title, "quarter", q.Name), facet.Environment.Folder), AsOf: s.words.T(asOf, "day", s.words.Day(at))}
			p.Board = s.boards(p.Page, at)
			p.Quarters = beside(quarters, i)
			return p
		})
		s.file(q.Page+"days.js", func(b *bytes.Buffer) error { return s.writeDays(b, q) })
	}
}

// writeDays writes a script with the cells of each day of a quarter on which they
// changed, as the page environments/ shows them. The first of each is that of the
// first day.
func (s *pager) writeDays(b *bytes.Buffer, q Quarterly) error {
	type changed [2]string // the first day, the cell
	days := map[int][]changed{}
	p := s.page(facet.Environment.Folder+"/", "", "")
	st := s.standings()
	for services, environments := range st.parts() {
		for _, service := range services {
			for _, environment := range environments {
				l := line{service: service, environment: environment}
				number, last, lastOpen := st.number(l), insights.Standing{}, []*records.Record(nil)
				for i, day := range q.days(st.courses[l].Changes(), s.config.Location) {
					end := day.AddDate(0, 0, 1).Add(-time.Second)
					if end.After(s.options.Now) {
						end = s.options.Now
					}
					now := st.courses[l].At(end)
					open := st.courses[l].UnderWay(end)
					if i > 0 && now == last && slices.Equal(open, lastOpen) {
						continue
					}
					last, lastOpen = now, open
					html, err := s.theme.part("cell", s.cell(p, l, end))
					if err != nil {
						return err
					}
					days[number] = append(days[number], changed{day.Format(time.DateOnly), string(html)})
				}
			}
		}
	}
	var data bytes.Buffer
	out := json.NewEncoder(&data)
	out.SetEscapeHTML(false) // it would make half as much again of it
	err := out.Encode(days)
	fmt.Fprintf(b, "deploysiteDays(%s);\n", text.SafeJSON(bytes.TrimSpace(data.Bytes())))
	return err
}

// days are the first day of a quarter, and those in it on which something may have
// changed: one on which something began or ended, and two after it, when what was
// left open is old.
func (q Quarterly) days(changes []time.Time, zone *time.Location) []time.Time {
	days := []time.Time{q.from}
	for _, at := range changes {
		at = at.In(zone)
		for later := range 3 {
			day := time.Date(at.Year(), at.Month(), at.Day()+later, 0, 0, 0, 0, zone)
			if day.After(q.from) && day.Before(q.to) {
				days = append(days, day)
			}
		}
	}
	slices.SortFunc(days, time.Time.Compare)
	return slices.CompactFunc(days, time.Time.Equal)
}
