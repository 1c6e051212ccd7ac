package records

import (
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/text"
)

// htmlAttribute is where an attribute stands in a tag, with its value.
type htmlAttribute struct {
	name string // in lower case
	span text.Span
}

// htmlAttributes are the attributes of a tag such as <input checked type="checkbox" />.
func htmlAttributes(tag string) (found []htmlAttribute) {
	const blanks = " \t\r\n\f"
	end := strings.LastIndexByte(tag, '>')
	if end < 0 {
		return nil
	}
	tag = tag[:end]
	at := strings.IndexAny(tag+" ", blanks+"/")
	skip := func(set string) { at = len(tag) - len(strings.TrimLeft(tag[at:], set)) }
	until := func(set string) {
		if n := strings.IndexAny(tag[at:], set); n >= 0 {
			at += n
			return
		}
		at = len(tag)
	}
	for skip(blanks + "/"); at < len(tag); skip(blanks + "/") {
		start := at
		at++ // a "=" may begin a name
		until(blanks + "/=")
		a := htmlAttribute{strings.ToLower(tag[start:at]), text.Span{Start: start, End: at}}
		if skip(blanks); at < len(tag) && tag[at] == '=' {
			at++
			skip(blanks)
			switch quote := tag[at:min(len(tag), at+1)]; quote {
			case `"`, "'":
				at++
				until(quote)
				at = min(len(tag), at+1)
			default:
				until(blanks)
				if at == len(tag) && strings.HasSuffix(tag, "/") { // people mean "/>"
					at--
				}
			}
			a.span.End = at
		}
		found = append(found, a)
	}
	return found
}

// isChecked reports whether a tag has the attribute checked. A box is ticked even if
// its value is "false".
func isChecked(tag string) bool {
	return slices.ContainsFunc(htmlAttributes(tag), func(a htmlAttribute) bool { return a.name == "checked" })
}

// tick returns the edits that tick or untick a box in HTML. The rest of the tag stays
// as it is. ok is false for a state that HTML has no box for.
func (m marking) tick() (edits []Edit, ok bool) {
	s, state := m.was, m.is.State
	tag := m.written(s.Mark)
	if !isHTML(tag) || state != Done && state != Pending {
		return nil, false
	}
	attributes := htmlAttributes(tag)
	if state == Done && !isChecked(tag) {
		end := attributes[len(attributes)-1].span.End // a box has its type at least
		return []Edit{{text.Span{Start: s.Mark.Start + end, End: s.Mark.Start + end}, " checked"}}, true
	}
	for _, a := range attributes {
		if a.name == "checked" && state == Pending {
			edits = append(edits, Edit{wholeAttribute(tag, a.span, s.Mark.Start), ""})
		}
	}
	return edits, true
}

// wholeAttribute is an attribute's range in the source, with the blanks before it
// unless they separate its neighbours.
func wholeAttribute(tag string, span text.Span, offset int) text.Span {
	if strings.IndexByte(" \t\r\n\f/>", tag[span.End]) >= 0 {
		span.Start = len(strings.TrimRight(tag[:span.Start], " \t\r\n\f"))
	}
	return text.Span{Start: offset + span.Start, End: offset + span.End}
}
