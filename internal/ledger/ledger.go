package ledger

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// A Mention is one note in its record.
type Mention struct {
	Record *records.Record
	Note   *records.Note
}

// Ref names the note.
func (m Mention) Ref() Ref { return Ref{m.Record.ID, m.Note.ID} }

// Marked is a record with the marks that [Marks] found in it.
type Marked struct {
	Record *records.Record
	Marks  []Mark
}

// A History is what a ledger is made of.
type History struct {
	Records   []Marked // newest first
	Checklist []Mark   // of the checklist of today
	Alike     []Pair   // what [Alike] finds in [Mentions]; nil finds it
}

// Mentions are the notes of some records, in order.
func Mentions(history []Marked) (all []Mention) {
	for _, m := range history {
		for i := range m.Record.Notes {
			all = append(all, Mention{m.Record, &m.Record.Notes[i]})
		}
	}
	return all
}

// State is what became of a note.
type State string

// The states of a note.
const (
	Open      State = "open"
	CameBack  State = "came-back" // an issue, met again after the checklist had its lesson
	Accepted  State = "accepted"
	Done      State = "done" // says its own line
	Dismissed State = "dismissed"
)

// States lists every state, in the order in which they are shown.
var States = []State{Open, CameBack, Accepted, Done, Dismissed}

// Words is the state as people say it.
func (s State) Words() string {
	if s == CameBack {
		return "came back"
	}
	return string(s)
}

// Fate is what became of one note, and where that was decided.
type Fate struct {
	State     State
	Record    *records.Record // that decided; nil while it is open, or done, and for the checklist
	Checklist bool            // the checklist decided
	StepID    string          // of the step that it became, in Record or in the checklist
	StepKey   string
	By        string // who dismissed it, "" where unknown
	Reason    string // why it was dismissed, "" where nobody wrote it
}

// An Entry is what one or more notes tell: those in the same words, and those of which
// people said that they are the same.
type Entry struct {
	Notes []Mention // newest first
	Maybe []*Entry  // that may tell the same; people have not said so

	count   int     // of the records
	adopted bool    // the checklist has it
	fates   []*Fate // of the notes; nil where all are open
}

// Fate is what became of it: the fate of the newest note.
func (e *Entry) Fate() Fate { return e.FateAt(0) }

// FateOf is what became of one of its notes.
func (e *Entry) FateOf(ref Ref) Fate {
	return e.FateAt(slices.IndexFunc(e.Notes, func(m Mention) bool { return m.Ref() == ref }))
}

// FateAt is what became of its note at a place. What a newer one says is done needs no
// deciding on either.
func (e *Entry) FateAt(i int) Fate {
	switch {
	case e.fates != nil && e.fates[i] != nil:
		return *e.fates[i]
	case slices.ContainsFunc(e.Notes[:i+1], func(m Mention) bool { return m.Note.Done }):
		return Fate{State: Done}
	}
	return Fate{State: Open}
}

// Newest is the last note that said it.
func (e *Entry) Newest() Mention { return e.Notes[0] }

// Oldest is the first note that said it.
func (e *Entry) Oldest() Mention { return e.Notes[len(e.Notes)-1] }

// Count is in how many records it was said.
func (e *Entry) Count() int { return e.count }

// learnedTimes is how often something is learned until it ought to be a step.
const learnedTimes = 3

// IsLearned reports whether it was learned three times, and neither reached the
// checklist nor was done or dismissed.
func (e *Entry) IsLearned() bool {
	return !e.adopted && e.Fate().State != Dismissed && e.Fate().State != Done && e.Newest().Note.Kind != records.Well && e.Count() >= learnedTimes
}

// A Ledger is all entries of a history.
type Ledger struct {
	Entries []*Entry // those whose newest note is newest come first
	Alike   []Pair   // by which they were proposed

	of map[Ref]*Entry
}

