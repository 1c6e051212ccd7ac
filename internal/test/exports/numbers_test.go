package exports

import (
	_ "embed"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"
)

//go:embed metrics.sql
var metricsSQL string

//go:embed lessons.sql
var lessonsSQL string

//go:embed steps.sql
var stepsSQL string

//go:embed reviews.sql
var reviewsSQL string

// A number is what is compared: k, n and value, nil where that is unknown.
type number struct {
	k, n  int
	value *float64
}

func (a number) same(b number) bool {
	if a.value == nil || b.value == nil {
		return a.k == b.k && a.n == b.n && a.value == b.value
	}
	return a.k == b.k && a.n == b.n && math.Abs(*a.value-*b.value) <= 1e-9*max(1, math.Abs(*b.value))
}

// numbers are the same by SQL, which prints them in ten columns: of what they are, and
// what they count.
func (p project) numbers(t *testing.T) {
	steps := p.allSteps(t)
	sql := metricsSQL + chartsSQL + lessonsSQL + stepsSQL + reviewsSQL
	counted := map[string]map[string]number{"metrics": {}, "steps": {}, "lessons": {}, "charts": {}, "reviews": {}, "decisions": {}}
	for _, row := range p.asks(t, sql, "now="+now.Format(time.RFC3339), "keys="+inJSON(steps.today()), "listed="+inJSON(steps.listed())) {
		n := number{whole(t, row[4]), whole(t, row[5]), real(t, row[6])}
		switch row[0] {
		case "review":
			counted["reviews"][row[3]+" "+row[2]+row[1]] = n
		case "reviews":
			counted["decisions"][row[3]+" "+row[1]] = n
		case "step", "steps":
			counted["steps"][row[0]+" "+row[1]+" "+row[2]] = n
		case "chart":
			counted["charts"][strings.Join(row[1:4], " | ")] = n
		case "note", "ledger":
			counted["lessons"][row[0]+" "+row[1]+" "+row[2]] = n
		default:
			addRow(counted["metrics"], row[:4], n, real(t, row[7]), real(t, row[8]), whole(t, row[9]))
		}
	}
	t.Run("metrics", func(t *testing.T) { p.metrics(t, counted["metrics"]) })
	t.Run("charts", func(t *testing.T) { p.charts(t, counted["charts"]) })
	t.Run("steps", func(t *testing.T) { p.steps(t, steps, counted["steps"]) })
	t.Run("lessons", func(t *testing.T) { p.lessons(t, counted["lessons"]) })
	t.Run("reviews", func(t *testing.T) { p.reviews(t, counted["reviews"], counted["decisions"], counted["metrics"]) })
}

func inJSON(value any) string {
	data, _ := json.Marshal(value)
	return string(data)
}

// addRow adds a number with its interval, and how many are not in it.
func addRow(to map[string]number, of []string, n number, low, high *float64, unknown int) {
	name := strings.ToLower(strings.Join(of, " | "))
	to[name], to[name+" low"], to[name+" high"], to[name+" unknown"] = n, number{value: low}, number{value: high}, number{k: unknown}
}

// metrics are the same as those of the command.
func (p project) metrics(t *testing.T, want map[string]number) {
	var said struct {
		Rows []struct {
			Metric, Period       string
			Service, Environment *string
			K, N                 int
			Value, Low, High     *float64
			Unknown              map[string]int
		}
	}
	p.deploysite(t, &said, "metrics", "--json")
	got := map[string]number{}
	for _, r := range said.Rows {
		if r.Metric == "lead_time_s" {
			continue
		}
		unknown := 0
		for _, n := range r.Unknown {
			unknown += n
		}
		addRow(got, []string{r.Metric, text(r.Service), text(r.Environment), r.Period}, number{r.K, r.N, r.Value}, r.Low, r.High, unknown)
	}
	compare(t, got, want, 800)
}

