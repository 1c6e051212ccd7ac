package briefing

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/deploysite/deploysite/internal/ledger"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
	"github.com/deploysite/deploysite/internal/tty"
)

// What a terminal of 80 columns and 24 lines shows of a briefing. The record has
// more.
const (
	labelWidth   = 12
	shownTips    = 3
	shownLearned = 2
	shownSteps   = 2
	shownFiles   = 3
	shownLog     = 3
	shownOpen    = 2
	shownNewer   = 2
	shownLength  = 110 // characters of a tip
	shownFix     = 60  // characters of what helped
)

// Terminal is the briefing for a terminal, "" where there is nothing to say.
func (b *Briefing) Terminal() string {
	if b == nil || b.IsEmpty() && (b.all() == 0 || len(b.start.Services) == 0) {
		return ""
	}
	t := tty.Table{Labels: labelWidth}
	t.Add("Last time", b.lastLines()...)
	t.Add("Tips", some(b.Tips, shownTips, "tip", ": deploystart tip", tipLine)...)
	t.Add("Learned", some(b.Learned, shownLearned, "note", ": deploysite lessons", learnedLine)...)
	t.Add("Steps", some(b.Steps, shownSteps, "step", "", b.stepLine)...)
	t.Add("Changes", b.changeLines()...)
	t.Add("Open", some(b.otherOpen(), shownOpen, "deployment", "", b.openLine)...)
	if said := b.LookedAt(); said != "" {
		t.Add("", said)
	}
	return "\n" + t.String() + "\n"
}

// KnowsService reports whether a deployment of the service is on record. Without a
// briefing nobody wants to hear of it.
func (b *Briefing) KnowsService() bool { return b == nil || b.Last != nil || b.Elsewhere != nil }

func (b *Briefing) lastLines() (lines []string) {
	none := "none to " + text.Cut(b.start.Environment, 60) + " is known"
	switch {
	case b.Last != nil:
		lines = append(lines, b.endedLine(b.Last))
	case b.Elsewhere != nil:
		lines = append(lines, none+"; elsewhere:", b.endedLine(b.Elsewhere))
	case len(b.Unplaced) > 0:
		lines = append(lines, none)
	case len(b.start.Services) > 0:
		return []string{"no deployment of " + text.Cut(strings.Join(b.start.Services, ", "), 60) + " is known"}
	}
	lines = append(lines, some(b.Unplaced, shownNewer, "deployment", " to an unknown environment", b.unplacedLine)...)
	if b.Succeeded != nil && b.Succeeded != b.Last {
		lines = append(lines, "The last that succeeded: "+b.endedLine(b.Succeeded))
	}
	return lines
}

// unplacedLine names what may have gone to this environment, as nobody wrote
// where it went.
func (b *Briefing) unplacedLine(r *records.Record) string {
	return b.unplacedLabel() + ": " + b.endedLine(r)
}

func (b *Briefing) unplacedLabel() string {
	if b.Last == nil {
		return "To an unknown environment"
	}
	return "Newer, to an unknown environment"
}

// endedLine says how a deployment ended, when, how long it took and by whom.
func (b *Briefing) endedLine(r *records.Record) string {
	at := when(r)
	if days := ago(r, b.start.Now); days != "" {
		at += " (" + days + ")"
	}
	return text.Cut(r.Title.Value, 60) + " " + text.Join(", ", b.outcomeAt(r, at), lasted(r), text.Cut(b.people(r), 60)) + " [" + r.ID + "]"
}

// learnedLine is what was learned again and again, with the name by which deploystart
// lesson knows it.
func learnedLine(e *ledger.Entry) string {
	n := e.Newest()
	return fmt.Sprintf("%d times, and not in the checklist: %s [%s]", e.Count(), text.Cut(n.Note.Summary(), shownLength), n.Ref())
}

func tipLine(tip OpenNote) string {
	line := text.Cut(tip.Note.Text, shownLength) + " [" + tip.Record.ID + "]"
	if tip.Times > 1 {
		line += fmt.Sprintf(", said %d times", tip.Times)
	}
	return line
}

