package ledger

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// ErrDecided says that a record decides on a note already.
var ErrDecided = errors.New("this record decides on it already, as deploystart lesson shows; to decide otherwise, take the step or the remark out of the record first, by deploystart undo if that was the last change")

// AcceptNote is the change that makes a note a pending step of a record: in the
// section of that title, or where it is "" in one of its own above the others.
func AcceptNote(m Mention, section string) records.Change {
	step := records.NewStep{Text: asStep(m.Note), Comment: named(m), Section: section}
	return decide(Mark{Note: m.Ref(), Verdict: Accept}, records.AddStep(step))
}

// named is what a comment says to name a note: "tip: 2024-08-31-14-30#tip-x".
func named(m Mention) string { return string(m.Note.Kind) + ": " + m.Ref().String() }

// asStep is what a step says of a note: of an issue how it is prevented, if it says so.
func asStep(n *records.Note) string {
	if n.Issue == nil {
		return n.Said()
	}
	return cmp.Or(n.Issue.Field("Prevention"), n.Issue.Title, n.Text)
}

// DismissNote is the change that turns a note down in a record: behind the note in the
// briefing, or where it is not there in a list like it. by may be "".
func DismissNote(m Mention, by, reason string) records.Change {
	ref := m.Ref()
	remark := " — dismissed"
	if by != "" {
		remark += " by " + text.Inline(strings.ReplaceAll(by, ":", ""), 80)
	}
	remark += ": " + text.Inline(reason, 300) + " <!-- " + named(m) + " dismissed -->"
	return decide(Mark{Note: ref, Verdict: Dismiss}, firstOf(func(r *records.Record) []records.Edit {
		return []records.Edit{behindNote(r, ref, remark), behindNotes(r, m, remark), belowBriefing(r, m, remark)}
	}))
}

// Judge is the change that says, in the record of a note, whether it tells the same as
// another one.
func Judge(note Mention, verdict Verdict, other Ref) records.Change {
	remark := "<!-- " + string(verdict) + ": " + other.String() + " -->"
	return decide(Mark{Note: note.Ref(), Verdict: verdict, Other: other}, firstOf(func(r *records.Record) []records.Edit {
		return within(r, note.Note.ID, remark)
	}))
}

// firstOf makes the first of some edits with which the record is read as before.
func firstOf(edits func(*records.Record) []records.Edit) records.Change {
	return records.Unread(func(r *records.Record) (ways [][]records.Edit) {
		for _, e := range edits(r) {
			if e.Text != "" {
				ways = append(ways, []records.Edit{e})
			}
		}
		return ways
	})
}

// decide makes a change that decides on a note once, and sees that it does.
func decide(mark Mark, change records.Change) records.Change {
	decides := func(m Mark) bool {
		if mark.Other != (Ref{}) {
			return m.Other != (Ref{}) && pairing(m) == pairing(mark)
		}
		return m.Note == mark.Note && m.Other == (Ref{})
	}
	return func(r *records.Record) (*records.Record, error) {
		before, _ := last(Marks(r), decides)
		if before.Verdict == mark.Verdict || before.Verdict != "" && mark.Other == (Ref{}) {
			return nil, ErrDecided
		}
		after, err := change(r)
		if err != nil {
			return nil, err
		}
		if now, ok := last(Marks(after), decides); !ok || now.Verdict != mark.Verdict {
			return nil, fmt.Errorf("what is decided on %s would not be found in this record; write it with an editor", mark.Note)
		}
		return after, nil
	}
}

// last is the last mark that decides.
func last(marks []Mark, decides func(Mark) bool) (found Mark, ok bool) {
	for _, m := range marks {
		if decides(m) {
			found, ok = m, true
		}
	}
	return found, ok
}

// within writes a remark at the end of a line of a note, before a stamp there: of the
// last one of its first block, or of a structured issue's heading, rather than of
// another; or behind all of it.
func within(r *records.Record, id, remark string) (edits []records.Edit) {
	i := slices.IndexFunc(r.Notes, func(n records.Note) bool { return n.ID == id })
	if i < 0 {
		return nil
	}
	note := r.Source[r.Notes[i].Span.Start:r.Notes[i].Span.End]
	write := func(at int, comment string) {
		at += r.Notes[i].Span.Start
		edits = append(edits, records.Edit{Span: text.Span{Start: at, End: at}, Text: comment})
	}
	ends := lineEnds(note)
	if last := lastLine(r.Notes[i]); last > 0 {
		slices.SortStableFunc(ends, func(a, b lineEnd) int { return cmp.Compare(max(0, last-a.at), max(0, last-b.at)) })
	}
	for _, e := range ends {
		if stamp := bytes.LastIndex(e.line, []byte("<!--")); stamp > 0 && !r.Notes[i].Stamp.At.IsZero() {
			write(e.at-len(e.line)+len(bytes.TrimRight(e.line[:stamp], " \t")), " "+remark)
		}
		if row, ok := bytes.CutSuffix(e.line, []byte("|")); ok { // behind the row it would be in no cell
			write(e.at-len(e.line)+len(bytes.TrimRight(row, " \t")), " "+remark)
		}
		write(e.at, " "+remark)
	}
	write(len(bytes.TrimRight(note, " \t\r\n")), "\n\n"+remark+"\n")
	return edits
}

