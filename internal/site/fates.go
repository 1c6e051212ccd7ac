package site

import (
	"html/template"
	"slices"

	"github.com/deploysite/deploysite/internal/ledger"
	"github.com/deploysite/deploysite/internal/records"
)

// A NoteFate is what became of a note: it reached the checklist, or a later
// deployment took it up, or turned it down; or it came back, or was done.
type NoteFate struct {
	Page   string // with the anchor of the step that it became
	Words  string // such as "In the checklist now"
	State  ledger.State
	Reason string // why it was dismissed, "" where nobody wrote it
}

// An Account is an entry of the ledger as the site shows it.
type Account struct {
	*ledger.Entry
	Notes []*NoteView // those that say the same, newest first
	Maybe []*Account  // those that may say the same
}

// Newest is the last note that said it.
func (a *Account) Newest() *NoteView { return a.Notes[0] }

// Oldest is the first note that said it.
func (a *Account) Oldest() *NoteView { return a.Notes[len(a.Notes)-1] }

// joinLedger finds the notes that say the same, and what became of them, in each source
// by itself: its checklist and its people decide on its notes.
func (l *loader) joinLedger(src *source) {
	var h ledger.History
	if src.template != nil {
		h.Checklist = src.template.marks
	}
	views := map[*records.Note]*NoteView{} // of all notes
	for _, e := range src.entries {
		h.Records = append(h.Records, ledger.Marked{Record: e.Record, Marks: e.ledgerMarks})
		for _, n := range e.Notes {
			views[n.Note] = n
		}
	}
	h.Alike = src.sameAlike()
	told := ledger.Of(h)
	src.alike = told.Alike
	accounts := map[*ledger.Entry]*Account{}                                           // of those that may say what others do
	all, notes := make([]Account, len(told.Entries)), make([]*NoteView, 0, len(views)) // see ledger.Of
	for i, e := range told.Entries {
		a, begin := &all[i], len(notes)
		for i, m := range e.Notes {
			n := views[m.Note]
			if n.Account = a; e.FateAt(i).State != ledger.Open {
				n.Fate = l.fate(src, n, e.FateAt(i))
			}
			notes = append(notes, n)
		}
		a.Entry, a.Notes = e, slices.Clip(notes[begin:])
		if len(e.Maybe) > 0 {
			accounts[e] = a
		}
		l.Ledger = append(l.Ledger, a)
	}
	for e, a := range accounts {
		for _, other := range e.Maybe {
			a.Maybe = append(a.Maybe, accounts[other])
		}
	}
}

// sameAlike are the pairs of notes that may say the same as the former site has them, if
// its notes were these, else nil.
func (src *source) sameAlike() []ledger.Pair {
	notes := func(src *source) (all []*NoteView) {
		for _, e := range src.entries {
			all = append(all, e.Notes...)
		}
		return all
	}
	if f := src.former; f != nil && f.alike != nil && slices.EqualFunc(notes(f), notes(src), sayTheSame) {
		return f.alike
	}
	return nil
}

func sayTheSame(a, b *NoteView) bool {
	return a.Kind == b.Kind && a.Text == b.Text && a.Entry.ID == b.Entry.ID && a.Entry.File == b.Entry.File
}

// marks gives the notes that comments name their IDs on the whole site.
func (src *source) marks(all []ledger.Mark) []ledger.Mark {
	for i := range all {
		all[i].Note.Record = src.project.ID(all[i].Note.Record)
		if all[i].Other.Record != "" {
			all[i].Other.Record = src.project.ID(all[i].Other.Record)
		}
	}
	return all
}

func (l *loader) fate(src *source, n *NoteView, f ledger.Fate) *NoteFate {
	fate := &NoteFate{State: f.State, Reason: f.Reason}
	switch {
	case f.State == ledger.Done:
		fate.Page, fate.Words = n.Entry.Page()+"#"+n.ID, l.words.T("fate.done-there")
	case f.Checklist:
		fate.Page, fate.Words = src.folder("checklist/")+"#"+f.StepID, l.words.T("fate.adopted")
		if f.State != ledger.Accepted {
			fate.Words = l.words.T("fate." + string(f.State))
		}
	case f.State == ledger.Accepted:
		e := l.byID[f.Record.ID]
		fate.Page, fate.Words = e.Page()+"#"+f.StepID, l.words.T("fate.taken-up", "day", e.Day())
	default:
		e := l.byID[f.Record.ID]
		fate.Page, fate.Words = e.Page(), l.words.T("fate.dismissed-on", "day", e.Day())
		if f.By != "" {
			fate.Words = l.words.T("fate.dismissed-by", "person", src.person(f.By), "day", e.Day())
		}
	}
	return fate
}

// fateLine shows what became of a note, "" if nothing did.
func (p Page) fateLine(n *NoteView) template.HTML {
	f := n.Fate
	if f == nil {
		return ""
	}
	return template.HTML(`<p class="fate ` + string(f.State) + `">` + string(p.Became(n)) + "</p>\n")
}

// Became says what became of a note, with the reason; "" if nothing did.
func (p Page) Became(n *NoteView) template.HTML {
	f := n.Fate
	if f == nil {
		return ""
	}
	line := p.anchor("", f.Page, f.Words)
	if f.Reason != "" {
		line = p.site.words.Rich("fate.reason", "fate", line, "reason", f.Reason)
	}
	return line
}

// A ToldAccount is an account on a page.
type ToldAccount struct {
	Page
	*Account
}

// Told puts an account on the page.
func (p Page) Told(a *Account) ToldAccount { return ToldAccount{p, a} }

// Became says what became of it.
func (t ToldAccount) Became() template.HTML { return t.Page.Became(t.Newest()) }

// maxMaybe is how many notes that may say the same a page names.
const maxMaybe = 4

// FirstMaybe are the newest of what may say the same.
func (t ToldAccount) FirstMaybe() []*Account { return t.Maybe[:min(maxMaybe, len(t.Maybe))] }

// MoreMaybe is how many of them are left.
func (t ToldAccount) MoreMaybe() int { return len(t.Maybe) - len(t.FirstMaybe()) }
