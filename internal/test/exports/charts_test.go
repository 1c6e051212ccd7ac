package exports

import (
	_ "embed"
	"html"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

//go:embed charts.sql
var chartsSQL string

var (
	charted = regexp.MustCompile(`Median time from one success to the next: ([^<]*)\.</p>|<desc>([^<]*)</desc>`)
	spans   = regexp.MustCompile(`(\d+) (d|h|min|s)\b`)
)

// said are the numbers in a chart's caption, by what they are.
var said = map[string]*regexp.Regexp{
	"weekly mean":   regexp.MustCompile(`; ([\d.]+) a week on average`),
	"weekly low":    regexp.MustCompile(`average\. ([\d.]+) to [\d.]+ is usual`),
	"weekly high":   regexp.MustCompile(`average\. [\d.]+ to ([\d.]+) is usual`),
	"between mean":  regexp.MustCompile(`the next, the last \d+ times; ([\d.]+) on average`),
	"between n":     regexp.MustCompile(`the next, the last (\d+) times`),
	"between high":  regexp.MustCompile(`Up to ([\d.]+) is usual`),
	"between since": regexp.MustCompile(`Since the last failure it is (\d+)`),
	"strip n":       regexp.MustCompile(`The latest (\d+), each a mark`),
	"strip median":  regexp.MustCompile(`The median is ([^.]*)\.`),
	"strip low":     regexp.MustCompile(`shaded, is (.*) to .*\.`),
	"strip high":    regexp.MustCompile(`shaded, is .* to (.*)\.`),
}

// charts say what SQL counts, as exactly as they say it.
func (p project) charts(t *testing.T, want map[string]number) {
	page, err := os.ReadFile(filepath.Join(p.site(t), "metrics", "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	same, gap := 0, ""
	check := func(of, what, shown string) {
		name, value := of+" | "+what, want[of+" | "+what].value
		if n, ok := strings.CutSuffix(name, " n"); ok { // how many are counted
			value = new(float64(want[n+map[bool]string{true: " mean", false: " median"}[strings.HasSuffix(n, "between")]].k))
		} else if strings.HasSuffix(name, " since") {
			value = new(float64(want[name].k))
		}
		got, within := shownAs(t, shown)
		if value == nil || math.Abs(got-*value) > within {
			t.Errorf("%s is %q on the page, %s by SQL", name, shown, want[name])
			return
		}
		same++
	}
	for _, m := range charted.FindAllStringSubmatch(string(page), -1) {
		if m[1] != "" {
			gap = m[1]
			continue
		}
		name, caption, _ := strings.Cut(html.UnescapeString(m[2]), ": ")
		service, environment, _ := strings.Cut(name, " · ")
		of := strings.ToLower(strings.TrimPrefix(service, "All services") + " | " + environment)
		if gap != "" {
			check(of, "gap", gap)
			gap = ""
		}
		for what, is := range said {
			if found := is.FindStringSubmatch(caption); found != nil {
				check(of, what, found[1])
			}
		}
	}
	if t.Logf("%d numbers are the same", same); same < 20 {
		t.Errorf("only %d numbers were compared", same)
	}
}

// shownAs is a number or a time as a page writes it, and by how much that was rounded.
func shownAs(t *testing.T, shown string) (value, within float64) {
	t.Helper()
	if parts := spans.FindAllStringSubmatch(shown, -1); parts != nil {
		for _, part := range parts {
			within = map[string]float64{"d": 24 * 60 * 60, "h": 60 * 60, "min": 60, "s": 1}[part[2]]
			value += float64(whole(t, part[1])) * within
		}
		return value + within/2, within/2 + 1e-6 // what is less than its last unit is cut off
	}
	value, err := strconv.ParseFloat(shown, 64)
	if err != nil {
		t.Fatal(err)
	}
	_, digits, _ := strings.Cut(shown, ".")
	return value, math.Pow(10, -float64(len(digits)))/2 + 1e-9
}
