package insights

import (
	"fmt"
	"strings"
	"testing"

	"github.com/deploysite/deploysite/internal/records"
)

func TestNeighbours(t *testing.T) {
	type target struct{ service, environment string }
	targets := func(r *records.Record) (all []target) {
		for _, s := range r.Services {
			all = append(all, target{s.Value, r.Environment.Value})
		}
		return all
	}
	// Oldest first: services, environment, outcome.
	var history []*records.Record
	for i, line := range []string{
		"web production failed",        // 0
		"web production succeeded",     // 1
		"web staging succeeded",        // 2
		"web production failed",        // 3
		"api production succeeded",     // 4
		"web ? succeeded",              // 5
		"web production in-progress",   // 6
		"api,web production succeeded", // 7
		"web production rolled-back",   // 8
		"web staging cancelled",        // 9
		"api production succeeded",     // 10
	} {
		f := strings.Fields(line)
		r := &records.Record{ID: fmt.Sprint(i), Status: records.Status(f[2])}
		for name := range strings.SplitSeq(f[0], ",") {
			r.Services = append(r.Services, records.Text{Value: name})
		}
		r.Environment.Value = strings.Trim(f[1], "?")
		history = append([]*records.Record{r}, history...)
	}
	id := func(r *records.Record) string {
		if r == nil {
			return "-"
		}
		return r.ID
	}
	want := strings.Fields("-<0>1 0<1>3 -<2>9 1<3>6 -<4>7 -<5>- 1<6>7 4<7>10 7<8>- 2<9>- 7<10>-")
	found := AllNeighbours(history, targets)
	for i, r := range history {
		n := found[r]
		if got := fmt.Sprintf("%s<%s>%s", id(n.Previous), r.ID, id(n.Next)); got != want[len(history)-1-i] {
			t.Errorf("got %s, want %s", got, want[len(history)-1-i])
		}
		for _, where := range targets(r)[:1] {
			previous := Previous(history[i+1:], func(other *records.Record) bool {
				for _, o := range targets(other) {
					if o == where {
						return true
					}
				}
				return false
			})
			if previous != nil && previous != n.Previous || previous == nil && n.Previous != nil && n.Previous.Status == records.Succeeded {
				t.Errorf("%s: one rule says %s, the other %s", r.ID, id(previous), id(n.Previous))
			}
		}
	}
}

// Of two records of one day the order is known where both have an hour, or where the one
// without had ended before the other began.
func TestOrderKnown(t *testing.T) {
	day := func(on, end string) *records.Record {
		r := &records.Record{Started: at(on + "T00:00:00Z")}
		r.Started.DateOnly = true
		if end != "" {
			r.Finished = at(on + "T" + end + ":00Z")
		}
		return r
	}
	hour := func(s string) *records.Record { return &records.Record{Started: at(s)} }
	for name, test := range map[string]struct {
		a, b *records.Record
		want bool
	}{
		"two hours":             {hour("2026-08-01T10:00:00Z"), hour("2026-08-01T11:00:00Z"), true},
		"two days":              {day("2026-08-01", ""), day("2026-08-02", ""), true},
		"one day":               {day("2026-08-01", ""), day("2026-08-01", ""), false},
		"one hour":              {day("2026-08-01", ""), hour("2026-08-01T11:00:00Z"), false},
		"midnight":              {day("2026-08-01", ""), hour("2026-08-01T00:00:00Z"), false},
		"the next midnight":     {day("2026-08-01", ""), hour("2026-08-02T00:00:00Z"), true},
		"the evening before":    {day("2026-08-02", ""), hour("2026-08-01T23:59:00Z"), true},
		"the same day far away": {day("2026-08-02", ""), hour("2026-08-01T23:30:00-05:00"), false},
		"ended before":          {day("2026-08-01", "10:00"), hour("2026-08-01T11:00:00Z"), true},
		"ended after":           {day("2026-08-01", "12:00"), hour("2026-08-01T11:00:00Z"), false},
		"one without a day":     {&records.Record{}, hour("2026-08-01T11:00:00Z"), false},
		"two without a day":     {&records.Record{}, &records.Record{}, false},
	} {
		if OrderKnown(test.a, test.b) != test.want || OrderKnown(test.b, test.a) != test.want {
			t.Errorf("%s: want %t in both directions", name, test.want)
		}
	}
}
