package generate

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// writer puts a deployment into words.
type writer struct {
	*deployment
	bytes.Buffer
	stops int           // the step, counted from 0, at which the deployment stopped; the number of steps where it did not
	clock time.Time     // when the last step was marked
	pace  time.Duration // the longest that a step takes
}

// write returns the record of d, on average size bytes long.
func write(d *deployment, size int) []byte {
	w := &writer{deployment: d, clock: d.start, stops: stopOf(d), pace: 2 * time.Minute}
	if !d.finish.IsZero() {
		w.pace = d.finish.Sub(d.start) / time.Duration(countStepsOf(d.checklist))
	}
	w.frontMatter()
	w.steps()
	// Draws uniformly from 80 to 120 % of the size: histories have short and long records.
	goal := size*4/5 + d.rng.IntN(size*2/5+1)
	w.notes(goal)
	return w.Bytes()
}

// stopOf draws the step at which an unlucky deployment stopped.
func stopOf(d *deployment) int {
	switch d.status {
	case "succeeded":
		return countStepsOf(d.checklist)
	case "cancelled":
		return d.rng.IntN(10)
	case "in-progress":
		return d.rng.IntN(countStepsOf(d.checklist))
	}
	return shaky[d.rng.IntN(len(shaky))] % countStepsOf(d.checklist)
}

func (w *writer) frontMatter() {
	fmt.Fprintf(w, "---\ntitle: %s\ndate: %s\n", w.title(), w.start.Format(time.RFC3339))
	if !w.finish.IsZero() {
		fmt.Fprintf(w, "finished: %s\n", w.finish.Format(time.RFC3339))
	}
	fmt.Fprintf(w, "service: %s\nenvironment: %s\nversion: %s\ncommit: %s\ndeployer: %s\nstatus: %s\n",
		w.service, w.environment, w.version, w.commit, w.person.name, w.status)
	if len(w.tags) > 0 {
		w.WriteString("tags:\n")
		for _, tag := range w.tags {
			fmt.Fprintf(w, "  - %s\n", tag)
		}
	}
	if w.rollbackOf != "" {
		fmt.Fprintf(w, "rollback_of: %s\n", w.rollbackOf)
	}
	fmt.Fprintf(w, "links:\n  change: https://changes.example.com/%d\n---\n\n# %s\n", w.change, w.title())
}

func (w *writer) steps() {
	at := 0
	for _, s := range w.checklist {
		fmt.Fprintf(w, "\n## %s\n\n", s.title)
		for _, st := range s.steps {
			w.step(st, w.mark(at))
			at++
		}
	}
}

// mark draws how far step number at got.
func (w *writer) mark(at int) string {
	switch {
	case at < w.stops && w.rng.IntN(20) == 0:
		return "⏭️"
	case at < w.stops:
		return "✅"
	case at > w.stops || w.status == "cancelled":
		return "[ ]"
	case w.status == "in-progress":
		return "🔄"
	}
	return "❌"
}

func (w *writer) step(s step, mark string) {
	fmt.Fprintf(w, "- %s **%s**: %s", mark, s.label, s.text)
	w.clock = w.clock.Add(w.pace/2 + time.Duration(w.rng.Int64N(int64(w.pace/2))))
	if mark != "[ ]" && w.rng.IntN(3) == 0 {
		fmt.Fprintf(w, " <!-- %s %s -->", w.clock.Format(time.RFC3339), w.person.name)
	}
	w.WriteByte('\n')
	switch {
	case mark == "❌":
		fmt.Fprintf(w, "  - %s\n", w.sentence(issuePatterns))
		w.fence(w.log())
	case mark != "[ ]" && s.fence.code != "":
		w.fence(s.fence)
	}
}

func (w *writer) fence(f fence) { w.WriteString(w.block(f)) }

// block returns a code block that belongs to the list item before it.
func (w *writer) block(f fence) string {
	code := strings.ReplaceAll(w.fill(f.code), "\n", "\n  ")
	return fmt.Sprintf("  ```%s\n  %s\n  ```\n", f.language, code)
}

// log makes up what a service prints when it does not start.
func (w *writer) log() fence {
	at := w.clock.UTC().Format("2006-01-02T15:04:05.000Z")
	code := fmt.Sprintf("%s WARN  {service} {part} did not answer, attempt %d of 5\n%s ERROR {service} exit status %d after %d ms",
		at, 1+w.rng.IntN(5), at, 1+w.rng.IntN(140), 100+w.rng.IntN(60000))
	return fence{"log", code}
}

// notes writes one note of each kind and then more of them until the record
// will be about goal bytes long.
func (w *writer) notes(goal int) {
	const overhead = 310 // headings and metrics
	kinds := []struct {
		heading  string
		patterns []string
		notes    []string
	}{
		{heading: "What Went Well", patterns: wellPatterns},
		{heading: "Issues Encountered", patterns: issuePatterns},
		{heading: "Lessons Learned", patterns: lessonPatterns},
		{heading: "Tips for Next Deployment", patterns: tipPatterns},
	}
	length := w.Len() + overhead
	for i := w.rng.IntN(len(kinds)); length < goal; i++ {
		k := &kinds[i%len(kinds)]
		note := w.note(k.patterns)
		if slices.Contains(k.notes, note) {
			continue
		}
		k.notes = append(k.notes, note)
		length += len(note)
	}
	w.WriteString("\n## Deployment Notes\n")
	for _, k := range kinds {
		fmt.Fprintf(w, "\n### %s\n\n", k.heading)
		for _, note := range k.notes {
			w.WriteString(note)
		}
	}
	w.metrics()
}

// note makes up a list item; one in sixteen shows a log as well.
func (w *writer) note(patterns []string) string {
	item := "- " + w.sentence(patterns) + "\n"
	if w.rng.IntN(16) == 0 {
		item += w.block(w.log())
	}
	return item
}

func (w *writer) metrics() {
	const minute = "2006-01-02 15:04"
	end, duration := "", ""
	if !w.finish.IsZero() {
		end = " " + w.finish.Format(minute)
		duration = fmt.Sprintf(" %d minutes", int(w.finish.Sub(w.start).Minutes()))
	}
	fmt.Fprintf(w, "\n### Deployment Metrics\n\n- Start Time: %s\n- End Time:%s\n- Total Duration:%s\n- Deployed By: %s\n",
		w.start.Format(minute), end, duration, w.person.name)
}

// sentence draws a pattern and fills it in.
func (w *writer) sentence(patterns []string) string {
	return w.fill(patterns[w.rng.IntN(len(patterns))])
}

var placeholder = regexp.MustCompile(`\{\w+\}`)

// fill replaces each {name} by a fact of the deployment or a draw from the list
// of that name.
func (w *writer) fill(pattern string) string {
	return placeholder.ReplaceAllStringFunc(pattern, func(name string) string {
		switch name = name[1 : len(name)-1]; name {
		case "service":
			return w.service
		case "version":
			return w.version
		case "change":
			return strconv.Itoa(w.change)
		case "minutes":
			return strconv.Itoa(5 + 5*w.rng.IntN(11))
		}
		words := lists[name]
		return words[w.rng.IntN(len(words))]
	})
}
