package metrics

import (
	"fmt"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/text"
)

var names = map[Metric]string{
	Frequency: "frequency", FailRate: "fail rate", Rework: "rework rate",
	Recovery: "recovery", LeadTime: "lead time", Duration: "duration",
}

// Words is the number's name as people say it.
func (m Metric) Words() string { return names[m] }

// Cases are the values of a row one by one, as they are shown. The same twice is "2 × 5 min".
func (r Row) Cases(show func(float64) string) (all []string) {
	for i := 0; i < len(r.Values); {
		first, n := show(r.Values[i]), 0
		for ; i < len(r.Values) && show(r.Values[i]) == first; i++ {
			n++
		}
		if n > 1 {
			first = fmt.Sprintf("%d × %s", n, first)
		}
		all = append(all, first)
	}
	return all
}

// Cells are a number's value, of how many it is, its interval, and what is
// unknown, as people read them.
func (r Row) Cells() []string {
	value, of, interval := "–", fmt.Sprintf("%d of %d", r.K, r.N), ""
	show := func(v float64) string { return text.Age(time.Duration(v) * time.Second) }
	switch r.Metric {
	case FailRate, Rework:
		show = func(v float64) string { return fmt.Sprintf("%.0f %%", 100*v) }
	case Frequency:
		of = fmt.Sprintf("%d in %s", r.K, text.Count(r.N, "day"))
		show = func(v float64) string { return fmt.Sprintf("%.2g a week", v) }
	}
	if r.Value != nil {
		value = show(*r.Value)
	}
	switch {
	case r.Value == nil || !r.TooFew():
	case r.Values == nil:
		value, of = of, ""
	default:
		cases := r.Cases(show)
		if value = strings.Join(cases, ", "); len(cases) > 1 {
			value = "each: " + value
		}
	}
	if r.Low != nil {
		interval = show(*r.Low) + " to " + show(*r.High)
	}
	var unknown []string
	for _, why := range Reasons {
		if n := r.Unknown[why]; n > 0 {
			unknown = append(unknown, fmt.Sprintf("%s: %d", strings.ReplaceAll(string(why), "-", " "), n))
		}
	}
	if r.AtMost > 0 {
		unknown = append(unknown, fmt.Sprintf("at most: %d", r.AtMost))
	}
	return []string{value, of, interval, strings.Join(unknown, ", ")}
}
