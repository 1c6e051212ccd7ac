package site

import (
	"cmp"
	"html/template"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/render"
)

// LessonsPage is everything that deployments taught, or one year of it.
type LessonsPage struct {
	Page
	ListPart[*NoteView]
	Recurring []*NoteView // on the first page
	Filter    Filter
}

// NoteKinds are the kinds of notes, in the order in which they are shown.
var NoteKinds = []records.NoteKind{records.Lessons, records.Tips, records.Issues, records.Well}

// Beyond is the search of all lessons.
func (p LessonsPage) Beyond() template.URL { return p.beyond(nil) }

const maxRecurring = 12 // on the first page

func (s *pager) addLessons() {
	first, years := cutList(s, "lessons/", s.Notes, maxLessons, maxLessons, func(n *NoteView) *Entry { return n.Entry })
	s.add(first.At, "lessons", func() framed {
		return LessonsPage{s.page(first.At, s.words.T("lessons.title"), "lessons"), first, s.recurring(), s.notesFilter(first.Entries)}
	})
	for _, y := range years {
		s.add(y.At, "lessons", func() framed {
			return LessonsPage{s.page(y.At, s.words.T("lessons.year", "year", y.Label()), "lessons"), y, nil, s.notesFilter(y.Entries)}
		})
	}
}

// notesFilter is the filter for some notes; see filter.
func (s *pager) notesFilter(notes []*NoteView) Filter {
	var entries []*Entry
	for _, n := range notes {
		if len(entries) == 0 || entries[len(entries)-1] != n.Entry {
			entries = append(entries, n.Entry)
		}
	}
	f := s.filter(entries)
	for _, kind := range NoteKinds {
		f.Kinds = append(f.Kinds, Choice{string(kind), s.words.T("note." + string(kind))})
	}
	return f
}

// recurring are the newest of each group of notes that say the same, those
// said most often first. What went well may recur as it likes.
func (s *pager) recurring() []*NoteView {
	var out []*NoteView
	for _, n := range s.Notes {
		if n.Kind != records.Well && len(n.Same) > 0 && n.Same[0] == n {
			out = append(out, n)
		}
	}
	slices.SortStableFunc(out, func(a, b *NoteView) int { return cmp.Compare(len(b.Same), len(a.Same)) })
	return out[:min(maxRecurring, len(out))]
}

// KindName is the kind for people.
func (n *NoteView) KindName() string { return n.Entry.words.T("note." + string(n.Kind)) }

// Times is in how many records it was said.
func (n *NoteView) Times() int { return max(1, len(n.Same)) }

// NoteGroups shows notes below the records that they are from. It writes them itself: a
// long history has a hundred thousand, and a template takes twenty times as long.
func (p Page) NoteGroups(notes []*NoteView) (template.HTML, error) {
	var b strings.Builder
	b.Grow(1 << 10 * len(notes))
	again := map[*NoteView]string{}
	for len(notes) > 0 {
		e := notes[0].Entry
		n := slices.IndexFunc(notes, func(n *NoteView) bool { return n.Entry != e })
		if n < 0 {
			n = len(notes)
		}
		if err := p.writeGroup(&b, e, notes[:n], again); err != nil {
			return "", err
		}
		notes = notes[n:]
	}
	return template.HTML(b.String()), nil
}

func (p Page) writeGroup(b *strings.Builder, e *Entry, notes []*NoteView, again map[*NoteView]string) error {
	about, err := p.site.noteAbout(e, p.root)
	if err != nil {
		return err
	}
	writeAll(b, `<section class="notes-of" data-group>`, "\n<h3>", string(p.recordName(e)))
	if adds := e.Adds(); adds != "" {
		writeAll(b, ` <bdi class="adds">`, template.HTMLEscapeString(adds), "</bdi>")
	}
	writeAll(b, "</h3>\n", `<p class="meta">`, about.meta, "</p>\n<ul class=\"notes\">")
	for _, n := range notes {
		if err := p.writeNote(b, n, about, again); err != nil {
			return err
		}
	}
	b.WriteString("</ul>\n</section>\n")
	return nil
}

func (p Page) writeNote(b *strings.Builder, n *NoteView, about *noteAbout, again map[*NoteView]string) error {
	html, err := p.site.spool.get(n.html)
	if err != nil {
		return err
	}
	writeAll(b, `<li class="note" data-kind="`, string(n.Kind), `"`, about.attributes, ">\n", `<p class="meta">`, about.link(n), "</p>\n")
	if n.Issue != nil && n.Issue.Title != "" {
		writeAll(b, `<p class="issue"><strong>`, template.HTMLEscapeString(n.Issue.Title), "</strong></p>\n")
	}
	writeAll(b, `<div class="prose" dir="auto">`, p.folded(n, render.Rebase(html, p.root)), "</div>\n")
	b.WriteString(string(p.fateLine(n)))
	if len(n.Same) > 1 {
		b.WriteString(p.saidAgain(n, again))
	}
	b.WriteString("</li>\n")
	return nil
}

// mostElsewhere is how many of the other records where a note was said are named.
const mostElsewhere = 3

// saidAgain says where else a note was said. Of the newest few each leads to the others;
// what all the rest say is in known, by the newest.
func (p Page) saidAgain(n *NoteView, known map[*NoteView]string) string {
	first := n.Same[0]
	isRest := !slices.Contains(n.Same[:min(mostElsewhere, len(n.Same))], n)
	if line := known[first]; isRest && line != "" {
		return line
	}
	line := `<p class="again">` + string(p.site.words.Rich("note.said-again", "count", n.Times(), "days", p.elsewhere(n))) + "</p>\n"
	if isRest {
		known[first] = line
	}
	return line
}

// maxNoteLines is how many lines of a note a list shows at once.
const maxNoteLines = 24

// folded is a note with its length in front, where it is long. Logs are folded already.
func (p Page) folded(n *NoteView, html string) string {
	open, _, _ := strings.Cut(html, "<details")
	lines := strings.Count(open, "\n")
	if lines <= maxNoteLines {
		return html
	}
	return `<details class="long"><summary>` + template.HTMLEscapeString(n.Summary()) + ` <span class="hint">` +
		template.HTMLEscapeString(p.site.words.N("counts.lines", lines)) + "</span></summary>" + html + "</details>"
}

// link leads to the note by its kind.
func (about *noteAbout) link(n *NoteView) string {
	return `<a class="kind ` + string(n.Kind) + `" href="` + about.href + "#" + render.EscapePage(n.ID) + `">` + template.HTMLEscapeString(n.KindName()) + "</a>"
}

// elsewhere are links to the newest few of the other records where a note was said.
func (p Page) elsewhere(n *NoteView) template.HTML {
	var links []string
	for _, o := range n.Same[:min(mostElsewhere+1, len(n.Same))] {
		if o != n && len(links) < mostElsewhere {
			links = append(links, string(p.anchor("", o.Page(), o.Entry.Day())))
		}
	}
	return template.HTML(strings.Join(links, template.HTMLEscapeString(p.site.words.T("lists.between"))))
}

func writeAll(b *strings.Builder, parts ...string) {
	for _, part := range parts {
		b.WriteString(part)
	}
}

// Day is the day of the start, or the ID where it is unknown.
func (e *Entry) Day() string {
	if e.Started.IsZero() {
		return e.ID
	}
	return e.words.Day(e.Started.Time)
}
