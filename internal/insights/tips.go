package insights

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// A tip is written in one record and decided on in a later one, by a comment
// that names it:
//
//   - [ ] **Purge the cache first** <!-- tip: 2024-08-31-14-30#tip-purge-the-cache -->
//   - Purge the cache first — dismissed by Ada Park: there is no cache any more <!-- tip: 2024-08-31-14-30#tip-purge-the-cache dismissed -->
//
// The first makes it a step of that record, the second turns it down. The
// checklist takes a tip up in the same way, the word "tip:" being optional. A tip
// that no comment names is open: it was left for next time.

// TipRef names a tip: the ID of its record and its own.
type TipRef struct{ Record, Note string }

// String is the form in comments and on the command line:
// "2024-08-31-14-30#tip-purge-the-cache".
func (t TipRef) String() string { return t.Record + "#" + t.Note }

// ParseTipRef reads the form of [TipRef.String].
func ParseTipRef(s string) (TipRef, bool) {
	refs := tipRefs([]byte(s))
	if len(refs) != 1 || refs[0].String() != s {
		return TipRef{}, false
	}
	return refs[0].TipRef, true
}

// TipRefs finds whatever looks like a reference to a tip in a record's source,
// without parsing it: in comments, but in links and elsewhere, too.
func TipRefs(source []byte) (refs []TipRef) {
	for _, found := range tipRefs(source) {
		refs = append(refs, found.TipRef)
	}
	return refs
}

// foundRef is a reference in a text.
type foundRef struct {
	TipRef
	dismissed bool // the word that turns the tip down follows
}

func tipRefs(text []byte) (refs []foundRef) {
	const middle = "#tip-"
	for {
		i := bytes.Index(text, []byte(middle))
		if i < 0 {
			return refs
		}
		record := bytes.TrimLeft(text[bytes.LastIndexFunc(text[:i], notInID)+1:i], "-_") // "<!--2024"
		text = text[i+1:]
		note := text
		if end := bytes.IndexAny(text, " \t\r\n<>"); end >= 0 {
			note = text[:end]
		}
		rest := bytes.TrimLeft(text[len(note):], " \t\r\n")
		// A tip's ID is a slug, which ends in a letter or digit.
		note = bytes.TrimRight(note, "-,;:.)]}\"'`")
		if len(record) > 0 && record[0] >= '0' && record[0] <= '9' && len(note) >= len(middle) {
			refs = append(refs, foundRef{TipRef{string(record), string(note)}, bytes.HasPrefix(rest, []byte("dismissed"))})
		}
	}
}

// notInID tells what no record's ID has.
func notInID(r rune) bool {
	return r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
}

// TipMark is what one comment says about one tip.
type TipMark struct {
	Tip       TipRef
	StepID    string // of the step that the tip became, "" where it was dismissed
	Dismissed bool
	By        string // who dismissed it, "" where nobody wrote it
	Reason    string // plain text, "" where nobody wrote one
}

// TipMarks finds the comments of a record, or of the checklist, that decide on
// tips, in the order of the text. It needs the record's source and tree, which
// [records.Load] lets go: call it while they are there.
func TipMarks(r *records.Record) []TipMark {
	if r.Document.Root == nil || !bytes.Contains(r.Source, []byte("#tip-")) {
		return nil
	}
	steps := stepIDs(r)
	var marks []TipMark
	ast.Walk(r.Document.Root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if text := comment(r, n); entering && text != nil {
			marks = append(marks, marksIn(r, n, text, steps)...)
		}
		return ast.WalkContinue, nil
	})
	return marks
}

// stepIDs are the IDs of steps by their nodes.
func stepIDs(r *records.Record) map[ast.Node]string {
	steps := map[ast.Node]string{}
	for i := range r.Steps {
		steps[r.Steps[i].Node] = r.Steps[i].ID
	}
	return steps
}

// comment is a node's text if it is a comment.
func comment(r *records.Record, n ast.Node) (text []byte) {
	switch n := n.(type) {
	case *ast.RawHTML:
		text = n.Segments.Value(r.Source)
	case *ast.HTMLBlock:
		text = n.Lines().Value(r.Source)
		if n.HasClosure() {
			text = append(text, n.ClosureLine.Value(r.Source)...)
		}
	}
	text, begins := bytes.CutPrefix(bytes.TrimSpace(text), []byte("<!--"))
	text, ends := bytes.CutSuffix(text, []byte("-->"))
	if !begins || !ends { // "<!-->" is one of nothing
		return nil
	}
	return text
}

func marksIn(r *records.Record, n ast.Node, text []byte, steps map[ast.Node]string) (marks []TipMark) {
	for _, ref := range tipRefs(text) {
		mark := TipMark{Tip: ref.TipRef, Dismissed: ref.dismissed}
		if ref.dismissed {
			mark.By, mark.Reason = dismissal(around(r, n))
		} else if mark.StepID = stepAround(n, steps); mark.StepID == "" {
			continue // a tip that is only spoken of
		}
		marks = append(marks, mark)
	}
	return marks
}