// lastLine is where the last line of a note's first block begins, from the note on; 0
// where that is its first one, or a heading.
func lastLine(n records.Note) int {
	if n.Issue != nil || len(n.Nodes) == 0 || n.Nodes[0].Lines().Len() == 0 {
		return 0
	}
	lines := n.Nodes[0].Lines()
	return max(0, lines.At(lines.Len()-1).Start-n.Span.Start)
}

// A lineEnd is where a line ends, blanks behind it aside.
type lineEnd struct {
	at   int
	line []byte
}

func lineEnds(text []byte) (all []lineEnd) {
	at := 0
	for line := range bytes.Lines(text) {
		if said := bytes.TrimRight(line, " \t\r\n"); len(said) > 0 {
			all = append(all, lineEnd{at + len(said), said})
		}
		at += len(line)
	}
	return all
}

// behindNote writes behind the list item that links to the note.
func behindNote(r *records.Record, ref Ref, remark string) records.Edit {
	item, _ := noteLinks(r, func(linked Ref) bool { return linked == ref })
	return behind(r, item, remark)
}

// behindNotes writes an item behind the last one that links to a note.
func behindNotes(r *records.Record, m Mention, remark string) records.Edit {
	_, item := noteLinks(r, func(linked Ref) bool { return kindOf(linked) == kindOf(m.Ref()) })
	return behind(r, item, "\n- "+linked(m)+remark)
}

// kindOf is how the note's ID begins.
func kindOf(ref Ref) string {
	kind, _, _ := strings.Cut(ref.Note, "-")
	return kind
}

// belowBriefing writes a list of its own behind the first block that is folded
// away, or else below the title.
func belowBriefing(r *records.Record, m Mention, remark string) records.Edit {
	at := insights.BelowTitle(r)
	if end := bytes.Index(r.Source[at:], []byte("\n</details>")); end >= 0 && !bytes.Contains(r.Source[at:at+end], []byte("\n#")) {
		at += end + len("\n</details>")
	}
	block := "\n\n<details>\n<summary>" + headings[m.Note.Kind] + " that were dismissed</summary>\n\n- " + linked(m) + remark + "\n\n</details>"
	if rest := r.Source[at:]; len(rest) > 0 && rest[0] != '\n' && rest[0] != '\r' {
		block += "\n\n"
	}
	return records.Edit{Span: text.Span{Start: at, End: at}, Text: block}
}

var headings = map[records.NoteKind]string{records.Tips: "Tips", records.Lessons: "Lessons", records.Issues: "Issues", records.Well: "Things that went well"}

// said is a note's text, of a structured issue its title.
func said(n *records.Note) string {
	if n.Issue != nil {
		return n.Summary()
	}
	return n.Said()
}

// linked is a note as a briefing has it.
func linked(m Mention) string {
	return "[" + m.Record.ID + "](" + m.Record.Target(m.Note.ID) + ") " + text.Inline(said(m.Note), 300)
}

// behind writes behind the text of a list item.
func behind(r *records.Record, item *ast.ListItem, remark string) records.Edit {
	if item == nil || item.FirstChild().Lines().Len() == 0 {
		return records.Edit{}
	}
	lines := item.FirstChild().Lines()
	last := lines.At(lines.Len() - 1)
	at := last.Start + len(bytes.TrimRight(r.Source[last.Start:last.Stop], " \t\r\n"))
	return records.Edit{Span: text.Span{Start: at, End: at}, Text: remark}
}

// noteLinks finds the first and the last list item that begins with a link to a
// wanted note and is neither a step nor a note.
func noteLinks(r *records.Record, wanted func(Ref) bool) (first, last *ast.ListItem) {
	for _, item := range listItems(r.Document.Root) {
		if ref, ok := linkedNote(item); !ok || !wanted(ref) || isRead(r, item) {
			continue
		}
		if first == nil {
			first = item
		}
		last = item
	}
	return first, last
}

// listItems are those of the lists directly below a node.
func listItems(root ast.Node) (items []*ast.ListItem) {
	if root == nil { // the text was too costly to lay out
		return nil
	}
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		if n.Kind() != ast.KindList {
			continue
		}
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if item, ok := c.(*ast.ListItem); ok {
				items = append(items, item)
			}
		}
	}
	return items
}

// linkedNote is the note that an item begins with a link to.
func linkedNote(item *ast.ListItem) (Ref, bool) {
	if item.FirstChild() == nil {
		return Ref{}, false
	}
	link, ok := item.FirstChild().FirstChild().(*ast.Link)
	if !ok {
		return Ref{}, false
	}
	file, note, ok := strings.Cut(string(link.Destination), "#")
	name, err := url.PathUnescape(strings.TrimLeft(file, "./")) // a record in a folder below has "../" there
	id, _, isRecord := records.ParsePath(path.Clean(name))
	return Ref{Record: id, Note: note}, ok && err == nil && isRecord && slices.ContainsFunc(kinds, func(kind string) bool { return strings.HasPrefix(note, kind) })
}

// isRead reports whether an item is a step or a note.
func isRead(r *records.Record, item *ast.ListItem) bool {
	if _, _, ok := records.MarkOf(item); ok {
		return true
	}
	return slices.ContainsFunc(r.Notes, func(n records.Note) bool { return len(n.Nodes) > 0 && n.Nodes[0].Parent() == ast.Node(item) })
}
