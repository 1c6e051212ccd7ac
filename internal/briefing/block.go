package briefing

import (
	"fmt"
	"strings"

	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/ledger"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// What a record shows of a briefing.
const (
	blockTips    = 5
	blockLearned = 3
	blockSteps   = 5
	blockFiles   = 5
	blockLog     = 10
	blockOpen    = 3
	blockNewer   = 3
	blockLength  = 300 // characters of a text
)

// Insert puts the briefing into a record, as a block that is closed at first,
// below its title. The block holds no step, no note and no fact. Where the record
// would be read otherwise with it, in a checklist that nobody thought of, there
// is an error.
func (b *Briefing) Insert(content []byte, opt records.Options) ([]byte, error) {
	if b.IsEmpty() {
		return content, nil
	}
	add := records.Unread(func(r *records.Record) [][]records.Edit {
		at, block := insights.BelowTitle(r), "\n\n"+b.block()
		if at == r.Document.Body.Start {
			block = "\n" + b.block() + "\n"
		}
		return [][]records.Edit{{{Span: text.Span{Start: at, End: at}, Text: block}}}
	})
	with, err := add(records.Parse("record.md", content, opt))
	if err != nil {
		return nil, err
	}
	return with.Source, nil
}

// block is the briefing as Markdown. Each item begins with words of ours or
// with a link, so that no text of an old record can be taken for a mark, a
// label or a heading of the new one.
func (b *Briefing) block() string {
	var m markdown
	m.WriteString(insights.BlockBegin + b.summary() + "</summary>\n\n")
	m.list(b.lastText(), nil)
	m.list("Tips that nobody has taken up yet:", some(b.Tips, blockTips, "tip", "", tipItem))
	m.list("Learned three times or more, and not in the checklist:", some(b.Learned, blockLearned, "note", "", learnedItem))
	last := "the last deployment"
	if b.Of > 1 {
		last = fmt.Sprintf("the last %d deployments", b.Of)
	}
	m.list(fmt.Sprintf("Steps that failed or were skipped in %s of %s:", last, text.Inline(strings.Join(b.start.Services, ", "), 60)), some(b.Steps, blockSteps, "step", "", b.stepItem))
	if b.changes != nil {
		m.list(b.changes.text(), some(b.changes.Added, blockLog, "commit", "", logItem))
		m.list("Changed files that earlier trouble names:", some(b.changes.suspects, blockFiles, "file", "", fileItem))
	}
	m.list("Open:", some(b.otherOpen(), blockOpen, "deployment", "", b.openItem))
	m.list(b.LookedAt(), nil)
	m.WriteString("</details>")
	return m.String()
}

// summary is what is seen while the block is closed: numbers and words of ours.
func (b *Briefing) summary() string {
	var parts []string
	switch {
	case b.Last != nil && b.Last.IsPast(b.start.Now):
		parts = append(parts, "last time with an unknown outcome")
	case b.Last != nil:
		parts = append(parts, "last time "+insights.StateWords(b.Last, b.start.Now))
	case b.Elsewhere != nil || len(b.Unplaced) > 0:
		parts = append(parts, "not known here before")
	}
	if n := len(b.Unplaced); n > 0 {
		parts = append(parts, fmt.Sprintf("%d to an unknown environment", n))
	}
	if n := len(b.Tips); n > 0 {
		parts = append(parts, text.Count(n, "tip"))
	}
	if n := len(b.Learned); n > 0 {
		parts = append(parts, fmt.Sprintf("%d learned again", n))
	}
	if n := len(b.Steps); n > 0 {
		parts = append(parts, text.Count(n, "step")+" to watch")
	}
	if c := b.changes; c != nil && len(c.Added) > 0 {
		parts = append(parts, strings.ToLower(c.count()))
	}
	if n := len(b.otherOpen()); n > 0 {
		parts = append(parts, fmt.Sprintf("%d open", n))
	}
	return strings.Join(parts, ", ")
}

func (b *Briefing) lastText() string {
	var said []string
	if b.Last != nil {
		said = append(said, text.Sentence("Last time: "+b.ended(b.Last)))
	} else if b.Elsewhere != nil || len(b.Unplaced) > 0 {
		said = append(said, "No earlier deployment to "+text.Inline(b.start.Environment, 60)+" is known.")
	}
	if b.Elsewhere != nil {
		said = append(said, text.Sentence("The last to elsewhere: "+b.ended(b.Elsewhere)))
	}
	if len(b.Unplaced) > 0 {
		said = append(said, b.unplacedText())
	}
	if b.Succeeded != nil && b.Succeeded != b.Last {
		said = append(said, text.Sentence("The last that succeeded: "+b.ended(b.Succeeded)))
	}
	return strings.Join(said, " ")
}

func (b *Briefing) unplacedText() string {
	return text.Sentence(b.unplacedLabel() + ": " + strings.Join(some(b.Unplaced, blockNewer, "deployment", "", b.ended), "; "))
}

func (b *Briefing) ended(r *records.Record) string {
	return link(text.Inline(r.Title.Value, 80), r, "") + " " +
		text.Join(", ", b.outcomeAt(r, when(r)), lasted(r), text.Inline(b.people(r), 80))
}

// tipItem is a tip with its address, which is how it is found again when it is
// taken up or dismissed.
func tipItem(tip OpenNote) string {
	item := link(day(tip.Record), tip.Record, tip.Note.ID) + " " + text.Inline(tip.Note.Text, blockLength)
	if tip.Times > 1 {
		item += fmt.Sprintf(" (said %d times)", tip.Times)
	}
	return item
}

func learnedItem(e *ledger.Entry) string {
	n := e.Newest()
	return link(day(n.Record), n.Record, n.Note.ID) + " " + text.Inline(n.Note.Summary(), blockLength) + fmt.Sprintf(" (%d times)", e.Count())
}

func (b *Briefing) stepItem(t StepTrouble) string {
	newest := t.worst()[0]
	item := link(day(newest), newest, "") + " **" + text.Inline(t.Step.Label, 80) + "**: " + text.Inline(b.often(t), 200)
	if t.Fix != "" {
		item += ". “" + text.Inline(t.Fix, blockLength) + "”"
		if t.FixIn != newest {
			item += " " + link(day(t.FixIn), t.FixIn, "")
		}
	}
	return item
}

// text says how much changed since when.
func (c *changes) text() string {
	since := "since " + text.Inline(c.name(), 80)
	switch {
	case c.problem != "":
		return "What changed " + since + " is unknown: " + text.Inline(c.problem, 200) + "."
	case c.isSame():
		return "Nothing changed: it is the commit of " + text.Inline(c.name(), 80) + "."
	case c.none():
		return "Nothing changed but records " + since + "."
	}
	said := c.count() + " " + since
	if n := len(c.Missing); n > 0 {
		said += fmt.Sprintf("; %s of that time %s not in this one: %.7s %s",
			text.Count(n, "commit"), text.Is(n), c.Missing[0].Hash, text.Inline(c.Missing[0].Subject, 80))
	}
	if c.Shallow {
		said += "; this clone is shallow, so some of them may be older"
	}
	if len(c.Added) == 0 {
		return said + "."
	}
	return said + ":"
}

func logItem(e git.LogEntry) string {
	return fmt.Sprintf("`%.7s` %s", e.Hash, text.Inline(e.Subject, 100))
}

func fileItem(f suspectFile) string {
	return link(day(f.Record), f.Record, "") + " " + text.Inline(f.File, 120)
}

func (b *Briefing) openItem(r *records.Record) string {
	return link(when(r), r, "") + " " + text.Join(", ", text.Inline(r.Title.Value, 80), text.Inline(b.people(r), 80), b.planned(r))
}

// markdown writes paragraphs and lists.
type markdown struct{ strings.Builder }

// list writes a paragraph and the items below it. Without a text, or without the
// items that it announces, it writes nothing.
func (m *markdown) list(text string, items []string) {
	if text == "" || len(items) == 0 && strings.HasSuffix(text, ":") {
		return
	}
	m.WriteString(text + "\n\n")
	for _, item := range items {
		m.WriteString("- " + item + "\n")
	}
	if len(items) > 0 {
		m.WriteString("\n")
	}
}

// link is a link to another record, to one of its notes where an ID is given.
func link(text string, r *records.Record, note string) string {
	return "[" + text + "](" + r.Target(note) + ")"
}
