package records

import (
	"bytes"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"github.com/deploysite/deploysite/internal/text"
)

// metricLine is a bullet that the metrics should have.
type metricLine struct {
	fact  fact
	label string
	value string // "" where it is not known: then it is not added
}

// fillLines writes what is known into the metrics: into the bullets that are
// empty, and on new ones for what no bullet tells. A section for them is made
// where there is none.
func (r *Record) fillLines(lines []metricLine) (*Record, error) {
	known := map[fact]string{}
	var missing []metricLine
	for _, l := range lines {
		l.value = text.OneLine(plainLine(printable(l.value)), 200)
		if isPlaceholder(l.value) {
			continue
		}
		known[l.fact] = l.value
		if !slices.ContainsFunc(r.Metrics, func(m Metric) bool { return labels[text.Fold(m.Label)] == l.fact }) {
			missing = append(missing, l)
		}
	}
	after, err := r.setMetrics(fillMetrics(r, known))
	if err != nil || len(missing) == 0 {
		return after, err
	}
	return after.addMetrics(missing)
}

// setMetrics changes the values of bullets and nothing else.
func (r *Record) setMetrics(edits []Edit) (*Record, error) {
	if len(edits) == 0 {
		return r, nil
	}
	want := outlineOf(r)
	want.metrics = nil
	return r.firstFitting([][]Edit{edits}, func(after *Record) bool {
		now := outlineOf(after)
		now.metrics = nil
		return now.equal(want) && sameLabels(after.Metrics, r.Metrics)
	})
}

func sameLabels(a, b []Metric) bool {
	return slices.EqualFunc(a, b, func(a, b Metric) bool { return a.Label == b.Label })
}

// addMetrics adds bullets to the metrics section.
func (r *Record) addMetrics(lines []metricLine) (*Record, error) {
	var ways [][]Edit
	for _, p := range r.metricPlaces() {
		ways = append(ways, []Edit{r.writeMetrics(p, lines)})
	}
	before := outlineOf(r)
	var want []string
	for _, l := range lines {
		want = append(want, outlineMetric(l.label, l.value))
	}
	return r.firstFitting(ways, func(after *Record) bool {
		now := outlineOf(after)
		more, ok := inserted(now.metrics, before.metrics)
		_, sections := inserted(now.sections, before.sections)
		now.metrics, now.sections = before.metrics, before.sections
		return ok && sections && slices.Equal(more, want) && now.equal(before)
	})
}

// writeMetrics writes bullets as the others are written: with their marker, and
// their labels bold or not.
func (r *Record) writeMetrics(p place, lines []metricLine) Edit {
	text := p.heading
	for _, l := range lines {
		label := l.label + ":"
		if r.boldMetrics() {
			label = "**" + l.label + "**:"
		}
		text += p.indent + p.marker + label + " " + l.value + "\n"
	}
	return r.insertLines(p.at.Start, text, p.apart)
}

func (r *Record) boldMetrics() bool {
	if len(r.Metrics) == 0 {
		return false
	}
	m := r.Metrics[len(r.Metrics)-1]
	return bytes.HasPrefix(bytes.TrimSpace(r.Source[m.Span.Start:m.Span.End]), []byte("**"))
}

// metricPlaces are the places for more metrics, the best first: behind the last
// bullet of their section, behind its last block, in a new section.
func (r *Record) metricPlaces() (places []place) {
	h := r.sectionOf(Metrics)
	if h == nil {
		return r.newSection(Metrics)
	}
	blocks := blocksBelow(h)
	for _, b := range slices.Backward(blocks) {
		if list, ok := b.(*ast.List); ok {
			p := r.appendTo(list)
			p.apart = false
			places = append(places, p)
		}
	}
	end := nextLine(r.Source, r.span(h).End)
	if n := len(blocks); n > 0 {
		end = nextLine(r.Source, r.span(blocks[n-1]).End)
	}
	places = append(places, place{at: text.Span{Start: end, End: end}, marker: "- ", apart: true})
	return append(places, r.newSection(Metrics)...)
}

// clearMetrics takes the values of some facts away.
func (r *Record) clearMetrics(facts ...fact) (*Record, error) {
	var edits []Edit
	for _, m := range r.Metrics {
		if !slices.Contains(facts, labels[text.Fold(m.Label)]) || m.Value.IsZero() {
			continue
		}
		at := m.Value.Span
		at.Start -= len(r.Source[:at.Start]) - len(bytes.TrimRight(r.Source[:at.Start], " \t"))
		edits = append(edits, Edit{Span: at})
	}
	return r.setMetrics(edits)
}

// statusEdits write a status into the bullets that tell one, or are meant to
// and are empty.
func (r *Record) statusEdits(status Status) (edits []Edit) {
	for _, m := range r.Metrics {
		if labels[text.Fold(m.Label)] != factStatus {
			continue
		}
		old, ok := parseOutcome(m.Value.Value)
		if ok && old != status || m.Value.IsZero() {
			edits = append(edits, metricEdit(r, m, statusWord(m.Label, status)))
		}
	}
	return edits
}

// statusWord is a status as the answer to its label: "Success: yes".
func statusWord(label string, status Status) string {
	if !strings.HasPrefix(text.Fold(label), "success") {
		return string(status)
	}
	switch status {
	case Succeeded:
		return "yes"
	case Failed:
		return "no"
	case RolledBack:
		return "no - rolled back"
	}
	return string(status)
}
