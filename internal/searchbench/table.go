package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// String shows one row for each measure, one column for each engine, and below
// them what the builds of the site took, of which the table has the difference.
func (c costs) String() string {
	if len(c.engines) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("| | " + strings.Join(engineNames, " | ") + " |\n|---|" + strings.Repeat("--:|", len(engineNames)) + "\n")
	for _, row := range []struct {
		name string
		cell func(cost) string
	}{
		{"building the index, time", func(e cost) string { return seconds(e.build.Wall) }},
		{"building the index, CPU time", func(e cost) string { return seconds(e.build.CPU) }},
		{"building the index, peak memory", func(e cost) string { return megabytes(e.build.Memory) }},
		{"index on disk", func(e cost) string { return megabytes(e.index.plain) }},
		{"index, gzipped", func(e cost) string { return megabytes(e.index.gzipped) }},
		{"first query, over the wire", func(e cost) string { return kilobytes(e.usage.firstBytes) }},
		{"the code of its own dialog, besides", func(e cost) string { return orNone(e.dialog) }},
		{"each further query, over the wire", func(e cost) string { return kilobytes(e.usage.furtherBytes) }},
		{"first query, median / p95", func(e cost) string { return e.usage.cold.String() }},
		{"further query, median / p95", func(e cost) string { return e.usage.further.String() }},
		{"keystroke when loaded, median / p95", func(e cost) string { return e.usage.warm.String() }},
		{"from `file://`", func(e cost) string { return yesNo(e.fromDisk) }},
	} {
		b.WriteString("| " + row.name)
		for _, name := range engineNames {
			b.WriteString(" | " + c.cell(name, row.cell))
		}
		b.WriteString(" |\n")
	}
	if with, ok := c.engines["deploysite"]; ok {
		fmt.Fprintf(&b, "\nThe site: %s without its index, %s with it.\n", c.without, with.build)
	}
	return b.String()
}

func (s sample) String() string {
	return fmt.Sprintf("%s (CPU %s, %s)", seconds(s.Wall), seconds(s.CPU), megabytes(s.Memory))
}

func (c costs) cell(engine string, show func(cost) string) string {
	e, ok := c.engines[engine]
	if !ok {
		return ""
	}
	if engine == "deploysite" {
		e.build = c.indexOnly(e.build)
	}
	return show(e)
}

// indexOnly is what the build takes longer, and needs more, for the index.
func (c costs) indexOnly(with sample) sample {
	return sample{with.Wall - c.without.Wall, with.CPU - c.without.CPU, with.Memory - c.without.Memory}
}

// relevanceTable shows one row for each engine.
func relevanceTable(judgements map[string]judgement) string {
	var b strings.Builder
	b.WriteString("| | first | in the first three | first, one error | in the first three, one error |\n|---|--:|--:|--:|--:|\n")
	for _, name := range engineNames {
		j, ok := judgements[name]
		if !ok {
			continue
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", name,
			percent(j.clean.first, j.clean.asked), percent(j.clean.three, j.clean.asked),
			percent(j.mistyped.first, j.mistyped.asked), percent(j.mistyped.three, j.mistyped.asked))
	}
	return b.String()
}

// reportMisses names the queries whose right record did not come first.
func reportMisses(w io.Writer, name string, queries []query, answers [][]string) {
	for i, q := range queries {
		if rank := q.rank(answers[i]); rank != 1 {
			fmt.Fprintf(w, "%s: %s\n", name, miss(q, rank, answers[i]))
		}
	}
}

func miss(q query, rank int, answer []string) string {
	place := "not found"
	if rank > 0 {
		place = fmt.Sprintf("place %d", rank)
	}
	first := "nothing"
	if len(answer) > 0 {
		first = answer[0]
	}
	return fmt.Sprintf("%s:%d: %q (%s): %s is %s; first is %s", queriesFile, q.line, q.text, q.kind(),
		strings.Join(q.relevant, " or "), place, first)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

func (t times) String() string { return fmt.Sprintf("%.1f / %.1f ms", t.median, t.p95) }

func kilobytes(bytes int64) string { return fmt.Sprintf("%.1f kB", float64(bytes)/1e3) }

func megabytes(bytes int64) string {
	if bytes == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}

func orNone(w weight) string {
	if w.plain == 0 {
		return "none"
	}
	return kilobytes(w.gzipped)
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