// stepAround is the ID of the step that a node stands in.
func stepAround(n ast.Node, steps map[ast.Node]string) string {
	for ; n != nil; n = n.Parent() {
		if id, ok := steps[n]; ok {
			return id
		}
	}
	return ""
}

// around is the text of the block that a node stands in.
func around(r *records.Record, n ast.Node) string {
	for n.Type() == ast.TypeInline && n.Parent() != nil {
		n = n.Parent()
	}
	return r.Plain(n)
}

var dismissedBy = regexp.MustCompile(`^\s*(?:by\s+([^:]+?))?\s*(?:[:,–—-]\s*(.*))?$`)

// dismissal reads "… dismissed by Ada Park: there is no cache any more".
func dismissal(text string) (by, reason string) {
	const word = "dismissed"
	i := strings.LastIndex(text, word+" by ") // a reason may say "dismissed" again
	if i < 0 {
		i = strings.LastIndex(text, word)
	}
	if i < 0 {
		return "", ""
	}
	rest := text[i+len(word):]
	if m := dismissedBy.FindStringSubmatch(rest); m != nil {
		return m[1], strings.TrimSpace(m[2])
	}
	return "", strings.TrimSpace(rest)
}

// TipState is what became of a tip.
type TipState string

// The states of a tip.
const (
	TipOpen      TipState = "open"
	TipAccepted  TipState = "accepted"
	TipDismissed TipState = "dismissed"
)

// StateIn is what the marks of one record decide on a tip.
func StateIn(marks []TipMark, ref TipRef) TipState {
	for _, m := range marks {
		switch {
		case m.Tip != ref:
		case m.Dismissed:
			return TipDismissed
		default:
			return TipAccepted
		}
	}
	return TipOpen
}

// Fate is what became of one tip, and where that was decided.
type Fate struct {
	State     TipState
	Record    *records.Record // that decided; nil while it is open, and for the checklist
	Checklist bool            // the checklist took it up
	StepID    string          // of the step that it became, in Record or in the checklist
	By        string          // who dismissed it, "" where unknown
	Reason    string          // why it was dismissed, "" where nobody wrote it
}

// Marked is a record with the marks that [TipMarks] found in it.
type Marked struct {
	Record *records.Record
	Marks  []TipMark
}

// Fates tells of each tip in a history what became of it. checklist has the
// marks of the checklist, or nil.
//
// The checklist counts before records. Of records the earliest that accepted a
// tip counts; where none did, the latest that dismissed it. What was decided on a
// tip holds for those of other records that say the same in the same words, case
// and punctuation aside, if it was decided in a later deployment. Where the
// decision came first, somebody says it again.
func Fates(history []Marked, checklist []TipMark) map[TipRef]Fate {
	decided := decisions(history, checklist)
	byWords := map[string][]Fate{}
	eachTip(history, func(ref TipRef, _ *records.Record, n *records.Note) {
		if fate, ok := decided[ref]; ok {
			w := text.Bare(n.Text)
			byWords[w] = append(byWords[w], fate)
		}
	})
	fates := map[TipRef]Fate{}
	eachTip(history, func(ref TipRef, r *records.Record, n *records.Note) {
		fate, ok := decided[ref]
		for _, other := range byWords[text.Bare(n.Text)] {
			if ok {
				break
			}
			if other.Checklist || other.Record.Started.Time.After(r.Started.Time) {
				fate, ok = other, true
			}
		}
		if !ok {
			fate = Fate{State: TipOpen}
		}
		fates[ref] = fate
	})
	return fates
}

func eachTip(history []Marked, do func(TipRef, *records.Record, *records.Note)) {
	for _, m := range history {
		for i := range m.Record.Notes {
			if n := &m.Record.Notes[i]; n.Kind == records.Tips {
				do(TipRef{m.Record.ID, n.ID}, m.Record, n)
			}
		}
	}
}

// decisions are the fates of the tips that some comment names.
func decisions(history []Marked, checklist []TipMark) map[TipRef]Fate {
	decided := map[TipRef]Fate{}
	for _, m := range history {
		for _, mark := range m.Marks {
			fate := fateBy(mark, m.Record)
			if before, ok := decided[mark.Tip]; !ok || outranks(fate, before) {
				decided[mark.Tip] = fate
			}
		}
	}
	for _, mark := range checklist {
		fate := fateBy(mark, nil)
		fate.Checklist = true
		decided[mark.Tip] = fate
	}
	return decided
}

func fateBy(mark TipMark, r *records.Record) Fate {
	fate := Fate{State: TipAccepted, Record: r, StepID: mark.StepID, By: mark.By, Reason: mark.Reason}
	if mark.Dismissed {
		fate.State = TipDismissed
	}
	return fate
}

// outranks tells whether a decision counts before another.
func outranks(a, b Fate) bool {
	if a.State != b.State {
		return a.State == TipAccepted
	}
	earlier := a.Record.Started.Time.Before(b.Record.Started.Time)
	if a.State == TipAccepted {
		return earlier
	}
	return !earlier
}
