package work

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/secrets"
	"github.com/deploysite/deploysite/internal/store"
	"github.com/deploysite/deploysite/internal/text"
)

// A Board is how each service stands in each environment at a moment.
type Board struct {
	At      time.Time
	Cells   []Cell            // production first, then by environment and service
	Undated []*records.Record // are in no cell: nothing tells when they began
	Unread  []problem.Problem // records, or heads of them, that could not be read
}

// A Cell is one service in one environment.
type Cell struct {
	Service, Environment string // as most records write it; "" where they name none
	insights.Standing
	Others []*records.Record // besides UnderWay: older ones that are under way, the newest first
}

// target is a cell's key: names that differ only in case or Unicode form are one.
type target struct{ service, environment string }

// Standing reads all records of a project and tells how things stood at a moment. Of
// most it needs no more than a skim. Those that the board shows are parsed, and if one
// is not as it seemed, all are.
func Standing(ctx context.Context, p *project.Project, at time.Time) (*Board, error) {
	spareMemory()
	s := skims{project: p, files: p.Files(), skimmed: map[*records.Record]bool{}}
	b, err := standing(ctx, p, s.files, at, s.skim)
	if err != nil || s.replace(b) {
		return b, err
	}
	return standing(ctx, p, p.Files(), at, nil)
}

// standing is [Standing] with the records that known has, see [store.Reload].
func standing(ctx context.Context, p *project.Project, files *secrets.Files, at time.Time, known store.Known) (*Board, error) {
	history, err := store.Reload(ctx, files, p.Config.Records, p.Options(), known, func(*records.Record) {})
	if err != nil {
		return nil, err
	}
	b := &Board{At: at}
	byID := make(map[string]*records.Record, len(history.Records))
	names := spellings{}
	for _, r := range history.Records {
		byID[r.ID] = r
		if r.Started.IsZero() {
			b.Undated = append(b.Undated, r)
		}
	}
	b.Unread = append(unread(history), files.Hidden()...)
	undoes := func(r *records.Record) *records.Record { return byID[r.RollbackOf.Value] }
	targets := func(r *records.Record) []target {
		return insights.Targets(r.Services, r.Environments, func(service, environment records.Text) target {
			return target{names.add(service), names.add(environment)}
		})
	}
	for t, course := range insights.Courses(history.Records, targets, undoes) {
		if s := course.At(at); s != (insights.Standing{}) {
			open := course.UnderWay(at)
			b.Cells = append(b.Cells, Cell{names.of(t.service), names.of(t.environment), s, open[min(1, len(open)):]})
		}
	}
	notProduction := func(c Cell) int {
		if p.Config.IsProduction(c.Environment) {
			return 0
		}
		return 1
	}
	slices.SortFunc(b.Cells, func(x, y Cell) int {
		return cmp.Or(notProduction(x)-notProduction(y), cmp.Compare(text.Key(x.Environment), text.Key(y.Environment)),
			cmp.Compare(text.Key(x.Service), text.Key(y.Service)))
	})
	return b, nil
}

// unread are the problems of files of which nobody can tell to which cell they belong.
func unread(history *store.History) []problem.Problem {
	named := make(map[string]bool, len(history.Records))
	for _, r := range history.Records {
		named[r.File] = len(r.Services) > 0
	}
	return slices.DeleteFunc(history.Problems, func(p problem.Problem) bool {
		hasName, isRecord := named[p.File]
		return hasName || isRecord && !slices.Contains(headRules, p.Rule)
	})
}

// headRules are the rules for records whose service may be written where it cannot be read.
var headRules = []problem.Rule{problem.BadFrontMatter, problem.Conflict, problem.BadEncoding}