func (b *Briefing) stepLine(t StepTrouble) string {
	line := text.Cut(t.Step.Label, 60) + ": " + b.often(t)
	if t.Fix != "" {
		line += ". “" + text.Cut(t.Fix, shownFix) + "” [" + t.FixIn.ID + "]"
	}
	return line
}

// often is how often a step failed and was skipped, and where.
func (b *Briefing) often(t StepTrouble) string {
	var parts []string
	if n := len(t.Failed); n > 0 {
		parts = append(parts, fmt.Sprintf("failed in %d", n))
	}
	if n := len(t.Skipped); n > 0 {
		parts = append(parts, fmt.Sprintf("skipped in %d", n))
	}
	return strings.Join(parts, ", ") + " of " + text.Count(t.Of, "deployment") + b.whereSteps(t)
}

// whereSteps names the environments, unless it is this one alone.
func (b *Briefing) whereSteps(t StepTrouble) string {
	var names []string
	elsewhere := false
	for _, name := range t.Environments() {
		elsewhere = elsewhere || !text.Same(name, b.start.Environment)
		names = append(names, text.Cut(cmp.Or(name, "an unknown environment"), 30))
	}
	if !elsewhere {
		return ""
	}
	return " (" + strings.Join(names, ", ") + ")"
}

func (b *Briefing) changeLines() (lines []string) {
	c := b.changes
	if c == nil {
		return nil
	}
	since := "since " + c.name()
	switch {
	case c.problem != "":
		return []string{"unknown " + since + ": " + text.Cut(c.problem, 200)}
	case c.isSame():
		return []string{"none: it is the commit of " + c.name()}
	case c.none():
		return []string{"none but of records " + since}
	}
	lines = append(lines, c.count()+" "+since)
	for _, e := range c.Added[:min(shownLog, len(c.Added))] {
		lines = append(lines, fmt.Sprintf("  %.7s %s", e.Hash, text.Cut(e.Subject, 56)))
	}
	if len(c.Added) > shownLog {
		lines = append(lines, fmt.Sprintf("  … git log %.7s..%.7s", c.from, c.to))
	}
	return append(lines, c.warnings()...)
}

// name is the record that the changes are counted from.
func (c *changes) name() string {
	if c.from == "" {
		return when(c.since)
	}
	return text.Join(" ", cmp.Or(text.Cut(c.since.Version.Value, 30), "the last one"), fmt.Sprintf("(%.7s, %s)", c.from, day(c.since)))
}

// warnings are the lines that nobody should miss.
func (c *changes) warnings() (lines []string) {
	if n := len(c.Missing); n > 0 {
		lines = append(lines, fmt.Sprintf("Careful: %s of that time %s not in this one: %.7s %s",
			text.Count(n, "commit"), text.Is(n), c.Missing[0].Hash, text.Cut(c.Missing[0].Subject, 56)))
	}
	if c.Shallow {
		lines = append(lines, "This clone is shallow: some of these may be older.")
	}
	return append(lines, some(c.suspects, shownFiles, "changed file", " that earlier trouble names", func(f suspectFile) string {
		return "Careful: " + text.Cut(f.File, 100) + " changed; " + f.Record.ID + " names it in what went wrong"
	})...)
}

func (b *Briefing) openLine(r *records.Record) string {
	return text.Join(", ", text.Cut(r.Title.Value, 60), text.Cut(b.people(r), 60), b.planned(r)) + " [" + r.ID + "]"
}

// planned says of a record that its day has not come yet.
func (b *Briefing) planned(r *records.Record) string {
	if r.IsPlanned(b.start.Now) {
		return "planned for " + when(r)
	}
	return ""
}

// some says the first of a list, at most so many. If more are left, it adds how
// many of what, and where they are.
func some[T any](all []T, most int, what, where string, say func(T) string) (lines []string) {
	for _, one := range all[:min(most, len(all))] {
		lines = append(lines, say(one))
	}
	if left := len(all) - len(lines); left > 0 {
		lines = append(lines, "and "+text.Count(left, "more "+what)+where)
	}
	return lines
}
