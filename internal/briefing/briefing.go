// Package briefing finds what earlier deployments left for the one that begins
// now: how the last one ended, tips that nobody took up, steps that failed, and
// what changed since. It says that on a terminal, in JSON and in the record.
//
//	past, err := briefing.OpenPast(root, "deployments/checklists", "deployments/checklists", secrets.Finder{})
//	defer past.Close()
//	b := past.Brief(briefing.Start{
//		Services: []string{"checkout"}, Environment: "production", Now: time.Now(), Checklist: template,
//	}, records.Options{})
//	b.Compare(ctx, repo, commit)
//	fmt.Print(b.Terminal())
//
// A briefing never keeps a deployment from starting: if something cannot be found
// out, the briefing says so.
package briefing

import (
	"slices"
	"time"

	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/ledger"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// depth is how many deployments of the service a briefing goes back for tips and
// steps. What is older is on the site; at the start of a deployment it would
// only be long.
const depth = 10

// A Start is the deployment that begins now.
type Start struct {
	Services    []string // a record of any of them is one of this service
	Nameless    bool     // so is one that names no service
	Environment string   // "" where unknown: then any will do
	Now         time.Time
	At          time.Time       // when it began, where that is past: what began later was not known then
	Checklist   *records.Record // with its tree; may be nil
	Except      string          // the ID of the record of this deployment, where there is one already

	Person func(name string) string // gives one person one name; nil leaves names as they are
}

// Briefing is what earlier deployments tell the one that begins now. nil is one
// that nobody wants.
type Briefing struct {
	Last      *records.Record   // of this service to this environment, however it ended; nil where there is none
	Succeeded *records.Record   // the last of those that succeeded: it may be Last
	Elsewhere *records.Record   // where Last is nil: the last of this service to another environment
	Unplaced  []*records.Record // of this service, newer than Last, to an environment that nobody wrote: newest first
	Tips      []OpenNote        // newest first
	Notes     []OpenNote        // lessons and issues, newest first
	Learned   []*ledger.Entry   // of this service, three times, and not in the checklist; those of Tips apart
	Steps     []StepTrouble     // of the checklist, those that failed most first
	Of        int               // how many deployments of the service Steps counts
	Open      []*records.Record
	Later     []*records.Record // that are open as well, and began later: no other field has them

	start   Start
	told    ledger.History
	ours    []account // all of this service
	past    *Past     // nil where the history is given
	looked  int       // how many records were looked at
	changes *changes  // nil where there is nothing to compare
}

// OpenNote is a note that nobody has decided on.
type OpenNote struct {
	ledger.Mention
	Times int // how many records say the same; the newest is the Mention
}

// IsEmpty reports that there is nothing to say.
func (b *Briefing) IsEmpty() bool {
	return b == nil || b.changes == nil && b.Last == nil && b.Elsewhere == nil && len(b.Tips) == 0 && len(b.Learned) == 0 && len(b.Steps) == 0 && len(b.Open) == 0 && len(b.Unplaced) == 0
}

// briefOf finds what the records of a history tell the one who starts a
// deployment. The history is newest first and may be cut off: nothing is said
// of records that are not in it.
func briefOf(all []account, start Start) *Briefing {
	all = slices.DeleteFunc(slices.Clone(all), func(r account) bool { return r.ID == start.Except })
	var history, later []*records.Record
	for i, r := range all {
		if !start.isBefore(r.Record) {
			history = append(history, r.Record)
			continue
		}
		later = append(later, r.Record)
		decides := *r.Record // on notes that were there before
		decides.Notes = nil
		all[i].Record = &decides
	}
	oursTold := slices.DeleteFunc(slices.Clone(all), func(r account) bool {
		return !start.IsOurs(r.Record) || r.IsPlanned(start.Now) || start.isBefore(r.Record)
	})
	ours := recordsOf(oursTold)
	b := &Briefing{Open: notFinished(history, start), Later: notFinished(later, start), start: start, ours: oursTold}
	if i := slices.IndexFunc(ours, start.IsHere); i >= 0 {
		b.Last = ours[i]
	}
	b.Succeeded = insights.Previous(ours, start.IsHere)
	b.Unplaced = unplaced(ours, start)
	if i := slices.IndexFunc(ours, func(r *records.Record) bool { return !r.Environment.IsZero() }); b.Last == nil && i >= 0 {
		b.Elsewhere = ours[i]
	}
	lately := oursTold[:min(depth, len(ours))]
	b.told = historyOf(all, start.Checklist)
	l := ledger.Of(b.told)
	b.Tips = openNotes(l, lately, records.Tips)
	b.Notes = openNotes(l, lately, records.Lessons, records.Issues)
	b.Learned = b.learned(l)
	b.Of, b.Steps = len(lately), troubles(lately, start.Checklist)
	return b
}

// IsOurs reports whether a record is one of a service that is deployed now.
func (s Start) IsOurs(r *records.Record) bool {
	if len(r.Services) == 0 {
		return s.Nameless
	}
	return slices.ContainsFunc(r.Services, func(t records.Text) bool { return s.IsService(t.Value) })
}

// IsService reports whether a service of this name is deployed now. As people
// write names by hand, case does not matter.
func (s Start) IsService(name string) bool {
	return slices.ContainsFunc(s.Services, func(ours string) bool { return text.Same(ours, name) })
}

// IsHere reports whether a record's deployment went to this environment.
func (s Start) IsHere(r *records.Record) bool {
	return s.Environment == "" || slices.ContainsFunc(r.Environments, func(t records.Text) bool { return text.Same(s.Environment, t.Value) })
}

// isBefore reports whether a record's deployment began later than this one. What is planned has
// not begun, and may have been known.
func (s Start) isBefore(r *records.Record) bool {
	return s.isPast() && r.Started.Time.After(s.At) && !r.IsPlanned(s.Now)
}

// isPast reports whether the deployment began a while ago. Clocks differ a little.
func (s Start) isPast() bool { return !s.At.IsZero() && s.At.Before(s.Now.Add(-5*time.Minute)) }

func (s Start) person(name string) string {
	if s.Person == nil {
		return name
	}
	return s.Person(name)
}

// unplaced are the deployments that ended after the last one to this
// environment, and of which nobody wrote where they went: it may be here.
func unplaced(ours []*records.Record, start Start) (found []*records.Record) {
	for _, r := range ours {
		if start.IsHere(r) {
			break
		}
		goingOn := r.Status == records.InProgress && !r.IsPast(start.Now)
		if r.Environment.IsZero() && !goingOn {
			found = append(found, r)
		}
	}
	return found
}

// notFinished are the records that nobody finished, those of this service
// first. What is past is none of them: nobody wrote that it went on. Of the others
// only those count that are older than a day: somebody may be at it.
func notFinished(history []*records.Record, start Start) (open []*records.Record) {
	var others []*records.Record
	for _, r := range history {
		switch {
		case r.Status != records.InProgress || r.IsPast(start.Now):
		case start.IsOurs(r):
			open = append(open, r)
		case insights.Unfinished(r, start.Now):
			others = append(others, r)
		}
	}
	return append(open, others...)
}

// historyOf is what a ledger is made of, without what notes may be the same: that takes
// longer than a start should.
func historyOf(all []account, checklist *records.Record) ledger.History {
	h := ledger.History{Alike: []ledger.Pair{}}
	for _, r := range all {
		h.Records = append(h.Records, ledger.Marked{Record: r.Record, Marks: r.marks})
	}
	if checklist != nil {
		h.Checklist = ledger.Marks(checklist)
	}
	return h
}

// Ledger is that of the records which were read, with what notes may be the same.
func (b *Briefing) Ledger() *ledger.Ledger {
	h := b.told
	h.Alike = nil
	return ledger.Of(h)
}

// openNotes are the notes of some records that nothing in the whole history, nor the
// checklist, decides on.
func openNotes(l *ledger.Ledger, of []account, kinds ...records.NoteKind) (open []OpenNote) {
	said := map[*ledger.Entry]int{} // index in open plus one
	for _, r := range of {
		for i := range r.Notes {
			m := ledger.Mention{Record: r.Record, Note: &r.Notes[i]}
			if state := l.Fate(m.Ref()).State; !slices.Contains(kinds, m.Note.Kind) || state != ledger.Open && state != ledger.CameBack {
				continue
			}
			e := l.Entry(m.Ref())
			if at := said[e]; at > 0 {
				open[at-1].Times++
				continue
			}
			open = append(open, OpenNote{m, 1})
			said[e] = len(open)
		}
	}
	return open
}

// learned is what this service learned three times, as far as the tips do not say it.
func (b *Briefing) learned(l *ledger.Ledger) (all []*ledger.Entry) {
	for _, e := range l.Learned() {
		said := slices.ContainsFunc(b.Tips, func(tip OpenNote) bool { return l.Entry(tip.Ref()) == e })
		if !said && slices.ContainsFunc(e.Notes, func(m ledger.Mention) bool { return b.start.IsOurs(m.Record) }) {
			all = append(all, e)
		}
	}
	return all
}
