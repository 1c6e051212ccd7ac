// Package ledger tells what became of what deployments taught: of each lesson, tip and
// issue when it was first and last seen, how often, and its fate. It touches no disk.
//
//	l := ledger.Of(ledger.History{Records: marked, Checklist: ledger.Marks(checklist)})
//	for _, e := range l.Entries {
//		fmt.Println(e.Count(), e.Fate().State, e.Newest().Note.Text)
//	}
//
// Only notes in the same words are joined. Where others may say the same, that is a
// proposal, [Entry.Maybe], until people confirm or refuse it.
package ledger

import (
	"bytes"
	"html"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/records"
)

// People decide on a note by a comment that names it, in a later record, in the
// checklist, or beside another note:
//
//	- [ ] **Purge the cache first** <!-- tip: 2024-08-31-14-30#tip-purge-the-cache -->
//	- Purge the cache first — dismissed by Ada Park: there is no cache any more <!-- tip: 2024-08-31-14-30#tip-purge-the-cache dismissed -->
//	- The cache was stale again <!-- same: 2024-08-31-14-30#issue-stale-cache -->
//	- Warm the cache <!-- apart: 2024-08-31-14-30#tip-purge-the-cache -->
//
// The first makes it a step, the second turns it down, the others say that two notes
// tell the same or do not. The word "tip:" before what is taken up or dismissed may be
// any, or none. A comment "same:" or "apart:" that names two notes may stand anywhere. A
// note that no comment names is open.

// A Ref names a note: the ID of its record and its own.
type Ref struct{ Record, Note string }

// String is the form in comments and on the command line:
// "2024-08-31-14-30#tip-purge-the-cache".
func (r Ref) String() string { return r.Record + "#" + r.Note }

// ParseRef reads the form of [Ref.String].
func ParseRef(s string) (Ref, bool) {
	refs := refsIn([]byte(s))
	if len(refs) != 1 || refs[0].String() != s {
		return Ref{}, false
	}
	return refs[0].Ref, true
}

// Refs finds whatever looks like a reference to a note in a record's source, without
// parsing it: in comments, but in links and elsewhere, too.
func Refs(source []byte) (refs []Ref) {
	for _, found := range refsIn(source) {
		refs = append(refs, found.Ref)
	}
	return refs
}

// foundRef is a reference in a text.
type foundRef struct {
	Ref
	dismissed bool // the word that turns the note down follows
}

// kinds begin the IDs of notes.
var kinds = []string{"tip-", "lesson-", "issue-", "well-"}

func refsIn(text []byte) (refs []foundRef) {
	for {
		i := bytes.IndexByte(text, '#')
		if i < 0 {
			return refs
		}
		record := bytes.TrimLeft(text[bytes.LastIndexFunc(text[:i], notInID)+1:i], "-_") // "<!--2024"
		text = text[i+1:]
		if len(record) == 0 || !slices.ContainsFunc(kinds, func(kind string) bool { return bytes.HasPrefix(text, []byte(kind)) }) {
			continue
		}
		note := text
		if end := bytes.IndexAny(text, " \t\r\n<>"); end >= 0 {
			note = text[:end]
		}
		rest := bytes.TrimLeft(text[len(note):], " \t\r\n")
		// A note's ID is a slug, which ends in a letter or digit.
		note = bytes.TrimRight(note, "-,;:.)]}\"'`")
		if bytes.IndexByte(note, '-') > 0 {
			refs = append(refs, foundRef{Ref{string(record), string(note)}, bytes.HasPrefix(rest, []byte("dismissed"))})
		}
	}
}

// notInID tells what no record's ID has.
func notInID(r rune) bool {
	return r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
}

// A Verdict is what a comment says of a note.
type Verdict string

// The verdicts.
const (
	Accept  Verdict = "accept"  // it is a step
	Dismiss Verdict = "dismiss" // it is turned down
	Same    Verdict = "same"    // it tells the same as another
	Apart   Verdict = "apart"   // it does not
)

// A Mark is what one comment says of one note.
type Mark struct {
	Note    Ref
	Verdict Verdict
	Other   Ref    // the note that it is the same as, or apart from
	StepID  string // of the step that the note became
	StepKey string
	By      string // who dismissed it, "" where nobody wrote it
	Reason  string // plain text, "" where nobody wrote one
}

// Marks finds the comments of a record, or of the checklist, that decide on notes, in
// the order of the text. It needs the record's source and tree, which [records.Load]
// lets go: call it while they are there.
func Marks(r *records.Record) (marks []Mark) {
	if len(refsIn(r.Source)) == 0 {
		return nil
	}
	keys := map[string]string{}
	for i := range r.Steps {
		keys[r.Steps[i].ID] = r.Steps[i].Key
	}
	for _, c := range insights.Comments(r) {
		if verdict := judging(c.Text); verdict != "" {
			marks = append(marks, pairMark(r, c, verdict)...)
			continue
		}
		for _, ref := range refsIn(c.Text) {
			mark := Mark{Note: ref.Ref, Verdict: Accept, StepID: c.StepID, StepKey: keys[c.StepID]}
			if ref.dismissed {
				mark = Mark{Note: ref.Ref, Verdict: Dismiss}
				mark.By, mark.Reason = dismissal(before(r, c))
			} else if c.StepID == "" {
				continue // a note that is only spoken of
			}
			marks = append(marks, mark)
		}
	}
	return marks
}

// judging is the verdict on a pair of notes with which a comment begins, else "".
func judging(comment []byte) Verdict {
	for _, v := range []Verdict{Same, Apart} {
		if bytes.HasPrefix(bytes.TrimSpace(comment), []byte(v+":")) {
			return v
		}
	}
	return ""
}

// pairMark reads a comment on two notes, of which the first may be the one that it
// stands in.
func pairMark(r *records.Record, c insights.Comment, verdict Verdict) []Mark {
	refs := Refs(c.Text)
	if len(refs) == 1 {
		i := slices.IndexFunc(r.Notes, func(n records.Note) bool { return n.Span.Start <= c.At && c.At < n.Span.End })
		if i < 0 {
			return nil
		}
		refs = []Ref{{r.ID, r.Notes[i].ID}, refs[0]}
	}
	if len(refs) != 2 {
		return nil
	}
	return []Mark{{Note: refs[0], Verdict: verdict, Other: refs[1]}}
}

// before is the text of the block that a comment stands in, or, in HTML, of its line.
func before(r *records.Record, c insights.Comment) string {
	if c.Node.Kind() == ast.KindHTMLBlock {
		line := r.Source[bytes.LastIndexByte(r.Source[:c.At], '\n')+1 : c.At]
		return html.UnescapeString(string(tag.ReplaceAll(line, nil)))
	}
	n := c.Node
	for n.Type() == ast.TypeInline && n.Parent() != nil {
		n = n.Parent()
	}
	return r.Plain(n)
}

var tag = regexp.MustCompile(`<[^>]*>`)

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
