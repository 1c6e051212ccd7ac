package briefing

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"

	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// ErrDecided says that a record decides on a tip already.
var ErrDecided = errors.New("this record decides on the tip already")

// TipsCalled are the indices of the tips that somebody may mean by a word: the
// number that the tip has in the list, from 1, or words of its text.
func (b *Briefing) TipsCalled(word string) (found []int) {
	if n, err := strconv.Atoi(word); err == nil && n >= 1 && n <= len(b.Tips) {
		return []int{n - 1}
	}
	for i, tip := range b.Tips {
		if strings.Contains(strings.ToLower(tip.Note.Text), strings.ToLower(word)) {
			found = append(found, i)
		}
	}
	return found
}

// AcceptTip is the change that makes a tip a pending step of a record: in the
// section of that title, or where it is "" in one of its own above the others.
func AcceptTip(tip insights.Mention, section string) records.Change {
	ref := tip.Ref()
	return decide(ref, false, records.AddStep(records.NewStep{Text: tip.Note.Text, Comment: "tip: " + ref.String(), Section: section}))
}

// DismissTip is the change that turns a tip down in a record: behind the tip in
// the briefing, or where it is not there in a list like it. by may be "".
func DismissTip(tip insights.Mention, by, reason string) records.Change {
	ref := tip.Ref()
	remark := " — dismissed"
	if by != "" {
		remark += " by " + text.Inline(strings.ReplaceAll(by, ":", ""), 80)
	}
	remark += ": " + text.Inline(reason, 300) + " <!-- tip: " + ref.String() + " dismissed -->"
	return decide(ref, true, records.Unread(func(r *records.Record) [][]records.Edit {
		var ways [][]records.Edit
		for _, e := range []records.Edit{behindTip(r, ref, remark), behindTips(r, tip, remark), belowBriefing(r, tip, remark)} {
			if e.Text != "" {
				ways = append(ways, []records.Edit{e})
			}
		}
		return ways
	}))
}

// decide makes a change that decides on a tip once, and sees that it does.
func decide(ref insights.TipRef, dismissed bool, change records.Change) records.Change {
	decides := func(m insights.TipMark) bool { return m.Tip == ref }
	return func(r *records.Record) (*records.Record, error) {
		if slices.ContainsFunc(insights.TipMarks(r), decides) {
			return nil, ErrDecided
		}
		after, err := change(r)
		if err != nil {
			return nil, err
		}
		marks := insights.TipMarks(after)
		if i := slices.IndexFunc(marks, decides); i < 0 || marks[i].Dismissed != dismissed {
			return nil, fmt.Errorf("what is decided on %s would not be found in this record; write it with an editor", ref)
		}
		return after, nil
	}
}

// behindTip writes behind the list item that links to the tip.
func behindTip(r *records.Record, ref insights.TipRef, remark string) records.Edit {
	item, _ := tipLinks(r, func(linked insights.TipRef) bool { return linked == ref })
	return behind(r, item, remark)
}

// behindTips writes an item behind the last one that links to a tip.
func behindTips(r *records.Record, tip insights.Mention, remark string) records.Edit {
	_, item := tipLinks(r, func(insights.TipRef) bool { return true })
	return behind(r, item, "\n- "+linked(tip)+remark)
}

// belowBriefing writes a list of its own behind the first block that is folded
// away, or else below the title.
func belowBriefing(r *records.Record, tip insights.Mention, remark string) records.Edit {
	at := insights.BelowTitle(r)
	if end := bytes.Index(r.Source[at:], []byte("\n</details>")); end >= 0 && !bytes.Contains(r.Source[at:at+end], []byte("\n#")) {
		at += end + len("\n</details>")
	}
	block := "\n\n<details>\n<summary>Tips that were dismissed</summary>\n\n- " + linked(tip) + remark + "\n\n</details>"
	if rest := r.Source[at:]; len(rest) > 0 && rest[0] != '\n' && rest[0] != '\r' {
		block += "\n\n"
	}
	return records.Edit{Span: text.Span{Start: at, End: at}, Text: block}
}

// linked is a tip as a briefing has it.
func linked(tip insights.Mention) string {
	return "[" + tip.Record.ID + "](" + tip.Record.Target(tip.Note.ID) + ") " + text.Inline(tip.Note.Text, 300)
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

// tipLinks finds the first and the last list item that begins with a link to a
// wanted tip and is neither a step nor a note.
func tipLinks(r *records.Record, wanted func(insights.TipRef) bool) (first, last *ast.ListItem) {
	for _, item := range listItems(r.Document.Root) {
		if ref, ok := linkedTip(item); !ok || !wanted(ref) || isRead(r, item) {
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

// linkedTip is the tip that an item begins with a link to.
func linkedTip(item *ast.ListItem) (insights.TipRef, bool) {
	if item.FirstChild() == nil {
		return insights.TipRef{}, false
	}
	link, ok := item.FirstChild().FirstChild().(*ast.Link)
	if !ok {
		return insights.TipRef{}, false
	}
	file, note, ok := strings.Cut(string(link.Destination), "#")
	name, err := url.PathUnescape(strings.TrimLeft(file, "./")) // a record in a folder below has "../" there
	id, _, isRecord := records.ParsePath(path.Clean(name))
	return insights.TipRef{Record: id, Note: note}, ok && err == nil && isRecord && strings.HasPrefix(note, "tip-")
}

// isRead reports whether an item is a step or a note.
func isRead(r *records.Record, item *ast.ListItem) bool {
	if _, _, ok := records.MarkOf(item); ok {
		return true
	}
	return slices.ContainsFunc(r.Notes, func(n records.Note) bool { return len(n.Nodes) > 0 && n.Nodes[0].Parent() == ast.Node(item) })
}
