package review

import (
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/ledger"
	"github.com/deploysite/deploysite/internal/metrics"
	"github.com/deploysite/deploysite/internal/recall"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/steplog"
	"github.com/deploysite/deploysite/internal/text"
)

// How much a draft shows: a review is read in ten minutes.
const (
	mostFailures = 8
	mostItems    = 6
	mostOfFate   = 4
	mostLinks    = 5
	noteLength   = 160 // characters
	titleLength  = 80
	newDecisions = 3
)

// A draft begins each line with words of its own or with a link, so that no text of a
// record is taken for a heading, a box or a list.
type markdown struct{ strings.Builder }

func (m *markdown) line(format string, args ...any) { fmt.Fprintf(m, format+"\n", args...) }

// list writes the first of some items, and how many more there are; where is where.
func list[T any](m *markdown, all []T, most int, where string, item func(T) string) {
	for _, one := range all[:min(most, len(all))] {
		m.line("- %s", item(one))
	}
	if more := len(all) - most; more > 0 {
		m.line("- and %d more%s", more, where)
	}
}

// Markdown is the draft, as a file of [Folder].
func (d *Draft) Markdown() string {
	m := &markdown{}
	m.line("# Review of %s\n", d.Title())
	m.line("%s\n", d.numbers().comment())
	d.opening(m)
	for _, section := range []struct {
		title string
		write func(*markdown)
	}{
		{"Coverage", d.coverage}, {"What failed", d.failures}, {"Near misses", d.nearMisses}, {"What came again", d.again},
		{"What became of lessons", d.ledger}, {"Steps to add, automate, drop", d.steps}, {"What went well", d.well},
		{earlierTitle, d.decided}, {"New decisions", d.decide},
	} {
		m.line("\n## %s\n", section.title)
		section.write(m)
	}
	return m.String()
}

const earlierTitle = "Earlier decisions"

func (d *Draft) numbers() Numbers {
	n := Numbers{Day: d.Now.Format(time.DateOnly), Of: map[string]map[metrics.Metric]Number{}}
	for _, r := range d.Rows {
		if n.Of[*r.Environment] == nil {
			n.Of[*r.Environment] = map[metrics.Metric]Number{}
		}
		n.Of[*r.Environment][r.Metric] = NumberOf(r)
	}
	return n
}

// opening says what is unkept, and the numbers.
func (d *Draft) opening(m *markdown) {
	if open := d.openDecisions(); len(open) > 0 {
		// As of that day: who ticks one need not count anew.
		m.line("**Open on %s: %s from before.** See [%s](#%s).\n", d.Now.Format("2 January"), text.Count(len(open), "decision"), earlierTitle, text.Slug(earlierTitle))
	}
	soFar := d.soFar()
	if soFar != "" {
		soFar += "; the quarter ends on " + d.To.AddDate(0, 0, -1).Format("2 January")
	}
	m.line("Drafted on %s from %s%s.", d.Now.Format("2 January 2006"), text.Count(len(d.Facts.Deployments), "deployment"), soFar)
	counted := 0
	for _, one := range d.Facts.Deployments {
		if one.Counted != nil {
			counted++
		}
	}
	switch {
	case len(d.Rows) == 0:
		m.line("None of them counts as production, so there are no numbers.")
		return
	case counted > 0:
		m.line("The numbers count those to production, %d of %d; on the site `metrics/%s/` shows from which records each was counted.", counted, len(d.Facts.Deployments), d.Name())
	}
	m.line("\n| number | value | counted | 95 %% interval | left out |\n|---|---|---|---|---|")
	several := d.severalEnvironments()
	for _, r := range d.Rows {
		name := r.Metric.Words()
		if several {
			name += ", " + *r.Environment
		}
		m.line("| %s | %s |", text.Inline(name, titleLength), strings.Join(r.Cells(), " | "))
	}
}

// soFar is " so far" while the quarter is not over.
func (d *Draft) soFar() string {
	if d.IsOver(d.Now) {
		return ""
	}
	return " so far"
}

// upTo says how far the history of steps goes.
func (d *Draft) upTo() string {
	if d.IsOver(d.Now) {
		return "up to the end of the quarter"
	}
	return "so far"
}

func (d *Draft) severalEnvironments() bool {
	for _, r := range d.Rows {
		if *r.Environment != *d.Rows[0].Environment {
			return true
		}
	}
	return false
}

func (d *Draft) openDecisions() (open []Decision) {
	for _, one := range d.Earlier {
		if one.State == Open {
			open = append(open, one)
		}
	}
	return open
}

