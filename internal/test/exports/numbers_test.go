package exports

import (
	_ "embed"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"
)

//go:embed metrics.sql
var metricsSQL string

//go:embed steps.sql
var stepsSQL string

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

// metrics are the same by SQL.
func (p project) metrics(t *testing.T) {
	var said struct {
		Rows []struct {
			Metric, Period       string
			Service, Environment *string
			K, N                 int
			Value                *float64
		}
	}
	p.deploysite(t, &said, "metrics", "--json")
	got := map[string]number{}
	for _, r := range said.Rows {
		isQuarter := strings.Contains(r.Period, "-q")
		if r.Metric != "lead_time_s" && (r.Period == "all" || isQuarter) {
			got[strings.ToLower(strings.Join([]string{r.Metric, text(r.Service), text(r.Environment), r.Period}, " | "))] = number{r.K, r.N, r.Value}
		}
	}
	want := map[string]number{}
	for _, row := range p.asks(t, metricsSQL, "now="+now.Format(time.RFC3339)) {
		want[strings.Join(row[:4], " | ")] = number{whole(t, row[4]), whole(t, row[5]), real(t, row[6])}
	}
	compare(t, got, want, 200)
}

// steps are the same by SQL.
func (p project) steps(t *testing.T) {
	var said struct {
		Steps []struct {
			Key                                   string
			Failed, Open, Skipped, Done, N, Timed int
			Running                               int      `json:"in_progress"`
			Median                                *float64 `json:"median_s"`
		}
	}
	p.deploysite(t, &said, "steps", "--json")
	got := map[string]number{}
	for _, s := range said.Steps {
		for state, k := range map[string]int{"failed": s.Failed, "in-progress": s.Running, "pending": s.Open, "skipped": s.Skipped, "done": s.Done} {
			got[s.Key+" "+state] = number{k, s.N, nil}
		}
		got[s.Key+" time"] = number{s.Timed, s.N, s.Median}
	}
	want := map[string]number{}
	for _, row := range p.asks(t, stepsSQL, "keys="+p.formerKeys(t)) {
		for i, state := range []string{"failed", "in-progress", "pending", "skipped", "done"} {
			want[row[0]+" "+state] = number{whole(t, row[1+i]), whole(t, row[6]), nil}
		}
		want[row[0]+" time"] = number{whole(t, row[7]), whole(t, row[6]), real(t, row[8])}
	}
	compare(t, got, want, 50)
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