// allSteps is what the command says of steps.
type allSteps struct {
	Steps []struct {
		Key, First, Last                      string
		Standing                              *string
		Former, People                        []string
		Failed, Open, Skipped, Done, N, Timed int
		Unnamed                               int
		Only                                  *string
		Running                               int      `json:"in_progress"`
		Median                                *float64 `json:"median_s"`
		Low                                   *float64 `json:"low_s"`
		High                                  *float64 `json:"high_s"`
		Failures                              []struct{ Record string }
		Suggestion                            *struct {
			Do, Sign string
			K, N     int
		}
	}
	Records []struct {
		Counted, Stamped int
		Bare             int      `json:"without_steps"`
		Other            int      `json:"other_checklist"`
		AtOnce           []string `json:"at_once"`
	}
}

func (p project) allSteps(t *testing.T) (said allSteps) {
	p.deploysite(t, &said, "steps", "--json")
	return said
}

// today are today's keys of steps by former ones.
func (all allSteps) today() map[string]string {
	keys := map[string]string{}
	for _, s := range all.Steps {
		for _, key := range s.Former {
			keys[key] = s.Key
		}
	}
	return keys
}

// listed are the keys of the checklist of today.
func (all allSteps) listed() []string {
	keys := []string{}
	for _, s := range all.Steps {
		if s.Standing != nil && *s.Standing != "gone" {
			keys = append(keys, s.Key)
		}
	}
	return keys
}

// steps are the same as those of the command.
func (p project) steps(t *testing.T, said allSteps, want map[string]number) {
	got := map[string]number{}
	for _, s := range said.Steps {
		is := func(what string, k, n int, value *float64) { got["step "+s.Key+" "+what] = number{k, n, value} }
		if s.N == 0 {
			continue // no record has it, so SQL does not know of it
		}
		for state, k := range map[string]int{"failed": s.Failed, "in-progress": s.Running, "pending": s.Open, "skipped": s.Skipped, "done": s.Done} {
			is(state, k, s.N, nil)
		}
		is("time", s.Timed, s.N, s.Median)
		is("low", 0, 0, s.Low)
		is("high", 0, 0, s.High)
		is("people", len(s.People), len(s.People), nil)
		is("unnamed", s.Unnamed, s.N, nil)
		only := 0
		if s.Only != nil {
			only = 1
		}
		is("only", only, s.N, nil)
		is("from "+s.First+" to "+s.Last, s.N, s.N, nil)
		failures := []string{"failures"}
		for _, f := range s.Failures {
			failures = append(failures, f.Record)
		}
		is(strings.Join(failures, " "), s.Failed, s.Failed, nil)
		if a := s.Suggestion; a != nil {
			is(a.Do+" "+a.Sign, a.K, a.N, nil)
		}
	}
	r := said.Records[0]
	for what, k := range map[string]int{"counted": r.Counted, "without steps": r.Bare, "of another checklist": r.Other, "stamped": r.Stamped, "at once": len(r.AtOnce)} {
		got["steps  "+what] = number{k, k, nil}
	}
	compare(t, got, want, 200)
}

// compare compares numbers by their names. What nothing is counted from need not be said.
func compare(t *testing.T, got, want map[string]number, atLeast int) {
	t.Helper()
	same := 0
	for name, g := range got {
		if w, ok := want[name]; !ok || !g.same(w) {
			t.Errorf("%s: %s by deploysite, %s by SQL", name, g, w)
		} else {
			same++
		}
	}
	for name, w := range want {
		if _, ok := got[name]; !ok && w.n > 0 {
			t.Errorf("%s: nothing by deploysite, %s by SQL", name, w)
		}
	}
	if t.Logf("%d numbers are the same", same); same < atLeast {
		t.Errorf("only %d numbers were compared", same)
	}
}

func (a number) String() string {
	value := "unknown"
	if a.value != nil {
		value = strconv.FormatFloat(*a.value, 'g', -1, 64)
	}
	return strconv.Itoa(a.k) + " of " + strconv.Itoa(a.n) + ", " + value
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func whole(t *testing.T, cell string) int {
	t.Helper()
	n, err := strconv.Atoi(cell)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func real(t *testing.T, cell string) *float64 {
	t.Helper()
	if cell == "" {
		return nil
	}
	value, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		t.Fatal(err)
	}
	return &value
}