// Of makes the ledger of a history.
func Of(h History) *Ledger {
	mentions := Mentions(h.Records)
	normals := normals(mentions)
	l := &Ledger{of: make(map[Ref]*Entry, len(mentions))}
	groups := join(mentions, normals, latestOfPairs(h))
	// Two pieces, not two of each: the garbage collector looks at every one.
	entries, notes := make([]Entry, len(groups)), make([]Mention, 0, len(mentions))
	for i, members := range groups {
		e, begin := &entries[i], len(notes)
		for _, at := range members {
			if n := len(notes); n == begin || notes[n-1].Record != mentions[at].Record {
				e.count++
			}
			notes = append(notes, mentions[at])
			l.of[mentions[at].Ref()] = e
		}
		e.Notes = slices.Clip(notes[begin:])
		l.Entries = append(l.Entries, e)
	}
	l.decide(h)
	if l.Alike = h.Alike; l.Alike == nil {
		l.Alike = alike(mentions, normals)
	}
	l.propose(h, mentions)
	return l
}

// Entry is that of a note, nil where there is no such note.
func (l *Ledger) Entry(ref Ref) *Entry { return l.of[ref] }

// Fate is what became of a note.
func (l *Ledger) Fate(ref Ref) Fate {
	if e := l.of[ref]; e != nil {
		return e.FateOf(ref)
	}
	return Fate{State: Open}
}

// Learned are the entries that were learned three times and are not in the checklist,
// the most frequent first.
func (l *Ledger) Learned() (all []*Entry) {
	for _, e := range l.Entries {
		if e.IsLearned() {
			all = append(all, e)
		}
	}
	slices.SortStableFunc(all, func(a, b *Entry) int { return cmp.Compare(b.Count(), a.Count()) })
	return all
}

// A pairOf is two notes, in the order of their names.
type pairOf struct{ a, b Ref }

func pairing(m Mark) pairOf {
	a, b := m.Note, m.Other
	if cmp.Or(cmp.Compare(a.Record, b.Record), cmp.Compare(a.Note, b.Note)) > 0 {
		a, b = b, a
	}
	return pairOf{a, b}
}

// latestOfPairs is what people said of two notes; of several comments the latest
// counts.
func latestOfPairs(h History) map[pairOf]Verdict {
	said := map[pairOf]Verdict{}
	tell := func(marks []Mark) {
		for _, m := range marks {
			if m.Verdict == Same || m.Verdict == Apart {
				said[pairing(m)] = m.Verdict
			}
		}
	}
	for _, m := range slices.Backward(h.Records) {
		tell(m.Marks)
	}
	tell(h.Checklist)
	return said
}

// join groups notes by what they tell. What went well is told apart from the rest.
func join(mentions []Mention, normals []string, said map[pairOf]Verdict) (groups [][]int) {
	set := make([]int, len(mentions)) // a forest of disjoint sets
	find := func(i int) int {
		for set[i] != i {
			set[i] = set[set[i]]
			i = set[i]
		}
		return i
	}
	unite := func(i, j int) { set[max(find(i), find(j))] = min(find(i), find(j)) }
	places, byWords := map[Ref]int{}, map[string]int{}
	for i, m := range mentions {
		set[i] = i
		places[m.Ref()] = i
		words := normals[i]
		if m.Note.Kind == records.Well {
			words = "well\n" + words
		}
		if first, ok := byWords[words]; ok {
			unite(first, i)
		} else {
			byWords[words] = i
		}
	}
	for pair, verdict := range said {
		i, known := places[pair.a]
		j, both := places[pair.b]
		if verdict == Same && known && both {
			unite(i, j)
		}
	}
	// Of each that is the first of its group: how many that has, and which it is.
	size, at := make([]int, len(mentions)), make([]int, len(mentions))
	for i := range mentions {
		size[find(i)]++
	}
	room := make([]int, len(mentions))
	for i := range mentions {
		first := find(i)
		if first == i {
			at[i], groups = len(groups), append(groups, room[:0:size[i]])
			room = room[size[i]:]
		}
		groups[at[first]] = append(groups[at[first]], i)
	}
	return groups
}

// A decision is what one mark decides on an entry.
type decision struct {
	Fate
	note Ref
}