func (d *Draft) coverage(m *markdown) {
	if len(d.Facts.Deployments) == 0 {
		m.line("- No deployment of this quarter is on record, cancelled ones apart.")
	} else if len(d.NoOutcome)+len(d.NoEnd)+len(d.NoEnvironment)+len(d.UnderWay) == 0 {
		m.line("- Each record says how it ended, when, and where it went: %d of %d.", len(d.Facts.Deployments), len(d.Facts.Deployments))
	}
	all := len(d.Facts.Deployments)
	for _, gap := range []struct {
		what  string
		of    []*Deployment
		among string
	}{
		{"No outcome was found", d.NoOutcome, strconv.Itoa(all)},
		{"No end was found", d.NoEnd, fmt.Sprintf("%d with an outcome", d.Facts.Ended())},
		{"No environment was found", d.NoEnvironment, strconv.Itoa(all)},
		{"Still under way", d.UnderWay, strconv.Itoa(all)},
	} {
		if n := len(gap.of); n > 0 {
			m.line("- %s: %d of %s. %s", gap.what, n, gap.among, links(gap.of, func(one *Deployment) string { return d.link(one.Record, "", one.Title.Value) }))
		}
	}
	m.line("- %s", d.tags())
}

func (d *Draft) tags() string {
	switch {
	case d.NoTags != "":
		return "Whether git has versions that no record tells of is unknown: " + text.Inline(d.NoTags, noteLength) + "."
	case d.NoVersion:
		return "Whether git has versions that no record tells of is unknown: no version was found among the facts of the records."
	case len(d.Tags) == 0:
		return "No tag of git names a version, so git tells of no other deployment."
	case len(d.Untold) == 0:
		return "No tag of git names a version of this quarter that no record tells of."
	}
	return fmt.Sprintf("Tagged in this quarter, and in no record: %d. %s", len(d.Untold), links(d.Untold, func(t Tag) string {
		return text.Inline(t.Name, titleLength) + " (" + t.At.Format("2 January") + ")"
	}))
}