// Only keeps the cells that have one of some names, of a service or an environment. No
// names keep all. A name that no cell has is an error.
func (b *Board) Only(what string, names []string, of func(Cell) string) error {
	if len(names) == 0 {
		return nil
	}
	has := func(name string) bool {
		return slices.ContainsFunc(b.Cells, func(c Cell) bool { return text.Same(of(c), name) })
	}
	for _, name := range names {
		if has(name) {
			continue
		}
		var known []string
		for _, c := range b.Cells {
			if name := of(c); name != "" {
				known = append(known, name)
			}
		}
		if near := text.Nearest(name, known); near != "" {
			return fmt.Errorf("no %s %q was found among the facts of the records; did you mean %s?", what, name, near)
		}
		if len(known) == 0 {
			return fmt.Errorf("no %s %q was found among the facts of the records, nor any other", what, name)
		}
		slices.Sort(known)
		return fmt.Errorf("no %s %q was found among the facts of the records; there is: %s", what, name, strings.Join(slices.Compact(known), ", "))
	}
	b.Cells = slices.DeleteFunc(b.Cells, func(c Cell) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return text.Same(of(c), name) })
	})
	return nil
}

// spellings are how names are written, by their keys.
type spellings map[string]*text.Spelling

func (s spellings) add(name records.Text) (key string) {
	key = text.Key(name.Value)
	if s[key] == nil {
		s[key] = &text.Spelling{}
	}
	s[key].Add(name.Value)
	return key
}

func (s spellings) of(key string) string { return s[key].Name }

// BoardJSON is a board as JSON; null is unknown.
type BoardJSON struct {
	Version int        `json:"version"`
	At      string     `json:"at"` // RFC 3339
	Cells   []CellJSON `json:"cells"`
}

// CellJSON is a cell as JSON; null is unknown.
type CellJSON struct {
	Service     *string         `json:"service"`
	Environment *string         `json:"environment"`
	Running     *RunningJSON    `json:"running"`
	Latest      *LatestJSON     `json:"latest"`
	GoBackTo    *GoBackJSON     `json:"go_back_to"`
	UnderWay    *UnderWayJSON   `json:"under_way"`
	Others      []*UnderWayJSON `json:"others_under_way"`
}

// The records of a cell. Times are in RFC 3339, or days where the hour is unknown.
type (
	RunningJSON struct {
		ID      string  `json:"id"`
		Version *string `json:"version"`
		Commit  *string `json:"commit"`
		Since   string  `json:"since"`
	}
	LatestJSON struct {
		ID     string  `json:"id"`
		Status *string `json:"status"`
	}
	GoBackJSON struct {
		ID      string  `json:"id"`
		Version *string `json:"version"`
	}
	UnderWayJSON struct {
		ID    string  `json:"id"`
		Step  *string `json:"step"`
		Since string  `json:"since"`
	}
)

// JSON is the board as JSON.
func (b *Board) JSON() BoardJSON {
	out := BoardJSON{Version: 1, At: b.At.Format(time.RFC3339), Cells: []CellJSON{}}
	for _, c := range b.Cells {
		cell := CellJSON{Service: text.OrNull(c.Service), Environment: text.OrNull(c.Environment), Others: []*UnderWayJSON{}}
		if r := c.Running; r != nil {
			cell.Running = &RunningJSON{r.ID, text.OrNull(r.Version.Value), text.OrNull(r.Commit.Value), insights.Effect(c.By).ISO()}
		}
		if r := c.Latest; r != nil {
			cell.Latest = &LatestJSON{r.ID, text.OrNull(outcome(r, b.At))}
		}
		if r := c.GoBackTo; r != nil {
			cell.GoBackTo = &GoBackJSON{r.ID, text.OrNull(r.Version.Value)}
		}
		if c.UnderWay != nil {
			cell.UnderWay = underWay(c.UnderWay)
		}
		for _, r := range c.Others {
			cell.Others = append(cell.Others, underWay(r))
		}
		out.Cells = append(out.Cells, cell)
	}
	return out
}

func underWay(r *records.Record) *UnderWayJSON {
	step := ""
	if i := insights.AtStep(r); i >= 0 {
		step = r.Steps[i].Label
	}
	return &UnderWayJSON{r.ID, text.OrNull(step), r.Started.ISO()}
}

// outcome is how a record ended, "" where nobody can tell.
func outcome(r *records.Record, at time.Time) string {
	if insights.OutcomeUnknown(r, at) {
		return ""
	}
	return string(r.Status)
}
