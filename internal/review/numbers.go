package review

import (
	"bytes"
	"encoding/json"
	"regexp"

	"github.com/deploysite/deploysite/internal/metrics"
)

// Numbers are a quarter's, as a review keeps them from the day it was drafted.
type Numbers struct {
	Day string                               `json:"day"` // of the draft: 2026-10-02
	Of  map[string]map[metrics.Metric]Number `json:"numbers"`
}

// A Number is one of an environment, over all services.
type Number struct {
	K     int      `json:"k"`
	N     int      `json:"n"`
	Value *float64 `json:"value"`
}

// Same reports whether a number is what it was.
func (n Number) Same(o Number) bool {
	return n.K == o.K && n.N == o.N && (n.Value == nil) == (o.Value == nil) && (n.Value == nil || *n.Value == *o.Value)
}

// NumberOf is what a review keeps of a row.
func NumberOf(r metrics.Row) Number { return Number{r.K, r.N, r.Value} }

// comment is the numbers as a draft has them: a comment, which edits leave alone. The
// JSON holds no "-->".
func (n Numbers) comment() string {
	data, _ := json.Marshal(n)
	return "<!-- deploysite review " + string(data) + " -->"
}

var commented = regexp.MustCompile(`<!-- deploysite review (\{.*\}) -->`)

// NumbersIn are those that a review was drafted from; ok is false where it has none.
func NumbersIn(source []byte) (n Numbers, ok bool) {
	m := commented.FindSubmatch(source)
	if m == nil {
		return n, false
	}
	d := json.NewDecoder(bytes.NewReader(m[1]))
	return n, d.Decode(&n) == nil
}

// rowsOf are the numbers of a quarter, over all services, by environment.
func rowsOf(q Quarter, lines []*metrics.Line) (rows []metrics.Row) {
	for _, l := range lines {
		if !l.Total || l.Environment == "" {
			continue
		}
		for _, r := range l.Rows(metrics.Quarters) {
			if r.Period == q.Name() {
				rows = append(rows, r)
			}
		}
	}
	return rows
}