// links are the first few of some links, and how many more there are.
func links[T any](all []T, link func(T) string) string {
	var shown []string
	for _, one := range all[:min(mostLinks, len(all))] {
		shown = append(shown, link(one))
	}
	if more := len(all) - mostLinks; more > 0 {
		shown = append(shown, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(shown, "; ")
}

// link leads to a record, to one of its notes or steps where an ID is given.
func (d *Draft) link(r *records.Record, id, words string) string {
	words = text.Inline(words, titleLength)
	one := d.byRecord[r]
	if one == nil {
		return words
	}
	up := strings.Repeat("../", strings.Count(Folder, "/")+1)
	return "[" + words + "](" + path.Join(up, one.Folder) + "/" + r.Target(id) + ")"
}

func (d *Draft) dayLink(m ledger.Mention) string { return d.link(m.Record, m.Note.ID, d.day(m.Record)) }

// day is when a record began, with the year where it is not that of the quarter.
func (d *Draft) day(r *records.Record) string {
	at := r.Started.Time.In(d.From.Location())
	switch {
	case r.Started.IsZero():
		return "no date"
	case at.Year() != d.Year:
		return at.Format("2 January 2006")
	}
	return at.Format("2 January")
}

func (d *Draft) failures(m *markdown) {
	if len(d.Failures) == 0 {
		m.line("No failure was found in the records of this quarter%s.", d.soFar())
	}
	list(m, d.Failures, mostFailures, "", func(one *Deployment) string {
		return text.Join(" ", d.named(one), d.whatFailed(one), d.cause(one), d.recovery(one))
	})
}

// named is a deployment with its day.
func (d *Draft) named(one *Deployment) string {
	return "**" + d.link(one.Record, "", one.Title.Value) + "**, " + d.day(one.Record) + ":"
}

// whatFailed is how it ended, and at which steps.
func (d *Draft) whatFailed(one *Deployment) string {
	said := insights.StateWords(one.Record, d.Now)
	if !one.saysItFailed() {
		said += "; that it failed says " + d.link(one.MendedBy[0], "", one.MendedBy[0].Title.Value)
	}
	return text.Join(" at ", said, d.failedSteps(one)) + "."
}

func (d *Draft) failedSteps(one *Deployment) string {
	return links(one.Failed, func(s Step) string { return d.link(one.Record, s.ID, s.Label) })
}

// cause is what the record's first issue says.
func (d *Draft) cause(one *Deployment) string {
	for i := range one.Notes {
		n := &one.Notes[i]
		if n.Kind != records.Issues {
			continue
		}
		what, helped := recall.InShort(n)
		said := d.link(one.Record, n.ID, "Issue") + ": " + sentence(what)
		if n.Issue != nil {
			if cause := n.Issue.Field("Root Cause"); cause != "" {
				said += " Cause: " + sentence(cause)
			}
		}
		if helped != "" {
			said += " What helped: " + sentence(helped)
		}
		return said
	}
	return "No issue was found in it that says why."
}

// sentence is a note's text that ends like a sentence.
func sentence(s string) string {
	return text.Sentence(text.Inline(text.Cut(s, noteLength), noteLength))
}

// recovery is how long it took until it was over, and what ended it.
func (d *Draft) recovery(one *Deployment) string {
	c, by := one.Counted, ""
	switch {
	case c != nil && c.By != nil && c.By.Record != one.Record:
		by = " by " + d.link(c.By.Record, "", c.By.Title.Value)
	case len(one.MendedBy) > 0:
		by = " by " + d.link(one.MendedBy[0], "", one.MendedBy[0].Title.Value)
	}
	switch {
	case c == nil && by == "":
		return ""
	case c == nil || c.Rollback:
		return text.Join("", "Mended", by, ".")
	case c.Lost == metrics.NotRecovered:
		return "No recovery was found in the records."
	case c.Lost != metrics.Known:
		return "How long it took to recover" + by + " is unknown: " + strings.ReplaceAll(string(c.Lost), "-", " ") + "."
	case c.Recovery < time.Minute:
		return "Recovered" + by + " within a minute."
	case c.AtMost:
		return "Recovered" + by + " after at most " + text.Age(c.Recovery) + "."
	}
	return "Recovered" + by + " after " + text.Age(c.Recovery) + "."
}

func (d *Draft) nearMisses(m *markdown) {
	if len(d.NearMisses) == 0 {
		m.line("Among those that succeeded no step was found that failed.")
	}
	list(m, d.NearMisses, mostItems, "", func(one *Deployment) string {
		said := d.named(one) + " succeeded, and this failed: " + d.failedSteps(one) + "."
		for _, s := range one.Failed {
			if fix := d.fixes[one.ID+"#"+s.ID].Fix; fix != "" {
				return said + " The record says: " + sentence(fix)
			}
		}
		return said + " What helped was found neither below the step nor in an issue that names it."
	})
}

func (d *Draft) again(m *markdown) {
	if len(d.Again)+len(d.Stumbled) == 0 {
		m.line("Nothing was found that was said a second time in the same words, and no step that failed again.")
	}
	list(m, d.Again, mostItems, " (`deploysite lessons`)", func(e *ledger.Entry) string {
		n, _ := d.newestIn(e)
		return fmt.Sprintf("%s, in %s: %s %s", kinds[n.Note.Kind], text.Count(d.countOf(e), "record"), sentence(n.Note.Summary()), links(d.recordsOf(e), d.dayLink))
	})
	list(m, d.Stumbled, mostItems, " (`deploysite steps`)", func(l *steplog.Line) string {
		return fmt.Sprintf("Step “%s” failed again: in %d of %d %s. %s", text.Inline(l.Label, titleLength), l.Of(records.StepFailed), l.N, d.upTo(),
			links(l.Failures, func(f steplog.Failure) string { return d.link(f.Record, f.StepID, d.day(f.Record)) }))
	})
}

var kinds = map[records.NoteKind]string{records.Lessons: "Lesson", records.Tips: "Tip", records.Issues: "Issue", records.Well: "Went well"}

// ledger is what became of what was said in the quarter.
func (d *Draft) ledger(m *markdown) {
	total := 0
	for _, state := range ledger.States {
		total += len(d.Fates[state])
	}
	if total == 0 && len(d.Learned) == 0 {
		m.line("No lesson, tip or issue was found in the records of this quarter%s.", d.soFar())
		return
	}
	m.line("Lessons, tips and issues of this quarter: %d.\n", total)
	for _, state := range ledger.States {
		if all := d.Fates[state]; len(all) > 0 {
			words := state.Words()
			m.line("- **%s: %d.**", strings.ToUpper(words[:1])+words[1:], len(all))
			d.few(m, all)
		}
	}
	if len(d.Learned) > 0 {
		m.line("- **Learned three times, and not in the checklist: %d.**", len(d.Learned))
		d.few(m, d.Learned)
	}
	m.line("\n`deploysite lessons --since %s --until %s` lists them. What a note became is decided in the checklist, by a comment with its name behind the step, or, during a deployment, by `deploystart lesson`.", d.From.Format(time.DateOnly), d.To.AddDate(0, 0, -1).Format(time.DateOnly))
}

// few lists the first of some entries below an item, in short.
func (d *Draft) few(m *markdown, all []*ledger.Entry) {
	for _, e := range all[:min(mostOfFate, len(all))] {
		n, ok := d.newestIn(e)
		if !ok {
			n = d.recordsOf(e)[0]
		}
		item := d.dayLink(n) + " " + text.Inline(text.Cut(n.Note.Summary(), titleLength), titleLength)
		switch fate := e.FateOf(n.Ref()); {
		case fate.Reason != "":
			item += " (" + text.Inline(fate.Reason, titleLength) + ")"
		case fate.StepKey != "":
			item += " (step `" + fate.StepKey + "`)"
		}
		m.line("  - %s", item)
	}
	if more := len(all) - mostOfFate; more > 0 {
		m.line("  - and %d more", more)
	}
}

func (d *Draft) steps(m *markdown) {
	back := d.Fates[ledger.CameBack]
	if len(d.Learned)+len(back)+len(d.Advice) == 0 {
		m.line("The records suggest none.")
	}
	list(m, d.Learned, mostItems, "", func(e *ledger.Entry) string {
		n := d.recordsOf(e)[0]
		return fmt.Sprintf("Add? Learned in %d records: %s %s. If so, behind the step in the checklist: `<!-- %s -->`", d.countOf(e), sentence(n.Note.Summary()), links(d.recordsOf(e), d.dayLink), n.Ref())
	})
	list(m, back, mostItems, "", func(e *ledger.Entry) string {
		n, _ := d.newestIn(e)
		return fmt.Sprintf("Sharpen `%s`? It did not prevent this: %s %s", e.FateOf(n.Ref()).StepKey, sentence(n.Note.Summary()), d.dayLink(n))
	})
	for _, do := range []string{steplog.Automate, steplog.Drop} {
		d.advise(m, do)
	}
}

// advise lists steps that may be a ritual, those for the same reason together.
func (d *Draft) advise(m *markdown, do string) {
	for _, sign := range []steplog.Sign{steplog.NeverFailed, steplog.OftenSkipped, steplog.MarkedAtOnce} {
		var all []*steplog.Line
		for _, l := range d.Advice {
			if s, _ := l.Suggestion(); s.Do == do && s.Sign == sign {
				all = append(all, l)
			}
		}
		if len(all) > 0 {
			m.line("- %s? %s, %s: %s. `deploysite steps` says more.", strings.ToUpper(do[:1])+do[1:], strings.ToUpper(d.upTo()[:1])+d.upTo()[1:], signs[sign], links(all, func(l *steplog.Line) string {
				s, _ := l.Suggestion()
				return fmt.Sprintf("“%s” (%d of %d)", text.Inline(l.Label, titleLength), s.K, s.N)
			}))
		}
	}
}

var signs = map[steplog.Sign]string{
	steplog.NeverFailed: "these never failed", steplog.OftenSkipped: "these were nearly always skipped",
	steplog.MarkedAtOnce: "these were often marked within a minute with everything else",
}

func (d *Draft) well(m *markdown) {
	if len(d.Well) == 0 {
		m.line("Nothing was found under what went well.")
	}
	seen, first := map[*records.Record]bool{}, []ledger.Mention(nil) // one of each record first
	for _, n := range d.Well {
		if !seen[n.Record] {
			seen[n.Record], first = true, append(first, n)
		}
	}
	first = first[:min(mostItems, len(first))]
	list(m, first, mostItems, "", func(n ledger.Mention) string {
		return d.link(n.Record, n.Note.ID, d.day(n.Record)+", "+n.Record.Title.Value) + ": " + sentence(n.Note.Summary())
	})
	if more := len(d.Well) - len(first); more > 0 {
		m.line("- and %d more", more)
	}
}

// decided are the open decisions of all reviews before, and those of the last one.
func (d *Draft) decided(m *markdown) {
	before := d.Before()
	if !d.Reviewed {
		m.line("There is no review of %s.", before.Title())
	}
	none := true
	for _, one := range d.Earlier {
		if one.State == Open || one.Of.Name() == before.Name() {
			if none && !d.Reviewed {
				m.line("")
			}
			none = false
			m.line("- %s %s", boxes[one.State], one.line())
		}
	}
	if !none {
		m.line("\nTick what is kept; a ⏭️ in place of its box drops a decision.")
	}
	if none && d.Reviewed {
		m.line("The review of [%s](%s) has none.", before.Title(), path.Base(before.File()))
	}
}

var boxes = map[State]string{Open: "[ ]", Kept: "[x]", Dropped: "⏭️"}

// line is a decision with who does it and until when.
func (one Decision) line() string {
	line := text.Inline(one.Text, 1000)
	if one.Owner != "" || one.By != "" {
		line += fmt.Sprintf(" (owner: %s, by: %s)", text.Inline(one.Owner, titleLength), text.Inline(one.By, titleLength))
	}
	return line
}

func (d *Draft) decide(m *markdown) {
	m.line("At most three, each with somebody's name and a day.\n")
	for range newDecisions {
		m.line("- [ ] … (owner: , by: )")
	}
}
