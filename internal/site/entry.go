package site

import (
	"crypto/sha256"
	"sync/atomic"
	"time"

	"github.com/deploysite/deploysite/internal/compare"
	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/ledger"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/search"
	"github.com/deploysite/deploysite/internal/steplog"
	"github.com/deploysite/deploysite/internal/words"
)

// Entry is one record as the site shows it.
type Entry struct {
	*reading
	source *source
	words  *words.Words
	seen   disk.Seen                   // what a later load compares the file with
	rows   *[2]atomic.Pointer[spooled] // in tables, without and with the full date; pages are rendered in parallel

	// What joining found:
	terms        [][]*Term // by the facet's number
	Notes        []*NoteView
	Commits      []git.Commit // newest first
	gap          gap          // what is not known of them
	differs      bool         // the file is committed, and not as it is
	Unfinished   bool         // in progress for more than a day
	OverSomehow  bool         // it says when it ended, and nothing says how
	Planned      bool         // it is to begin later
	ProblemCount int
	RefersTo     []*Entry
	ReferredBy   []*Entry
	UndoneBy     *Entry // the record that rolled this one back
	Undoes       *Entry // the record that this one rolled back
	RepairedBy   *Entry // the oldest record that repaired what this one broke
	Repairs      *Entry // the record whose damage this one repaired
}

// A reading is what one record's file says, apart from all others. It never changes,
// and later sites share it while the file is the same. HTML and long texts are in
// the spool.
type reading struct {
	*records.Record // its ID is that on the whole site: "scores-api/2024-08-31-14-30" where there are several sources

	page     string // "records/ID/"
	body     spooled
	contents spooled
	notes    []spooled // as other pages quote them
	Words    int
	size     int               // of the file, in bytes
	undoesAt [2]int            // line and column of rollback_of, 0 where there is none
	fixesAt  [2]int            // the same of fixes
	links    []string          // the IDs of the records that the body links to
	asked    []string          // the files of the project that it links to, each once; for a live site
	warnings []problem.Problem // about its HTML and links
	off      *problem.Off      // what its comments switch off
	sum      [sha256.Size]byte // of the file, by which the search knows it again
	text     *search.Text      // for the search
	said     spooled           // the same, for a live site

	StepCounts   []StepCount // of the states that occur
	at           int         // the step that the record is at, -1 where there is none
	atLabel      string      // of a record in progress
	lastMark     mark        // the newest of a step
	failed       []failedStep
	steps        []compare.Step
	course       steplog.Course // what their stamps tell
	failedAt     time.Time      // the first stamp of those, zero where there is none
	sectionTimes []insights.SectionTime
	ledgerMarks  []ledger.Mark
}

// newEntry makes an entry of a reading; joining comes later.
func newEntry(r *reading, src *source, w *words.Words, at disk.Seen) *Entry {
	e := &Entry{reading: r, source: src, words: w, seen: at, rows: new([2]atomic.Pointer[spooled])}
	views := make([]NoteView, len(r.notes))
	e.Notes = make([]*NoteView, len(views))
	for i := range views {
		views[i] = NoteView{Note: &r.Record.Notes[i], Entry: e, html: r.notes[i]}
		e.Notes[i] = &views[i]
	}
	return e
}

// Terms returns the entry's terms of a facet.
func (e *Entry) Terms(f *facet.Facet) []*Term { return e.terms[f.Number] }

// Page is the entry's page: "records/ID/".
func (e *Entry) Page() string { return e.page }

// StatusName is the outcome for people, "unfinished" and "planned" included.
func (e *Entry) StatusName() string {
	if e.OverSomehow && !e.Planned {
		return e.words.T("status.unknown")
	}
	return e.words.T("status." + e.StatusKey())
}

// StatusKey is the outcome as style sheets and filters know it.
func (e *Entry) StatusKey() string {
	switch {
	case e.Unfinished:
		return "unfinished"
	case e.Planned:
		return "planned"
	}
	return string(e.Status)
}

// Count counts the record's steps in one state.
func (e *Entry) Count(s records.State) int { return e.stepCount(s).Count }

func (e *Entry) stepCount(s records.State) StepCount {
	for _, c := range e.StepCounts {
		if c.State == s {
			return c
		}
	}
	return StepCount{}
}

// notDone are the states of its steps, done apart.
func (e *Entry) notDone() (states []string) {
	for _, c := range e.StepCounts {
		if c.State != records.Done {
			states = append(states, string(c.State))
		}
	}
	return states
}

// AllSteps counts the record's steps.
func (e *Entry) AllSteps() (n int) {
	for _, c := range e.StepCounts {
		n += c.Count
	}
	return n
}

// DoneSteps is how many of the steps are done, "✓ 24 of 26"; "" where there are none.
func (e *Entry) DoneSteps() string {
	if n := e.AllSteps(); n > 0 {
		return e.words.T("counts.steps-done", "done", e.Count(records.Done), "all", n)
	}
	return ""
}

// IsPartial reports whether it succeeded with steps that are not done.
func (e *Entry) IsPartial() bool {
	return e.Status == records.Succeeded && e.Count(records.Done) < e.AllSteps()
}

// NoteView is one note as the site shows it outside its record.
type NoteView struct {
	*records.Note
	Entry *Entry
	html  spooled
	Fate  *NoteFate // nil where nothing has become of it yet

	Account *Account // what it tells, with the others that say the same
}

// Page is the note's permalink: "records/ID/#lesson-…".
func (n *NoteView) Page() string { return n.Entry.Page() + "#" + n.ID }

// newestFirst is [records.NewestFirst] for entries.
func newestFirst(a, b *Entry) int { return records.NewestFirst(a.Record, b.Record) }