// decide finds the fate of each note.
//
// What was decided on a note holds for those that tell the same, if it was decided in
// a later deployment. Where the decision came first, somebody says it again.
func (l *Ledger) decide(h History) {
	decided, checklist := map[*Entry][]decision{}, map[*Entry]map[string]time.Time{}
	add := func(m Mark, r *records.Record) {
		if e := l.of[m.Note]; e != nil && (m.Verdict == Accept || m.Verdict == Dismiss) {
			decided[e] = append(decided[e], decision{fateBy(m, r), m.Note})
		}
	}
	for _, m := range h.Checklist {
		add(m, nil)
		if e := l.of[m.Note]; e != nil && m.Verdict == Accept {
			e.adopted = true
			if checklist[e] == nil {
				checklist[e] = map[string]time.Time{}
			}
			checklist[e][path.Base(m.StepKey)] = time.Time{}
		}
	}
	for _, r := range h.Records {
		for _, m := range r.Marks {
			add(m, r.Record)
			e := l.of[m.Note]
			// By its name, since the section may have been another. What one deployment took up
			// for itself is none of the checklist's.
			name := path.Base(m.StepKey)
			since, ok := checklist[e][name]
			if ok && m.Verdict == Accept && !strings.HasPrefix(m.StepKey, addedSteps) && (since.IsZero() || r.Record.Started.Time.Before(since)) {
				checklist[e][name] = r.Record.Started.Time // the checklist had the step then
			}
		}
	}
	for e, d := range decided {
		e.fates = make([]*Fate, len(e.Notes))
		for i, m := range e.Notes {
			e.fates[i] = fateOf(m, d, checklist[e])
		}
	}
}

var addedSteps = text.Slug(records.AddedSteps) + "/"

func fateBy(m Mark, r *records.Record) Fate {
	fate := Fate{State: Accepted, Record: r, Checklist: r == nil, StepID: m.StepID, StepKey: m.StepKey, By: m.By, Reason: m.Reason}
	if m.Verdict == Dismiss {
		fate.State = Dismissed
	}
	return fate
}

// fateOf is the fate of one note of an entry, nil while it is open. since has the steps
// of the checklist that the entry became, each with the first deployment that had it.
func fateOf(m Mention, decided []decision, since map[string]time.Time) *Fate {
	var own, others []Fate
	for _, d := range decided {
		switch {
		case d.note == m.Ref():
			own = append(own, d.Fate)
		case d.Checklist || d.Record.Started.Time.After(m.Record.Started.Time):
			others = append(others, d.Fate)
		}
	}
	if len(own) > 0 {
		fate := slices.MinFunc(own, byRank)
		return &fate
	}
	if len(others) == 0 {
		return nil
	}
	fate := slices.MinFunc(others, byRank)
	if m.Note.Kind == records.Issues && fate.Checklist && fate.State == Accepted && cameBack(m, since) {
		fate.State = CameBack
	}
	return &fate
}

// cameBack reports whether a note was written when the checklist had each step that the
// entry became.
func cameBack(m Mention, since map[string]time.Time) bool {
	for _, at := range since {
		if at.IsZero() || m.Record.Started.Time.Before(at) {
			return false
		}
	}
	return true
}

// byRank orders decisions by what counts: the checklist before records; of records the
// earliest that accepted, and where none did, the latest that dismissed.
func byRank(a, b Fate) int {
	rank := func(f Fate) int {
		switch {
		case f.Checklist:
			return 0
		case f.State == Accepted:
			return 1
		}
		return 2
	}
	if c := cmp.Compare(rank(a), rank(b)); c != 0 || a.Checklist {
		return c
	}
	if a.State == Accepted {
		return a.Record.Started.Time.Compare(b.Record.Started.Time)
	}
	return b.Record.Started.Time.Compare(a.Record.Started.Time)
}

// propose links entries whose notes are alike, unless people said that they are apart.
func (l *Ledger) propose(h History, mentions []Mention) {
	apart := map[[2]*Entry]bool{}
	for pair, verdict := range latestOfPairs(h) {
		if a, b := l.of[pair.a], l.of[pair.b]; verdict == Apart {
			apart[[2]*Entry{a, b}], apart[[2]*Entry{b, a}] = true, true
		}
	}
	for _, p := range l.Alike {
		a, b := l.of[mentions[p.A].Ref()], l.of[mentions[p.B].Ref()]
		if a != b && !apart[[2]*Entry{a, b}] && !slices.Contains(a.Maybe, b) {
			a.Maybe, b.Maybe = append(a.Maybe, b), append(b.Maybe, a)
		}
	}
}
