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

// fillLines writes what is known into the metrics: into empty bullets, and into new
// ones for facts without a bullet. It adds the section if there is none.
func (e *editor) fillLines(lines []metricLine) error {
	known := map[fact]string{}
	var missing []metricLine
	for _, l := range lines {
		l.value = text.OneLine(plainLine(printable(l.value)), 200)
		if IsPlaceholder(l.value) {
			continue
		}
		known[l.fact] = l.value
		if !slices.ContainsFunc(e.Metrics, func(m Metric) bool { return labels[text.Fold(m.Label)] == l.fact }) {
			missing = append(missing, l)
		}
	}
	if err := e.setMetrics(e.fillMetrics(known)); err != nil || len(missing) == 0 {
		return err
	}
	return e.addMetrics(missing)
}

// fillMetrics are the edits that write what is known into bullets that are
// empty.
func (l layout) fillMetrics(known map[fact]string) []Edit {
	var edits []Edit
	for _, m := range l.Metrics {
		value := text.OneLine(known[labels[text.Fold(m.Label)]], 200)
		if value == "" || !m.Value.IsZero() {
			continue
		}
		edits = append(edits, l.metricEdit(m, value))
	}
	return edits
}

// metricEdit gives a bullet another value.
func (l layout) metricEdit(m Metric, value string) Edit {
	at := m.Value.Span
	if at.Start > 0 && !strings.ContainsRune(" \t", rune(l.Source[at.Start-1])) {
		value = " " + value
	}
	return Edit{at, value}
}

// setMetrics changes the values of bullets and nothing else.
func (e *editor) setMetrics(edits []Edit) error {
	if len(edits) == 0 {
		return nil
	}
	want := outlineOf(e.Record)
	want[inMetrics] = nil
	return e.firstFitting([][]Edit{edits}, func(after *Record) bool {
		now := outlineOf(after)
		now[inMetrics] = nil
		return now.equal(want) && slices.EqualFunc(after.Metrics, e.Metrics, func(a, b Metric) bool { return a.Label == b.Label })
	})
}

// addMetrics adds bullets to the metrics section.
func (e *editor) addMetrics(lines []metricLine) error {
	var ways [][]Edit
	for _, p := range e.metricPlaces() {
		ways = append(ways, []Edit{e.writeMetrics(p, lines)})
	}
	before := outlineOf(e.Record)
	want := each(lines, func(l metricLine) string { return outlineMetric(l.label, l.value) })
	return e.firstFitting(ways, func(after *Record) bool {
		more, ok := outlineOf(after).grown(inMetrics, before)
		return ok && slices.Equal(more, want)
	})
}

// writeMetrics writes bullets like the other ones: with the same marker, and with
// bold labels if those are bold.
func (l layout) writeMetrics(p place, lines []metricLine) Edit {
	text := p.heading
	for _, line := range lines {
		label := line.label + ":"
		if l.boldMetrics() {
			label = "**" + line.label + "**:"
		}
		text += p.indent + p.marker + label + " " + line.value + "\n"
	}
	return l.insertLines(p.at.Start, text, p.apart)
}

func (l layout) boldMetrics() bool {
	if len(l.Metrics) == 0 {
		return false
	}
	m := l.Metrics[len(l.Metrics)-1]
	return bytes.HasPrefix(bytes.TrimSpace(l.Source[m.Span.Start:m.Span.End]), []byte("**"))
}

// metricPlaces are the places for more metrics, the best first: behind the last
// bullet of their section, behind its last block, in a new section.
func (l layout) metricPlaces() (places []place) {
	h := l.sectionOf(Metrics)
	if h == nil {
		return l.newSection(Metrics)
	}
	for _, b := range slices.Backward(blocksBelow(h)) {
		if list, ok := b.(*ast.List); ok {
			p := l.appendTo(list)
			p.apart = false
			places = append(places, p)
		}
	}
	places = append(places, apartAt(l.behind(lastBelow(h))))
	return append(places, l.newSection(Metrics)...)
}

// clearMetrics removes the values of some facts.
func (e *editor) clearMetrics(facts ...fact) error {
	var edits []Edit
	for _, m := range e.Metrics {
		if !slices.Contains(facts, labels[text.Fold(m.Label)]) || m.Value.IsZero() {
			continue
		}
		at := m.Value.Span
		at.Start -= len(e.Source[:at.Start]) - len(bytes.TrimRight(e.Source[:at.Start], " \t"))
		edits = append(edits, Edit{Span: at})
	}
	return e.setMetrics(edits)
}

// statusEdits write a status into the bullets that have another one, or are empty.
func (l layout) statusEdits(status Status) (edits []Edit) {
	for _, m := range l.Metrics {
		if labels[text.Fold(m.Label)] != factStatus {
			continue
		}
		old, ok := ParseOutcome(m.Value.Value)
		if ok && old != status || m.Value.IsZero() {
			edits = append(edits, l.metricEdit(m, statusWord(m.Label, status)))
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
