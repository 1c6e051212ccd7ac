package site

import (
	"cmp"
	"html/template"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/ledger"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/render"
)

// LessonsPage is everything that deployments taught, or one year of it.
type LessonsPage struct {
	Page
	ListPart[*NoteView]
	Fates  []FateSection // on the first page
	Left   int           // notes that only their records' pages have
	Filter Filter
}

// NoteKinds are the kinds of notes, in the order in which they are shown.
var NoteKinds = []records.NoteKind{records.Lessons, records.Tips, records.Issues, records.Well}

// Beyond is the search of all lessons.
func (p LessonsPage) Beyond() template.URL { return p.beyond(nil) }

// A FateSection is the lessons, tips and issues of one fate, those said most often
// first; or what was learned three times and is not in the checklist.
type FateSection struct {
	ID       string // the anchor
	Accounts []*Account
	Count    int // with those that the page leaves to the command
}

// More is how many the page leaves to the command.
func (f FateSection) More() int { return f.Count - len(f.Accounts) }

// maxAccounts is how many of one fate the page shows.
const maxAccounts = 60

// fates are the sections that have something in them.
func (s *pager) fates() (all []FateSection) {
	add := func(id string, of func(*Account) bool) {
		f := FateSection{ID: id}
		for _, a := range s.Ledger {
			if a.Newest().Kind != records.Well && of(a) {
				f.Accounts = append(f.Accounts, a)
			}
		}
		slices.SortStableFunc(f.Accounts, func(a, b *Account) int { return cmp.Compare(b.Count(), a.Count()) })
		if f.Count = len(f.Accounts); f.Count > 0 {
			f.Accounts = f.Accounts[:min(maxAccounts, f.Count)]
			all = append(all, f)
		}
	}
	add("learned", func(a *Account) bool { return a.IsLearned() })
	for _, state := range ledger.States {
		add(string(state), func(a *Account) bool { return a.Fate().State == state })
	}
	return all
}

func (s *pager) addLessons() {
	most := share(lengths(s.Entries, func(e *Entry) int { return len(e.Notes) }), s.room(noteBytes))
	var shown []*NoteView
	for _, e := range s.Entries {
		shown = append(shown, e.Notes[:min(most, len(e.Notes))]...)
	}
	first, years := cutList(s, "lessons/", shown, maxLessons, maxLessons, func(n *NoteView) *Entry { return n.Entry })
	s.add(first.At, "lessons", func() framed {
		return LessonsPage{s.page(first.At, s.words.T("lessons.title"), "lessons"), first, s.fates(), len(s.Notes) - len(shown), s.notesFilter(first.Entries)}
	})
	for _, y := range years {
		s.add(y.At, "lessons", func() framed {
			return LessonsPage{s.page(y.At, s.words.T("lessons.year", "year", y.Label()), "lessons"), y, nil, 0, s.notesFilter(y.Entries)}
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
	for _, state := range ledger.States {
		if slices.ContainsFunc(notes, func(n *NoteView) bool { return n.state() == state }) {
			f.Fates = append(f.Fates, Choice{string(state), s.words.T("fate." + string(state))})
		}
	}
	return f
}

// state is what became of it, "" of what went well: nobody decides on that.
func (n *NoteView) state() ledger.State {
	switch {
	case n.Fate != nil:
		return n.Fate.State
	case n.Kind == records.Well:
		return ""
	}
	return ledger.Open
}

// KindName is the kind for people.
func (n *NoteView) KindName() string { return n.Entry.words.T("note." + string(n.Kind)) }

// Times is in how many records it was said.
func (n *NoteView) Times() int { return n.Account.Count() }

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
	writeAll(b, `<li class="note" data-kind="`, string(n.Kind), `" data-fate="`, string(n.state()), `"`, about.attributes, ">\n", `<p class="meta">`, about.link(n), "</p>\n")
	if n.Issue != nil && n.Issue.Title != "" {
		writeAll(b, `<p class="issue"><strong>`, template.HTMLEscapeString(n.Issue.Title), "</strong></p>\n")
	}
	writeAll(b, `<div class="prose" dir="auto">`, p.folded(n, render.Rebase(html, p.root)), "</div>\n")
	b.WriteString(string(p.fateLine(n)))
	if n.Times() > 1 {
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
	same := n.Account.Notes
	first := same[0]
	isRest := !slices.ContainsFunc(same[:min(mostElsewhere, len(same))], func(o *NoteView) bool { return o.Entry == n.Entry })
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
	var last *Entry
	for _, o := range n.Account.Notes {
		if len(links) == mostElsewhere {
			break
		}
		if o.Entry != n.Entry && o.Entry != last {
			last = o.Entry
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
